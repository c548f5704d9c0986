import fastifyCookie from '@fastify/cookie'
import fastifyHelmet from '@fastify/helmet'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { ErrorMapper } from '../errors.ts'
import { AppError } from '../errors.ts'
import { parseJsonOnly } from './body.ts'
import { requirePolicies } from './doors.ts'
import { checkHost, checkOrigin } from './origin.ts'
import { LONGEST_PART, readable } from './path.ts'
import { limitPipelines } from './pipelines.ts'
import { answerProblems, answerUnknown, problemAnswers, sendProblem, toAppError } from './problems.ts'
import { peerOf } from './request.ts'
import { compileWhenNeeded } from './schemas.ts'
import { cutSlowBodies } from './slow.ts'
import { refuseUndeclared } from './undeclared.ts'

type Options = {
  publicUrl: URL
  /** IPs or CIDRs whose forwarding headers name the peer; nobody's otherwise. */
  trustedProxies: string[]
  log: FastifyBaseLogger
  newId: () => string
  mapError: ErrorMapper
}

/** JSON bodies; routes that need more say so. */
const BODY_LIMIT = 64 * 1024

/** What a page of ours may do beyond this, it says itself. */
const nothing = {
  'default-src': ["'none'"],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
}

/** The server without its routes: limits, timeouts, headers, errors, and the rules every request meets before a route. */
export const createHttp = async ({
  publicUrl,
  trustedProxies,
  log,
  newId,
  mapError,
}: Options): Promise<FastifyInstance> => {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newId,
    requestIdHeader: false,
    trustProxy: trustedProxies.length > 0 ? trustedProxies : false,
    bodyLimit: BODY_LIMIT,
    // Whole bodies may take long (slow.ts watches them); headers may not.
    requestTimeout: 0,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 20_000, connectionsCheckingInterval: 5_000 },
    routerOptions: { maxParamLength: LONGEST_PART, ignoreTrailingSlash: false },
    rewriteUrl: ({ url = '/' }) => readable(url),
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply, toAppError(error, mapError) ?? new AppError('invalid_request'))
    },
    clientErrorHandler: (error, socket) => {
      // Too late for headers of ours: the parser refused what came. One fixed answer, then the connection ends.
      const status =
        error.code === 'HPE_HEADER_OVERFLOW'
          ? '431 Request Header Fields Too Large'
          : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
            ? '408 Request Timeout'
            : '400 Bad Request'
      if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
      else socket.destroy()
    },
  })
  compileWhenNeeded(app)
  parseJsonOnly(app)
  app.decorateRequest('actor', null)
  app.decorateRequest('reach', 'none')
  requirePolicies(app)
  app.addHook('onRoute', route => {
    route.schema = { ...route.schema, response: { ...problemAnswers, ...objectOf(route.schema?.response) } }
  })
  refuseUndeclared(app)
  // Before all else: what it ends must not have cost anything yet.
  limitPipelines(app)
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: { useDefaults: false, directives: nothing },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: publicUrl.protocol === 'https:' ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  })
  await app.register(fastifyCookie)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    checkHost(request.raw, publicUrl)
    checkOrigin(request.method, request.headers, publicUrl)
  })
  app.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, never the URL: paths hold link tokens.
    const { method, routeOptions, id } = request
    request.log.info(
      {
        id,
        method,
        route: routeOptions.url ?? 'none',
        status: reply.statusCode,
        ip: peerOf(request),
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    )
    done()
  })
  cutSlowBodies(app)
  answerProblems(app, mapError, newId)
  answerUnknown(app)
  return app
}

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})
