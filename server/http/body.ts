import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'

/**
 * JSON and nothing else, from strict UTF-8 (Fastify's own parser replaces bad bytes silently), refusing `__proto__` and
 * `constructor.prototype`. An empty body counts as none, so that a DELETE with a JSON content type works.
 */
export const parseJsonOnly = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request: FastifyRequest, body: Buffer, done) => {
    if (body.length === 0) return done(null, undefined)
    let text: string
    try {
      text = decoder.decode(body)
    } catch {
      return done(new AppError('invalid_request', { detail: 'The body is not valid UTF-8.' }))
    }
    // Fastify's parser drops it; RFC 8259 (8.1) forbids senders to write one, and other readers of this body would stumble.
    if (text.startsWith('\ufeff')) {
      return done(new AppError('invalid_request', { detail: 'The body begins with a byte order mark.' }))
    }
    parse(request, text, (error, value) => {
      if (error) done(new AppError('invalid_request', { detail: 'The body is not valid JSON.' }))
      else done(null, value)
    })
  })
}
