import { Readable } from 'node:stream'
import type { EventName } from '../../contract/events.ts'

/** A reader that leaves so much behind gets nothing more until it has caught up, and then a `reset`. Bytes. */
const BEHIND = 16 * 1024
/** A reader that takes nothing for so long is gone. */
const STUCK_MS = 30_000
/** How long the last words may take to leave. */
const LEAVE_MS = 500

/** The far end of one event stream: what waits for its reader is bounded, whatever happens. `heartbeat` in milliseconds. */
export const createStream = ({ heartbeat }: { heartbeat: number }) => {
  const out = new Readable({ read: () => {} })
  // Whoever pipes it deals with errors; a reader that went away is none.
  out.on('error', () => {})
  let wrote = 0
  let behindSince: number | undefined
  let leaving: NodeJS.Timeout | undefined

  const push = (text: string): void => {
    wrote = performance.now()
    out.push(text)
  }
  const event = (name: EventName, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
  const isOver = () => leaving !== undefined || out.destroyed

  return {
    out,
    /** For browsers: when to come back. Comments open proxies' buffers. */
    begin: (): void => push('retry: 3000\n: hello\n\n'),

    /** Sends events, or drops them for a reader that is behind. The data must hold no more than the contract allows. */
    send: (events: readonly { name: EventName; data: object }[]): void => {
      if (isOver() || events.length === 0) return
      if (out.readableLength > BEHIND) {
        behindSince ??= performance.now()
        return
      }
      push(events.map(({ name, data }) => event(name, data)).join(''))
    },

    /** To be called now and then: tells a reader that has caught up, keeps quiet lines open, ends dead ones. */
    tend: (): void => {
      if (isOver()) return
      const now = performance.now()
      if (behindSince !== undefined && out.readableLength <= BEHIND) {
        behindSince = undefined
        push(event('reset', {}))
      } else if (behindSince !== undefined && now - behindSince > STUCK_MS) out.destroy()
      else if (now - wrote > heartbeat && out.readableLength <= BEHIND) push(':\n\n')
    },

    /** Says `end` and closes, with force if the reader does not listen. */
    end: (): void => {
      if (isOver()) return
      leaving = setTimeout(() => out.destroy(), LEAVE_MS)
      leaving.unref()
      push(event('end', {}))
      out.push(null)
      out.once('close', () => clearTimeout(leaving))
    },
    isOver,
  }
}

export type EventStream = ReturnType<typeof createStream>
