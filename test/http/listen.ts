import { EventEmitter, once } from 'node:events'
import { request } from 'node:http'
import type { TestServer } from '../server.ts'

export type Heard = { name: string; data: unknown }

/** An event stream as a program sees it: what came, and when it ended. */
export const listen = async (server: TestServer, door: 'ops' | 'client', token: string) => {
  const { host, port } = new URL(server.url)
  const bell = new EventEmitter()
  const heard: Heard[] = []
  let text = ''
  let ended = false
  const headers = { host, authorization: `Bearer ${token}` }
  const asked = request({ host: '127.0.0.1', port, path: `/api/v1/${door}/events`, headers, agent: false })
  asked.on('error', () => {})
  asked.end()
  const [response] = await once(asked, 'response')
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)?.[1]
      if (name) heard.push({ name, data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null') })
      bell.emit('heard', block)
    }
  })
  response.on('error', () => {})
  response.on('close', () => {
    ended = true
    bell.emit('heard', '')
  })

  /** Until `ready`, looked at whenever something came; throws after ten seconds. */
  const until = async (ready: () => boolean, what: string): Promise<void> => {
    const late = AbortSignal.timeout(10_000)
    while (!ready()) {
      await once(bell, 'heard', { signal: late }).catch(() => {
        throw new Error(`${what}: heard ${JSON.stringify(heard)}`)
      })
    }
  }

  return {
    status: Number(response.statusCode),
    retryAfter: response.headers['retry-after'],
    heard,
    /** Until an event is there that `isIt`, among those from `first` on. */
    event: (isIt: (one: Heard) => boolean, what: string, first = 0) => until(() => heard.slice(first).some(isIt), what),
    comment: () => once(bell, 'heard'),
    /** Until the stream has ended; milliseconds that took. */
    end: async (): Promise<number> => {
      const began = performance.now()
      await until(() => ended, 'the end')
      return performance.now() - began
    },
    isOpen: () => !ended,
    close: () => asked.destroy(),
  }
}

export type Listener = Awaited<ReturnType<typeof listen>>
