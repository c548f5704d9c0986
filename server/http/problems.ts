import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { type ErrorCode, Problem } from '../../contract/errors.ts'
import { AppError, type ErrorMapper, retryAfter, toProblem } from '../errors.ts'
import { languageOf } from '../language.ts'
import { isNavigation } from './navigation.ts'
import { problemPage } from './problem-page.ts'

/** What Fastify itself throws before or around a handler, by its code. */
const byFastifyCode: Record<string, ErrorCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_request',
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
  FST_ERR_ASYNC_CONSTRAINT: 'not_found',
  // A path that leads out of a folder of static files, or to the folder itself.
  FST_STATIC_FORBIDDEN_PATH: 'not_found',
}

/** Schemas of every error answer, so that none leaks a field: added to each route as it registers. */
export const problemAnswers = { '4xx': Problem, '5xx': Problem }

/** Turns whatever was thrown into the one shape of error; the unknown becomes an opaque 500 with an id to look up in the log. */
export const toAppError = (error: unknown, mapper: ErrorMapper): AppError | undefined => {
  if (error instanceof AppError) return error
  const mapped = mapper(error)
  if (mapped) return mapped
  if (isFastifyError(error)) {
    if (error.validation) return fromValidation(error)
    const code = byFastifyCode[error.code]
    if (code) return new AppError(code, { cause: error })
    if (error.statusCode === 400) return new AppError('invalid_request', { cause: error })
  }
  return undefined
}

/** Sends the problem document for anything thrown. Refusals are logged by code, bugs with their stack and the answer's id. */
export const answerProblems = (app: FastifyInstance, mapper: ErrorMapper, newId: () => string): void => {
  app.setErrorHandler((error: unknown, request, reply) => {
    const known = toAppError(error, mapper)
    if (known) return sendProblem(reply, known)
    const instance = newId()
    request.log.error({ err: error, instance }, 'unexpected error')
    const problem = toProblem(
      new AppError('internal', { detail: `Quote ${instance} to the people who run this server.` }),
    )
    return answer(reply.code(500), { ...problem, instance })
  })
}

export const sendProblem = (reply: FastifyReply, error: AppError): FastifyReply => {
  const problem = toProblem(error)
  const headers = { ...error.extra.headers }
  if ((problem.status === 503 || problem.status === 429) && !headers['retry-after'])
    Object.assign(headers, retryAfter(5))
  return answer(reply.code(problem.status).headers(headers), problem)
}

/** A document for programs; a page where a person follows a link. */
const answer = (reply: FastifyReply, problem: ReturnType<typeof toProblem>): FastifyReply => {
  const { method, headers } = reply.request
  const page = method === 'GET' && isNavigation(headers) && /\btext\/html\b/i.test(headers.accept ?? '')
  return page
    ? reply.type('text/html; charset=utf-8').send(problemPage(problem, languageOf(headers['accept-language']) ?? 'en'))
    : reply.type('application/problem+json').send(problem)
}

const isFastifyError = (error: unknown): error is FastifyError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'

const fromValidation = (error: FastifyError): AppError => {
  // An id that cannot exist is an id that does not exist.
  if (error.validationContext === 'params') return new AppError('not_found')
  const found = (error.validation ?? []).slice(0, 20).map(({ instancePath, message, params, keyword }) => {
    const field = instancePath.replaceAll('/', '.').replace(/^\./, '')
    const names = keyword === 'additionalProperties' ? params.additionalProperties : undefined
    const unknown = keyword === 'boolean' || Array.isArray(names)
    const where = Array.isArray(names) && names.length > 0 ? [field, String(names[0])].filter(Boolean).join('.') : field
    const whole = error.validationContext === 'querystring' ? 'query' : 'body'
    return {
      where: where.slice(0, 60) || whole,
      message: unknown ? 'is not a field here' : (message ?? 'is not valid'),
    }
  })
  // An unknown field is reported twice: by itself, and by the object that it is in.
  const errors = [...new Map(found.map(one => [`${one.where} ${one.message}`, one])).values()].slice(0, 10)
  const [first] = errors
  return new AppError('invalid_request', {
    detail: first ? `${first.where}: ${first.message}` : undefined,
    errors,
    cause: error,
  })
}

/** 404 for unknown paths, 405 with Allow where only the method is wrong. */
export const answerUnknown = (app: FastifyInstance): void => {
  const known: { pattern: RegExp; methods: Set<string> }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    const source = `^${url
      .replaceAll(/[.+]/g, '\\$&')
      .replaceAll(/:[a-z_]+/g, '[^/]+')
      .replaceAll('*', '.*')}/?$`
    const entry = known.find(({ pattern }) => pattern.source === new RegExp(source).source) ?? {
      pattern: new RegExp(source),
      methods: new Set<string>(),
    }
    if (!known.includes(entry)) known.push(entry)
    for (const one of [method].flat()) entry.methods.add(one)
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const matching = known.filter(({ pattern }) => pattern.test(path))
    const allow = [...new Set(matching.flatMap(({ methods }) => [...methods]))].sort().join(', ')
    if (allow && !allow.split(', ').includes(request.method)) {
      return sendProblem(reply, new AppError('method_not_allowed', { headers: { allow }, detail: `Use ${allow}.` }))
    }
    return sendProblem(reply, new AppError('not_found'))
  })
}
