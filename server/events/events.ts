import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { EventName } from '../../contract/events.ts'
import { type Actor, reach } from '../accounts/policy.ts'
import type { NewsItem } from '../audit/tail.ts'
import type { Db } from '../db/schema.ts'
import { AppError, retryAfter } from '../errors.ts'
import { createLists } from './lists.ts'
import { createNews, type News } from './news.ts'
import { createStream, type EventStream } from './stream.ts'

type Who = Pick<Actor, 'id' | 'role' | 'admin'>

type Needs = {
  db: Db
  log: FastifyBaseLogger
  /** Of these sessions those that live, and who they speak for now. */
  liveSessions: (ids: readonly string[]) => Promise<ReadonlyMap<string, Who>>
  /** A short text that changes when what a client sees first in its list does. */
  printOf: (client: string) => Promise<string>
  bounds?: Partial<typeof usual>
}

/** Streams of a session, of an account, and of this process. Browsers hold six connections to a host: two stay free. */
const usual = { perSession: 4, perAccount: 32, perProcess: 1024, heartbeat: 15_000, lookEvery: 500 }

/** A database that says nothing for so long may have said no (security.md). */
const SILENCE_MS = 3000
/** A client is told of its list at most this often. */
const CALM_MS = 1000

type Viewer = { who: Who; session: string; stream: EventStream; ready: boolean; stale: boolean; toldAt: number }

/** Event streams of both doors: one look at the database for all of them, twice a second while there are any. */
export const createEvents = ({ db, log, liveSessions, printOf, bounds }: Needs) => {
  const { perSession, perAccount, perProcess, heartbeat, lookEvery } = { ...usual, ...bounds }
  const viewers = new Set<Viewer>()
  const news = createNews(db)
  const lists = createLists(printOf)
  let heard = 0
  let asking: Promise<void> | undefined
  let closed = false

  const end = (viewer: Viewer): void => {
    viewers.delete(viewer)
    viewer.stream.end()
  }

  const look = async (): Promise<void> => {
    const { items, lost } = await news.next()
    lists.keep(new Set([...viewers].flatMap(({ who }) => (who.role === 'client' ? [who.id] : []))))
    lists.doubt(items, lost)
    const changed = await lists.changed()
    // After what is to be told: so nobody is told what happened once they had lost the right to know.
    const asked = [...viewers].filter(({ ready }) => ready)
    const live = await liveSessions([...new Set(asked.map(({ session }) => session))])
    const now = performance.now()
    for (const viewer of asked) {
      const who = live.get(viewer.session)
      if (who === undefined || who.id !== viewer.who.id || who.role !== viewer.who.role) end(viewer)
      else if (who.role === 'ops') tellOps(viewer.stream, who, { items, lost })
      else tellClient(viewer, changed.has(who.id), now)
      viewer.stream.tend()
    }
  }

  const tick = async (): Promise<void> => {
    if (viewers.size === 0) {
      news.stop()
      return
    }
    if (performance.now() - heard > SILENCE_MS) for (const viewer of viewers) end(viewer)
    asking ??= look()
      .then(() => {
        heard = performance.now()
      })
      .catch((error: unknown) => log.error({ err: error }, 'what is new could not be read for event streams'))
      .finally(() => {
        asking = undefined
      })
    await asking
  }
  const timer = setInterval(tick, lookEvery)
  timer.unref()

  const admit = ({ id, session }: Actor): void => {
    if (closed || viewers.size >= perProcess) throw new AppError('unavailable', { headers: retryAfter(30) })
    const own = [...viewers].filter(({ who }) => who.id === id)
    const here = own.filter(viewer => viewer.session === session.id)
    if (here.length < perSession && own.length < perAccount) return
    throw new AppError('too_many_requests', {
      detail: `At most ${perSession} event streams of a session are open at a time; close one first.`,
      headers: retryAfter(30),
    })
  }

  return {
    /** How many streams are open. */
    count: () => viewers.size,

    /**
     * A stream of what its reader may know of, until the session ends; whoever reads it must destroy it when the reader has
     * gone. Throws 429 beyond four streams of a session, 503 when there are too many or the server stops.
     */
    open: async (actor: Actor): Promise<Readable> => {
      admit(actor)
      const stream = createStream({ heartbeat })
      const { id, role, admin } = actor
      const viewer = {
        who: { id, role, admin },
        session: actor.session.id,
        stream,
        ready: false,
        stale: false,
        toldAt: 0,
      }
      // Everything was answered a moment ago; without this the first stream after a quiet hour would look orphaned.
      if (viewers.size === 0) heard = performance.now()
      viewers.add(viewer)
      stream.out.once('close', () => viewers.delete(viewer))
      try {
        await news.begin()
        if (role === 'client') await lists.watch(id)
      } catch (error) {
        stream.out.destroy()
        throw error
      }
      if (!stream.isOver()) stream.begin()
      viewer.ready = true
      return stream.out
    },

    /** Ends every stream, and lets none begin. */
    close: async (): Promise<void> => {
      closed = true
      clearInterval(timer)
      for (const viewer of viewers) end(viewer)
      // A database that never answers must not keep us from ending.
      if (asking) await Promise.race([asking, pause(SILENCE_MS)])
    },
  }
}

export type Events = ReturnType<typeof createEvents>

type Told = { name: EventName; data: object }

const tellOps = (stream: EventStream, who: Who, { items, lost }: News): void => {
  const granted = reach(who, 'events:read')
  if (granted === 'none') {
    stream.end()
    return
  }
  if (lost) {
    stream.send([{ name: 'reset', data: {} }])
    return
  }
  const mine = granted === 'all' ? items : items.filter(item => item.owner_id === who.id || item.actor_id === who.id)
  // Many downloads of one file in half a second are one reason to look at it.
  const told = new Map<string, Told>(mine.map(item => [`${item.file_id} ${item.kind}`, toldOf(item)]))
  stream.send([...told.values()])
}

const toldOf = ({ file_id, kind }: NewsItem): Told =>
  file_id === null ? { name: 'other', data: { kind } } : { name: 'file', data: { file: file_id, kind } }

const tellClient = (viewer: Viewer, changed: boolean, now: number): void => {
  if (reach(viewer.who, 'shared:events') === 'none') {
    viewer.stream.end()
    return
  }
  viewer.stale ||= changed
  if (!viewer.stale || now - viewer.toldAt < CALM_MS) return
  viewer.stale = false
  viewer.toldAt = now
  viewer.stream.send([{ name: 'files', data: {} }])
}
