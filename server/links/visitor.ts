import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { Actor } from '../accounts/policy.ts'
import type { Cookies } from '../http/cookies.ts'

type Needs = { cookies: Cookies; authenticate: (token: string) => Promise<Actor | undefined> }

/**
 * Who opens a download link: the session that the request carries, of either role, or undefined. A cookie that another site
 * made the browser send counts only for a navigation, which its user sees (formats.md). Throws 400 for two credentials.
 */
export const createVisitor =
  ({ cookies, authenticate }: Needs) =>
  async (request: FastifyRequest): Promise<Actor | undefined> => {
    const client = cookies.credential(request, 'client')
    const token = client ?? cookies.credential(request, 'ops')
    if (!token || (request.headers.authorization === undefined && !counts(request.headers))) return undefined
    return authenticate(token)
  }

const counts = (headers: IncomingHttpHeaders): boolean => {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return true
  return headers['sec-fetch-mode'] === 'navigate'
}

/** A browser that guesses what its user opens next must not redeem anything. */
export const isPrefetch = (headers: IncomingHttpHeaders): boolean =>
  [headers['sec-purpose'], headers.purpose, headers['x-moz']].flat().some(value => value?.includes('prefetch'))
