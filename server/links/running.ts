import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Db } from '../db/schema.ts'
import { AppError, retryAfter } from '../errors.ts'
import { addSent, type Part, type Reason } from './record.ts'
import { mayFlow } from './sql.ts'
import type { Sending } from './stream.ts'

/** Rights are read again this often, so that a withdrawal ends a stream well within a second (security.md, row 22). */
const WATCH_MS = 400
/** A database that says nothing for so long may have said no. */
const SILENCE_MS = 3000
/** What has been sent is written down this often while it runs. */
const PROGRESS_MS = 5000
/** Databases bound how many parameters a statement takes. */
const CHUNK = 500
/** How long a finished response may take to leave before a newer request on a single-use link cuts it. */
const LEAVE_MS = 250

/** One response being sent. `settled` resolves when everything about it has been recorded. */
export type Stream = { part: Part; number: number; sending: Sending; settled: Promise<void> }

type Needs = {
  db: Db
  log: FastifyBaseLogger
  /** Streams at a time, of one client and of this process. */
  limits: { perClient: number; perProcess: number }
}

/** The streams this process is sending: how many may be, and that none outlives its right. */
export const createRunning = ({ db, log, limits }: Needs) => {
  const streams = new Set<Stream>()
  const admitted = new Map<string, number>()
  const turns = new Map<string, Promise<unknown>>()
  let total = 0
  let heard = 0
  let asking: Promise<void> | undefined
  let lastProgress = 0
  let closed = false

  const stopAll = (reason: Reason): void => {
    for (const stream of streams) stream.sending.stop(reason)
  }

  /** Ends the streams that may no longer flow. */
  const watch = async (): Promise<void> => {
    const asked = [...streams]
    const at = await db.now()
    const allowed = new Map<string, number>()
    for (let i = 0; i < asked.length; i += CHUNK) {
      const ids = asked.slice(i, i + CHUNK).map(({ part }) => part.download)
      for (const { id, stream } of await stillAllowed(db, ids, at)) allowed.set(id, stream)
    }
    for (const { part, number, sending } of asked) {
      const newest = allowed.get(part.download)
      if (newest === undefined) sending.stop('withdrawn')
      // Another process may be serving the newer request.
      else if (part.single && newest > number) sending.stop('replaced')
    }
  }

  const progress = (): Promise<void> => {
    const running = [...streams]
    return db.write(async tx => {
      const at = await db.now()
      for (const { part, sending } of running) await addSent(tx, part, { span: sending.sent(), at })
    })
  }

  const tick = async (): Promise<void> => {
    if (streams.size === 0) return
    const now = performance.now()
    for (const { sending } of streams) sending.trim()
    if (now - heard > SILENCE_MS) stopAll('withdrawn')
    asking ??= ask(now).finally(() => {
      asking = undefined
    })
    await asking
  }

  const ask = async (began: number): Promise<void> => {
    try {
      await watch()
      heard = performance.now()
      if (began - lastProgress > PROGRESS_MS) {
        lastProgress = began
        await progress()
      }
    } catch (error) {
      log.error({ err: error }, 'rights of running downloads could not be read')
    }
  }
  const timer = setInterval(tick, WATCH_MS)
  timer.unref()

  const endOlder = async (linkId: string): Promise<void> => {
    for (const stream of [...streams].filter(({ part }) => part.link === linkId)) {
      if (stream.sending.allHanded()) await Promise.race([stream.settled, pause(LEAVE_MS)])
      stream.sending.stop('replaced')
      await stream.settled
    }
  }

  return {
    count: () => streams.size,
    /** Ids of the downloads that have a stream here. */
    downloads: () => [...streams].map(({ part }) => part.download),

    /** A place for one more stream of this client, and what gives it back. Throws 429, or 503 when the process is full. */
    admit: (clientId: string): (() => void) => {
      if (closed || total >= limits.perProcess) throw new AppError('unavailable', { headers: retryAfter(5) })
      const own = admitted.get(clientId) ?? 0
      if (own >= limits.perClient) {
        throw new AppError('too_many_requests', {
          detail: `At most ${limits.perClient} downloads run at a time; wait until one has ended.`,
          headers: retryAfter(5),
        })
      }
      admitted.set(clientId, own + 1)
      total++
      let held = true
      return () => {
        if (!held) return
        held = false
        total--
        const left = (admitted.get(clientId) ?? 1) - 1
        if (left > 0) admitted.set(clientId, left)
        else admitted.delete(clientId)
      }
    },

    /** Watches over a stream until it has settled. */
    add: (stream: Stream): void => {
      // The right was read a moment ago; without this the first stream after a quiet hour would look orphaned.
      if (streams.size === 0) heard = performance.now()
      streams.add(stream)
      if (closed) stream.sending.stop('closing')
      stream.settled.finally(() => streams.delete(stream))
    },

    /** On a single-use link: ends the stream that runs, waits for its account, and only then starts the next. */
    inTurn: <T>(linkId: string, start: () => Promise<T>): Promise<T> => {
      const before = turns.get(linkId)
      const turn = (async () => {
        await before?.catch(() => {})
        await endOlder(linkId)
        return start()
      })()
      turns.set(linkId, turn)
      const leave = () => {
        if (turns.get(linkId) === turn) turns.delete(linkId)
      }
      turn.then(leave, leave)
      return turn
    },

    stopLink: (linkId: string, reason: Reason): void => {
      for (const { part, sending } of streams) if (part.link === linkId) sending.stop(reason)
    },

    /** Ends everything and resolves when all of it has been recorded. */
    close: async (): Promise<void> => {
      closed = true
      clearInterval(timer)
      stopAll('closing')
      await Promise.all([...streams].map(({ settled }) => settled))
      // A database that never answers must not keep us from ending.
      if (asking) await Promise.race([asking, pause(SILENCE_MS)])
    },
  }
}

export type Running = ReturnType<typeof createRunning>

const stillAllowed = (db: Db, downloads: string[], at: number) =>
  db.read
    .selectFrom('downloads')
    .innerJoin('links', 'links.id', 'downloads.link_id')
    .innerJoin('files', 'files.id', 'links.file_id')
    .innerJoin('accounts', 'accounts.id', 'links.client_id')
    .innerJoin('sessions', join =>
      join.onRef('sessions.id', '=', 'downloads.session_id').onRef('sessions.account_id', '=', 'accounts.id'),
    )
    .select(['downloads.id', 'downloads.stream'])
    .where('downloads.id', 'in', downloads)
    .where(eb => mayFlow(eb, at))
    .execute()
