import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** No browser asks a second time before it is answered; programs that do, ask a few times. */
const MOST = 16

/**
 * Ends connections on which many requests wait for answers at a time. Node reads all that have arrived and makes their answers
 * whether or not anybody takes them: 300 small requests in one packet would be 300 answers in memory.
 */
export const limitPipelines = (app: FastifyInstance): void => {
  const waiting = new WeakMap<Socket, number>()
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw
    const count = (waiting.get(socket) ?? 0) + 1
    waiting.set(socket, count)
    reply.raw.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1))
    // Not `done`: nothing more happens for this request.
    if (count > MOST) socket.destroy()
    else done()
  })
}
