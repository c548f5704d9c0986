import type { FastifyInstance } from 'fastify'
import { Client, Disabling, ListClients, User, Users } from '../../contract/accounts.ts'
import { IdParams, ListOnly } from '../../contract/wire.ts'
import { whoOf } from '../http/request.ts'
import type { Typed } from '../http/typed.ts'
import type { Accounts } from './accounts.ts'

type Verbs = Pick<Accounts, 'listPeople' | 'getClient' | 'setDisabled'>

/** `/api/v1/ops/clients…` and `/api/v1/ops/team…` */
export const peopleRoutes = (scope: FastifyInstance, accounts: Verbs): void => {
  const app: Typed = scope.withTypeProvider()

  app.get(
    '/clients',
    {
      config: { policy: 'clients:read' },
      schema: { summary: 'List clients', querystring: ListClients, response: { 200: Users } },
    },
    request => accounts.listPeople('client', request.query),
  )

  app.get(
    '/clients/:id',
    {
      config: { policy: 'clients:read' },
      schema: { summary: 'A client', params: IdParams, response: { 200: Client } },
    },
    request => accounts.getClient(request.params.id),
  )

  app.patch(
    '/clients/:id',
    {
      config: { policy: 'clients:disable' },
      schema: { summary: 'Disable or enable a client', params: IdParams, body: Disabling, response: { 200: User } },
    },
    request => accounts.setDisabled('client', request.params.id, request.body.disabled, whoOf(request)),
  )

  app.get(
    '/team',
    {
      config: { policy: 'team:read' },
      schema: { summary: 'List the team', querystring: ListOnly, response: { 200: Users } },
    },
    request => accounts.listPeople('ops', request.query),
  )

  app.patch(
    '/team/:id',
    {
      config: { policy: 'team:disable' },
      schema: {
        summary: 'Disable or enable somebody of the team',
        params: IdParams,
        body: Disabling,
        response: { 200: User },
      },
    },
    request => accounts.setDisabled('ops', request.params.id, request.body.disabled, whoOf(request)),
  )
}
