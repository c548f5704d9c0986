import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SignedIn } from '../../contract/accounts.ts'
import { invalid } from '../errors.ts'
import type { Cookies } from '../http/cookies.ts'
import { peerOf } from '../http/request.ts'
import { languageOf } from '../language.ts'
import type { LetIn } from './let-in.ts'
import type { Transport } from './new-session.ts'
import type { Origin } from './parts.ts'
import { toTime } from './user.ts'

/** Where a request came from. `ip` believes forwarding headers of trusted proxies only (http/create.ts). */
export const originOf = (request: FastifyRequest): Origin => ({
  ip: peerOf(request),
  user_agent: request.headers['user-agent'] ?? '',
  language: languageOf(request.headers['accept-language']),
})

/**
 * How the session is to travel, and whether this request may carry cookies at all. One that says neither Sec-Fetch-Site nor
 * Origin is no browser's and gets none (formats.md): it is told so, since it would wonder where its session is.
 */
export const transportOf = (cookies: Cookies, request: FastifyRequest, asked: Transport = 'bearer') => {
  // Its origin is not judged when it brings an Authorization header, so it is no page of ours either.
  const browser = request.headers.authorization === undefined && cookies.allowed(request)
  if (asked === 'cookie' && !browser) {
    throw invalid('transport', 'cookies are for browsers, which send Sec-Fetch-Site or Origin; ask for bearer')
  }
  return { transport: asked, browser }
}

/** The answer of every way to sign in: the token in the body, or in the door's cookie and then nowhere else. */
export const answerSignedIn = (
  reply: FastifyReply,
  cookies: Cookies,
  transport: Transport,
  { user, token, expiresAt, device }: LetIn,
): SignedIn => {
  const { role } = user
  if (device) cookies.setDevice(reply, role, device.token, device.expiresAt)
  const expires_at = toTime(expiresAt)
  if (transport === 'bearer') return { access_token: token, token_type: 'Bearer', expires_at, user }
  cookies.setSession(reply, role, token, expiresAt)
  return { expires_at, user }
}
