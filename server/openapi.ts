import type { FastifySchema, RouteOptions } from 'fastify'
import { Type } from 'typebox'
import { Audience } from '../contract/files.ts'
import { operations, tags } from './openapi-operations.ts'

/** A route's schema with what Fastify has no word for: forms, bytes, credentials. The schemas that validate stay as they are. */
export const describeRoute = ({ schema, url, route }: { schema: FastifySchema; url: string; route: RouteOptions }) => ({
  url,
  schema: {
    ...schema,
    ...(url === '/api/v1/ops/files' && route.method === 'POST' ? uploadForm : {}),
    response: answers(url, schema?.response),
    security: credentials(url, route),
  },
})

const doorOf = (url: string) => /^\/api\/v1\/(ops|client)\//.exec(url)?.[1]

const credentials = (url: string, route: RouteOptions): Record<string, string[]>[] => {
  if (url.startsWith('/download/')) return [{ bearer: [] }, { clientCookie: [] }]
  const { policy } = route.config ?? {}
  if (policy === undefined || policy === 'public') return []
  return [{ bearer: [] }, { [`${doorOf(url)}Cookie`]: [] }]
}

const uploadForm = {
  body: {
    content: {
      'multipart/form-data': {
        schema: Type.Object({
          file: Type.String({ format: 'binary', description: 'The document; its file name counts' }),
          audience: Type.Optional(Audience),
        }),
      },
    },
  },
}

/** What one status says, where a route's schema alone does not: nothing of ours is a "Default Response". */
const meanings: Record<string, string> = {
  '200': 'Done',
  '201': 'Made',
  '202': 'Taken on; what follows comes by mail',
  '204': 'Done; there is nothing to say',
  '206': 'The range asked for',
  '303': 'A browser without a session is sent to sign in',
  '304': 'The copy that the client has is this one',
  '422': 'Well formed, and refused: `findings` or `errors` say why',
  '4xx': 'Refused; `code` says why (docs/errors.md)',
  '5xx': 'Not possible right now; `code` says why (docs/errors.md)',
}

const bytes = { 'application/octet-stream': { schema: Type.String({ format: 'binary' }) } }

const answers = (url: string, declared: unknown) => {
  const entries = Object.entries(isRecord(declared) ? declared : {}).map(([status, schema]) => {
    const description = meanings[status.toLowerCase()] ?? status
    if (isProblem(schema)) return [status, { description, content: { 'application/problem+json': { schema } } }]
    if (isRecord(schema) && schema.type === 'null') return [status, { type: 'null', description }]
    if (url.endsWith('/events')) return [status, { description, content: { 'text/event-stream': { schema } } }]
    if (url.startsWith('/download/')) return [status, { description, content: bytes }]
    return [status, { description, content: { 'application/json': { schema } } }]
  })
  return Object.fromEntries(entries)
}

/** By the title that `contract/errors.ts` gives it: Fastify hands on copies. */
const isProblem = (schema: unknown): boolean => isRecord(schema) && schema.title === 'Problem'

/**
 * The finished document: what the table says of each operation, and every schema with a name once, under that name. Changes
 * `document` in place.
 */
export const completeDocument = (document: object): void => {
  if (!isRecord(document) || !isRecord(document.paths)) return
  for (const [path, item] of Object.entries(document.paths)) {
    if (!isRecord(item)) continue
    // Methods of one route share their object until here.
    for (const [method, operation] of Object.entries(item)) item[method] = structuredClone(operation)
    for (const [method, operation] of Object.entries(item)) complete(path, method, operation)
  }
  const schemas: Record<string, unknown> = {}
  nameSchemas(document.paths, schemas)
  document.components = { ...(isRecord(document.components) ? document.components : {}), schemas }
  document.tags = Object.entries(tags).map(([name, description]) => ({ name, description }))
}

const complete = (path: string, method: string, operation: unknown): void => {
  const known = operations[`${method.toUpperCase()} ${path}`]
  if (!known || !isRecord(operation)) return
  const { id, tag, summary, description, example, mayBeEmpty } = known
  operation.operationId = id
  operation.tags = [tag]
  if (summary !== undefined) operation.summary = summary
  if (description !== undefined) operation.description = description
  const { requestBody } = operation
  if (!isRecord(requestBody) || !isRecord(requestBody.content)) return
  if (mayBeEmpty) requestBody.required = false
  if (example === undefined) return
  for (const media of Object.values(requestBody.content)) if (isRecord(media)) media.example = example
}

/** Moves each object schema with a title to `schemas` and leaves a reference. Throws when two share a title and differ. */
const nameSchemas = (value: unknown, schemas: Record<string, unknown>): void => {
  if (Array.isArray(value)) for (const [index, member] of value.entries()) value[index] = named(member, schemas)
  else if (isRecord(value))
    for (const [key, member] of Object.entries(value)) value[key] = key === 'example' ? member : named(member, schemas)
}

const named = (value: unknown, schemas: Record<string, unknown>): unknown => {
  nameSchemas(value, schemas)
  if (!isRecord(value) || value.type !== 'object' || typeof value.title !== 'string') return value
  const { title, ...schema } = value
  const known = schemas[title]
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
    throw new Error(`Two different schemas are called ${title}`)
  schemas[title] = schema
  return { $ref: `#/components/schemas/${title}` }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
