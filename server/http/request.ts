import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Action, Actor, Reach } from '../accounts/policy.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route as it was registered, HEAD included: for tests that must not forget one. */
    routeTable: readonly RouteOptions[]
  }
  interface FastifyRequest {
    /** Set by the door's guard; null on public routes. */
    actor: Actor | null
    /** What the policy table grants the actor for this route: never `none` inside a handler. */
    reach: Reach
  }
  interface FastifyContextConfig {
    /** The row of the policy table, or `public`. A route without one does not register. */
    policy?: Action | 'public'
    /** Read the body as a stream: the route takes no JSON. */
    streams?: boolean
  }
}

/** The actor inside a door; a bug, not a refusal, where there is none. */
export const actorOf = (request: { actor: Actor | null }): Actor => {
  if (!request.actor) throw new Error('A handler inside a door ran without its guard')
  return request.actor
}

/** Whose things an ops account reaches on this route: its own, or (admins) everybody's: undefined. */
export const ownerOf = (request: { actor: Actor | null; reach: Reach }): string | undefined =>
  request.reach === 'all' ? undefined : actorOf(request).id

/**
 * The address of whoever asks: of the connection, or as a trusted proxy names it. What such a proxy hands on unread may be
 * any text; then the proxy itself is the peer.
 */
export const peerOf = ({ ip, raw }: FastifyRequest): string =>
  isIP(ip) === 0 ? (raw.socket.remoteAddress ?? 'unknown') : ip

/** The actor as the audit log names one: who, from where, with what program. */
export const whoOf = (request: FastifyRequest) => {
  const { id, role, email, name } = actorOf(request)
  return { id, role, email, name, ip: peerOf(request), user_agent: request.headers['user-agent'] }
}
