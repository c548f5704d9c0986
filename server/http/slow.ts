import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

const LOOK_EVERY = 5_000
const WINDOW = 60_000
/** 1 KiB/s over the window (security.md): an honest slow line is faster, an attacker holding connections open is not. */
const LEAST = 60 * 1024

/** Cuts requests whose body arrives slower than 1 KiB/s for 60 s. Fastify's requestTimeout would cut honest long uploads. */
export const cutSlowBodies = (app: FastifyInstance): void => {
  const arriving = new Map<Socket, { since: number; bytes: number }>()
  app.addHook('onRequest', (request, _reply, done) => {
    const { headers, raw } = request
    if (headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0) {
      const { socket } = raw
      arriving.set(socket, { since: performance.now(), bytes: socket.bytesRead })
      const forget = () => arriving.delete(socket)
      raw.once('end', forget)
      raw.once('close', forget)
    }
    done()
  })
  const timer = setInterval(() => {
    const now = performance.now()
    for (const [socket, mark] of arriving) {
      if (now - mark.since < WINDOW) continue
      // Paused by us (a slow disk), not by the peer.
      const ours = socket.isPaused()
      if (!ours && socket.bytesRead - mark.bytes < LEAST) socket.destroy()
      else arriving.set(socket, { since: now, bytes: socket.bytesRead })
    }
  }, LOOK_EVERY)
  timer.unref()
  app.addHook('onClose', async () => clearInterval(timer))
}
