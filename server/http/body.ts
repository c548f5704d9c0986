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
    if (isDeep(body)) return done(new AppError('invalid_request', { detail: 'The body is nested too deeply.' }))
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

/** Deeper than anything in the contract. 64 KiB of opening brackets cost the parser 20 ms, most of it garbage. */
const DEPTH = 20

const [QUOTE, BACKSLASH] = [0x22, 0x5c]
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])

/** Whether brackets outside strings stand deeper than `DEPTH`; what is not JSON may get either answer. */
const isDeep = (json: Uint8Array): boolean => {
  let depth = 0
  let inString = false
  for (let i = 0; i < json.length; i++) {
    const byte = json[i] ?? 0
    if (inString) {
      if (byte === BACKSLASH) i++
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (OPENING.has(byte)) {
      if (++depth > DEPTH) return true
    } else if (CLOSING.has(byte)) depth--
  }
  return false
}
