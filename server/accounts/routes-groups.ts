import type { FastifyInstance } from 'fastify'
import { Group, GroupMembers, Groups, NewGroup } from '../../contract/accounts.ts'
import { Empty, IdParams, ListOnly } from '../../contract/wire.ts'
import { ownerOf, whoOf } from '../http/request.ts'
import type { Typed } from '../http/typed.ts'
import type { Accounts } from './accounts.ts'

type Verbs = Pick<
  Accounts,
  'listGroups' | 'getGroup' | 'createGroup' | 'renameGroup' | 'deleteGroup' | 'setGroupMembers'
>

/** Ten thousand addresses fit. */
const MEMBERS_LIMIT = 3 * 1024 * 1024

/** `/api/v1/ops/groups…` */
export const groupRoutes = (scope: FastifyInstance, accounts: Verbs): void => {
  const app: Typed = scope.withTypeProvider()

  app.get(
    '/groups',
    {
      config: { policy: 'groups:read' },
      schema: { summary: 'List groups', querystring: ListOnly, response: { 200: Groups } },
    },
    request => accounts.listGroups(request.query),
  )

  app.get(
    '/groups/:id',
    {
      config: { policy: 'groups:read' },
      schema: { summary: 'A group', params: IdParams, response: { 200: Group } },
    },
    request => accounts.getGroup(request.params.id),
  )

  app.post(
    '/groups',
    {
      config: { policy: 'groups:create' },
      schema: { summary: 'Create a group', body: NewGroup, response: { 201: Group } },
    },
    async (request, reply) => reply.code(201).send(await accounts.createGroup(request.body.name, whoOf(request))),
  )

  app.patch(
    '/groups/:id',
    {
      config: { policy: 'groups:manage' },
      schema: { summary: 'Rename a group', params: IdParams, body: NewGroup, response: { 200: Group } },
    },
    request =>
      accounts.renameGroup(request.params.id, request.body.name, { owner: ownerOf(request), who: whoOf(request) }),
  )

  app.delete(
    '/groups/:id',
    {
      config: { policy: 'groups:manage' },
      schema: {
        summary: 'Delete a group and withdraw what was shared with it',
        params: IdParams,
        response: { 204: Empty },
      },
    },
    async (request, reply) => {
      await accounts.deleteGroup(request.params.id, { owner: ownerOf(request), who: whoOf(request) })
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/groups/:id/members',
    {
      config: { policy: 'groups:manage' },
      bodyLimit: MEMBERS_LIMIT,
      schema: {
        summary: 'Say who is in a group',
        params: IdParams,
        body: GroupMembers,
        response: { 200: Group },
      },
    },
    request =>
      accounts.setGroupMembers(request.params.id, request.body.clients, {
        owner: ownerOf(request),
        who: whoOf(request),
      }),
  )
}
