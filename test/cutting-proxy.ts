import { createServer, request as httpRequest } from 'node:http'
import type { Socket } from 'node:net'

type Cut = {
  /** Bytes of a PATCH's body after which its connection is cut, or held for ever. */
  after: number
  how: 'cut' | 'hold'
}

/**
 * A proxy that hands on what comes as it comes, as nginx does with `proxy_request_buffering off`. Each PATCH takes the next of
 * `cuts`; without one it passes.
 */
export const startCuttingProxy = async (target = '') => {
  let behind = target
  let closed = false
  const cuts: Cut[] = []
  const seen: { method: string; offset: number | undefined }[] = []
  const sockets = new Set<Socket>()
  const held = new Set<() => void>()
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request
    const offset = headers['upload-offset']
    seen.push({ method, offset: offset === undefined ? undefined : Number(offset) })
    // Without a target at first, the server behind is one that knows itself by this proxy's address.
    const host = target === '' ? headers.host : new URL(target).host
    const onward = httpRequest(new URL(url, behind), { method, headers: { ...headers, host } })
    onward.on('response', answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => request.socket.destroy())
    response.on('close', () => onward.destroy())
    const cut = method === 'PATCH' ? cuts.shift() : undefined
    let passed = 0
    request.on('data', (chunk: Buffer) => {
      passed += chunk.length
      if (cut === undefined || passed < cut.after) return
      if (cut.how === 'hold') {
        request.unpipe(onward)
        request.pause()
        for (const tell of held) tell()
        return
      }
      request.socket.destroy()
      onward.destroy()
    })
    request.pipe(onward)
  })
  server.on('connection', socket => {
    if (closed) return void socket.destroy()
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    cuts,
    seen,
    /** Resolves when a request is held. */
    holds: (): Promise<void> => new Promise(resolve => held.add(resolve)),
    lead: (to: string): void => {
      behind = to
    },
    /** The line is down: every connection ends, and none comes through until `up`. */
    down: (): void => {
      closed = true
      for (const socket of sockets) socket.destroy()
    },
    up: (): void => {
      closed = false
    },
    /** Ends every connection. */
    stop: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
