import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { EventStream } from '../../contract/events.ts'
import type { Action } from '../accounts/policy.ts'
import { actorOf } from '../http/request.ts'
import type { Events } from './events.ts'

/** `GET /events` of a door. */
export const eventRoutes = (scope: FastifyInstance, events: Events, policy: Action): void => {
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    // Proxies that gather answers before they pass them on would gather this one for ever.
    reply.header('content-type', 'text/event-stream; charset=utf-8').header('x-accel-buffering', 'no')
    if (request.method === 'HEAD') return reply.send('')
    const stream = await events.open(actorOf(request))
    reply.raw.once('close', () => stream.destroy())
    if (reply.raw.destroyed) stream.destroy()
    return reply.send(stream)
  }
  scope.get(
    '/events',
    {
      schema: { summary: 'What to look at again, as it happens', response: { 200: EventStream } },
      config: { policy },
    },
    answer,
  )
  // Before the server waits for its requests to end: these do not end by themselves.
  scope.addHook('preClose', events.close)
}
