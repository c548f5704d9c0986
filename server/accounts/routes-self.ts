import type { FastifyInstance } from 'fastify'
import { Sessions, User } from '../../contract/accounts.ts'
import { Empty, IdParams, ListOnly } from '../../contract/wire.ts'
import { AppError } from '../errors.ts'
import { actorOf, whoOf } from '../http/request.ts'
import type { Typed } from '../http/typed.ts'
import type { Accounts } from './accounts.ts'
import { findById, type Role, toUser } from './user.ts'

type Verbs = Pick<Accounts, 'db' | 'cookies' | 'listSessions' | 'endSession' | 'signOut'>

/** What everybody may do with their own account, inside their door. */
export const selfRoutes = (scope: FastifyInstance, role: Role, accounts: Verbs): void => {
  const app: Typed = scope.withTypeProvider()
  const { db, cookies } = accounts

  app.get(
    '/me',
    { config: { policy: 'self:read' }, schema: { summary: 'Who I am', response: { 200: User } } },
    async request => {
      const account = await findById(db.read, actorOf(request).id)
      if (account === undefined) throw new AppError('unauthenticated')
      return toUser(account)
    },
  )

  app.get(
    '/sessions',
    {
      config: { policy: 'self:read' },
      schema: { summary: 'My sessions', querystring: ListOnly, response: { 200: Sessions } },
    },
    request => accounts.listSessions(actorOf(request), request.query),
  )

  app.delete(
    '/sessions/:id',
    {
      config: { policy: 'self:end_session' },
      schema: { summary: 'End one of my sessions', params: IdParams, response: { 204: Empty } },
    },
    async (request, reply) => {
      const { id } = request.params
      await accounts.endSession(whoOf(request), id)
      if (id === actorOf(request).session.id && cookies.allowed(request)) cookies.clearSession(reply, role)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/logout',
    { config: { policy: 'self:sign_out' }, schema: { summary: 'Sign out', response: { 204: Empty } } },
    async (request, reply) => {
      await accounts.signOut(whoOf(request), actorOf(request).session.id)
      if (cookies.allowed(request)) cookies.clearSession(reply, role)
      return reply.code(204).send(null)
    },
  )
}
