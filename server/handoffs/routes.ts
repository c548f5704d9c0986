import type { FastifyInstance } from 'fastify'
import { Accepted } from '../../contract/accounts.ts'
import { Problem } from '../../contract/errors.ts'
import * as contract from '../../contract/files.ts'
import { Handoff, NewHandoff } from '../../contract/handoffs.ts'
import { IdParams, ListOnly } from '../../contract/wire.ts'
import type { Files } from '../files/files.ts'
import { actorOf, ownerOf, whoOf } from '../http/request.ts'
import type { Typed } from '../http/typed.ts'
import type { Handoffs } from './handoffs.ts'

type Needs = { files: Files; handoffs: Handoffs }

/** `/api/v1/ops/handoffs` and what goes with them. */
export const opsHandoffRoutes = (scope: FastifyInstance, { handoffs }: Pick<Needs, 'handoffs'>): void => {
  const app: Typed = scope.withTypeProvider()
  app.post(
    '/handoffs',
    {
      schema: { summary: 'Hand files over', body: NewHandoff, response: { 201: Handoff, 422: Problem } },
      config: { policy: 'files:hand_over' },
      bodyLimit: 512 * 1024,
    },
    async (request, reply) => {
      const made = await handoffs.handOver(request.body, { owner: ownerOf(request), who: whoOf(request) })
      return reply.code(201).send(made)
    },
  )
  app.post(
    '/files/:id/reminders',
    {
      schema: {
        summary: 'Remind clients of a file they have not fetched',
        params: IdParams,
        body: contract.Remind,
        response: { 200: contract.Reminded },
      },
      config: { policy: 'files:remind' },
    },
    request =>
      handoffs.remind(request.params.id, {
        owner: ownerOf(request),
        who: whoOf(request),
        clients: request.body.clients === 'all' ? undefined : request.body.clients,
      }),
  )
}

/** `/api/v1/client/files/:id/…`: what a client says of a file, and what they did with it. */
export const clientHandoffRoutes = (scope: FastifyInstance, { files, handoffs }: Needs): void => {
  const app: Typed = scope.withTypeProvider()
  app.post(
    '/files/:id/acknowledge',
    {
      schema: { summary: 'I have received this', params: IdParams, response: { 200: contract.SharedFile } },
      config: { policy: 'shared:acknowledge' },
    },
    async request => {
      await handoffs.acknowledge(request.params.id, whoOf(request))
      return files.getShared(request.params.id, actorOf(request).id)
    },
  )
  app.post(
    '/files/:id/confirm',
    {
      schema: {
        summary: 'Compare the SHA-256 of a copy with what was delivered',
        params: IdParams,
        body: contract.Confirm,
        response: { 200: contract.SharedFile },
      },
      config: { policy: 'shared:acknowledge' },
    },
    async request => {
      await handoffs.confirm(request.params.id, request.body.sha256, whoOf(request))
      return files.getShared(request.params.id, actorOf(request).id)
    },
  )
  app.post(
    '/files/:id/ask',
    {
      schema: { summary: 'Ask for an expired file again', params: IdParams, response: { 202: Accepted } },
      config: { policy: 'shared:ask' },
    },
    async (request, reply) => {
      await handoffs.askAgain(request.params.id, whoOf(request))
      return reply.code(202).send({ status: 'accepted' as const })
    },
  )
  app.get(
    '/files/:id/history',
    {
      schema: {
        summary: 'What I did with a file',
        params: IdParams,
        querystring: ListOnly,
        response: { 200: contract.History },
      },
      config: { policy: 'shared:read' },
    },
    request => handoffs.history(request.params.id, actorOf(request).id, request.query),
  )
}
