import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { type Actor, reach } from '../accounts/policy.ts'
import { AppError } from '../errors.ts'
import type { Cookies } from './cookies.ts'
import './request.ts'

export type Door = {
  role: 'ops' | 'client'
  cookies: Cookies
  /** The actor of a session token, of either role; undefined when it is no live session. */
  authenticate: (token: string) => Promise<Actor | undefined>
  routes: (scope: FastifyInstance) => void
}

/**
 * A scope whose guard runs before any body is read: no route can be inside it without a live session of its role and a row
 * of the policy table.
 */
export const openDoor = (app: FastifyInstance, { role, cookies, authenticate, routes }: Door): void => {
  app.register(
    async scope => {
      scope.addHook('onRequest', async request => {
        const policy = request.routeOptions.config.policy
        if (policy === undefined || policy === 'public') throw new Error('A route inside a door names no policy')
        const actor = await identify(request, role, cookies, authenticate)
        const granted = reach(actor, policy)
        if (granted === 'none') throw new AppError('forbidden')
        request.actor = actor
        request.reach = granted
      })
      routes(scope)
    },
    { prefix: `/api/v1/${role}` },
  )
}

const identify = async (
  request: FastifyRequest,
  role: Door['role'],
  cookies: Cookies,
  authenticate: Door['authenticate'],
) => {
  const token = cookies.credential(request, role)
  const actor = token ? await authenticate(token) : undefined
  if (!actor) throw new AppError('unauthenticated')
  if (actor.role !== role) throw new AppError('forbidden', { detail: `This is the ${role} door.` })
  return actor
}

/** Every route says who may use it, or the server does not start. What was registered stays to be read: `app.routeTable`. */
export const requirePolicies = (app: FastifyInstance): void => {
  const routes: RouteOptions[] = []
  app.decorate('routeTable', routes)
  app.addHook('onRoute', route => void routes.push(route))
  app.addHook('onReady', async () => {
    for (const { url, method, config } of routes) {
      const policy = config?.policy
      if (policy === undefined) throw new Error(`${String(method)} ${url} names no policy`)
      const inside = /^\/api\/v1\/(ops|client)\//.test(url) && !publicBesideDoors.has(url)
      if (inside === (policy === 'public')) throw new Error(`${String(method)} ${url} is on the wrong side of its door`)
    }
  })
}

/** For scopes whose routes a plugin makes (static files, the docs): public, said once. */
export const allPublic = (scope: FastifyInstance): void => {
  scope.addHook('onRoute', route => {
    route.config = { ...route.config, policy: 'public' }
  })
}

/** The few public routes whose path begins like a door's: they are how one gets in. */
const publicBesideDoors = new Set(
  ['login', 'login/mail', 'password/forgot']
    .flatMap(path => [`/api/v1/ops/${path}`, `/api/v1/client/${path}`])
    .concat(['/api/v1/client/signup', '/api/v1/client/verify', '/api/v1/client/verify/resend']),
)
