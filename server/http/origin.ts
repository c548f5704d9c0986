import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { AppError } from '../errors.ts'

/** Headers that decide what is asked of whom and by whom. */
const once = ['host', 'authorization']

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * The one Host this server answers to (gauntlet rows 7 and 45): DNS rebinding and poisoned mail links both need another.
 * Forwarding headers are not looked at.
 */
export const checkHost = ({ headers, rawHeaders }: IncomingMessage, publicUrl: URL): void => {
  // Node reads the first of two and drops the second; a proxy in front may have read the second (RFC 9112, section 3.2).
  for (const name of once) {
    if (rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length > 1)
      throw new AppError('invalid_request', { detail: `The header ${name} may stand in a request once.` })
  }
  if (headers.host?.toLowerCase() === publicUrl.host) return
  throw new AppError('wrong_host', { detail: `Open ${publicUrl.origin} instead.` })
}

/** How a request without an Authorization header may use cookies. */
export type Browser = 'same_origin' | 'none'

/**
 * Cross-site rule of formats.md for requests that change something: browsers must say they come from our own pages; a
 * command line says nothing and then gets no cookie at all. Throws `cross_site`.
 */
export const checkOrigin = (method: string, headers: IncomingHttpHeaders, publicUrl: URL): Browser => {
  if (safe.has(method)) return 'same_origin'
  const site = headers['sec-fetch-site']
  const { origin } = headers
  if (headers.authorization === undefined) {
    if (site !== undefined && site !== 'same-origin') throw crossSite()
    if (origin !== undefined && origin !== publicUrl.origin) throw crossSite()
  }
  return site === undefined && origin === undefined ? 'none' : 'same_origin'
}

const crossSite = () =>
  new AppError('cross_site', { detail: 'Open the page of this service itself and try again there.' })
