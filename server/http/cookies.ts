import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { checkOrigin } from './origin.ts'

type Role = 'ops' | 'client'

/**
 * Session and device cookies. `__Host-` ties a cookie to this exact host, no subdomain can plant one; it needs Secure, so
 * plain names serve http on loopback, where cookies are shared by all ports of the host anyway.
 */
export const createCookies = ({ publicUrl }: { publicUrl: URL }) => {
  const secure = publicUrl.protocol === 'https:'
  const prefix = secure ? '__Host-' : ''
  const common = { httpOnly: true, sameSite: 'lax', path: '/', secure } as const
  const session = (role: Role) => `${prefix}valise-${role}`
  const device = (role: Role) => `${prefix}valise-device-${role}`

  /** May this request read and set cookies? Safe requests may read; command lines never do either when they change something. */
  const allowed = (request: FastifyRequest): boolean =>
    checkOrigin(request.method, request.headers, publicUrl) === 'same_origin'

  return {
    allowed,

    /** The session token this request carries for the door: bearer or the door's cookie. Both at once: 400. */
    credential: (request: FastifyRequest, role: Role): string | undefined => {
      const { authorization } = request.headers
      const cookie = request.cookies[session(role)]
      if (authorization !== undefined) {
        if (cookie !== undefined) {
          throw new AppError('invalid_request', {
            detail: 'Send either an Authorization header or a cookie, not both.',
          })
        }
        return /^Bearer ([A-Za-z0-9_.-]+)$/i.exec(authorization)?.[1] ?? ''
      }
      return cookie !== undefined && allowed(request) ? cookie : undefined
    },

    setSession: (reply: FastifyReply, role: Role, token: string, expiresAt: number): void => {
      reply.setCookie(session(role), token, { ...common, expires: new Date(expiresAt) })
    },
    clearSession: (reply: FastifyReply, role: Role): void => {
      reply.clearCookie(session(role), common)
    },
    device: (request: FastifyRequest, role: Role): string | undefined =>
      allowed(request) ? request.cookies[device(role)] : undefined,
    setDevice: (reply: FastifyReply, role: Role, token: string, expiresAt: number): void => {
      reply.setCookie(device(role), token, { ...common, expires: new Date(expiresAt) })
    },
  }
}

export type Cookies = ReturnType<typeof createCookies>
