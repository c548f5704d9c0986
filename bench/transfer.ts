import { Agent, type IncomingHttpHeaders, request } from 'node:http'

const agent = new Agent({ keepAlive: true, maxSockets: 512 })

type Sent = { status: number; headers: IncomingHttpHeaders; text: string; seconds: number }

/** Sends pieces as one body of known length, with backpressure; `seconds` from the first byte to the whole answer. */
export const send = (
  url: string,
  method: string,
  headers: Record<string, string>,
  pieces: Uint8Array[],
): Promise<Sent> => {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent, headers: { ...headers, 'content-length': length } }, answer => {
      let text = ''
      answer.setEncoding('utf8').on('data', part => {
        text += part
      })
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text,
          seconds: (performance.now() - began) / 1000,
        }),
      )
    })
    outgoing.on('error', reject)
    const write = async () => {
      for (const piece of pieces) {
        for (let at = 0; at < piece.length; at += 1 << 20) {
          if (!outgoing.write(piece.subarray(at, at + (1 << 20))))
            await new Promise(drained => outgoing.once('drain', drained))
        }
      }
      outgoing.end()
    }
    write().catch(reject)
  })
}

/** Fetches and throws the bytes away, counting them. */
export const receive = (
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; bytes: number; seconds: number }> => {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, headers }, answer => {
      let bytes = 0
      answer.on('data', part => {
        bytes += part.length
      })
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, bytes, seconds: (performance.now() - began) / 1000 }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

export const json = async (url: string, method: string, body: unknown, token?: string) => {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const { status, text, seconds } = await send(url, method, headers, [Buffer.from(JSON.stringify(body ?? {}))])
  return { status, seconds, body: text === '' ? undefined : JSON.parse(text) }
}

/** Ends kept-alive connections, so that the process can. */
export const disconnect = (): void => agent.destroy()
