import type { FastifyInstance } from 'fastify'
import { Invitation, Invitations, Invite } from '../../contract/accounts.ts'
import { Empty, IdParams, ListOnly } from '../../contract/wire.ts'
import { AppError } from '../errors.ts'
import { actorOf, ownerOf, whoOf } from '../http/request.ts'
import type { Typed } from '../http/typed.ts'
import type { Accounts } from './accounts.ts'

import { reach } from './policy.ts'

type Verbs = Pick<Accounts, 'invite' | 'listInvitations' | 'revokeInvitation'>

/** `/api/v1/ops/invitations…` */
export const invitationRoutes = (scope: FastifyInstance, accounts: Verbs): void => {
  const app: Typed = scope.withTypeProvider()

  app.post(
    '/invitations',
    {
      config: { policy: 'clients:invite' },
      schema: { summary: 'Invite somebody', body: Invite, response: { 201: Invitation } },
    },
    async (request, reply) => {
      const { email, role, groups = [] } = request.body
      const actor = actorOf(request)
      if (role === 'ops' && reach(actor, 'team:invite') === 'none') {
        throw new AppError('forbidden', { detail: 'Only an admin invites to the team.' })
      }
      // Naming a group here makes a member of it.
      const owner = reach(actor, 'groups:manage') === 'all' ? undefined : actor.id
      return reply.code(201).send(await accounts.invite({ email, role, groups, owner, who: whoOf(request) }))
    },
  )

  app.get(
    '/invitations',
    {
      config: { policy: 'invitations:read' },
      schema: { summary: 'List invitations', querystring: ListOnly, response: { 200: Invitations } },
    },
    request => accounts.listInvitations(request.query, ownerOf(request)),
  )

  app.delete(
    '/invitations/:id',
    {
      config: { policy: 'invitations:revoke' },
      schema: { summary: 'Withdraw an invitation', params: IdParams, response: { 204: Empty } },
    },
    async (request, reply) => {
      await accounts.revokeInvitation(request.params.id, { owner: ownerOf(request), who: whoOf(request) })
      return reply.code(204).send(null)
    },
  )
}
