/** What a relay's URL says. */
export type Relay = {
  host: string
  port: number
  /** TLS from the first byte (`smtps:`). */
  secure: boolean
  /** Plain connections are upgraded by STARTTLS or given up. */
  requireTls: boolean
  auth?: { user: string; pass: string }
}

const FORM = 'smtp://[user:password@]host[:port][?require_tls=true|false] or smtps://…'

/**
 * Reads `smtp://user:password@host:587` (STARTTLS; port 587 unless told, 25 is spoken too) or `smtps://…` (TLS at once; 465).
 * User and password are percent-encoded. `require_tls`: true unless the host is loopback, since anyone in between can take
 * STARTTLS out of a relay's greeting (RFC 3207 §6); false only for a relay on a network that nobody else is on.
 * Errors never repeat the URL: it may hold a password.
 */
export const parseSmtpUrl = (url: URL): Relay => {
  if ((url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '')
    throw new Error(`The mail relay must be given as ${FORM}`)
  if ((url.pathname !== '' && url.pathname !== '/') || url.hash !== '')
    throw new Error(`The mail relay's URL has no path or fragment: ${FORM}`)
  const secure = url.protocol === 'smtps:'
  const stated = requireTlsOf(url, secure)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return {
    host,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTls: !secure && (stated ?? !isLoopback(host)),
    auth: authOf(url),
  }
}

const requireTlsOf = (url: URL, secure: boolean): boolean | undefined => {
  const unknown = [...url.searchParams.keys()].find(key => key !== 'require_tls')
  const values = url.searchParams.getAll('require_tls')
  if (unknown !== undefined || values.length > 1 || values.some(value => value !== 'true' && value !== 'false'))
    throw new Error(`The mail relay's URL knows one option: ${FORM}`)
  if (secure && values[0] === 'false')
    throw new Error('smtps:// is TLS from the first byte: require_tls=false says nothing')
  return values[0] === undefined ? undefined : values[0] === 'true'
}

const authOf = (url: URL): Relay['auth'] => {
  if (url.username === '' && url.password === '') return undefined
  try {
    return { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
  } catch {
    throw new Error('User and password in the mail relay’s URL must be percent-encoded')
  }
}

/** By name, not by look-up: what DNS says may change. */
const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
