import { sql } from 'kysely'
import type { Reader } from '../db/schema.ts'
import { type Condition, type Key, type Walk, walkFiles } from './walks.ts'

/** Counting further would not change which walk is taken. */
const COUNTED = 5000
/** Files looked at by one statement, at most: a few milliseconds in which the process does nothing else. */
const SLICE = 1000

/**
 * The first `limit` files after `from` that meet every condition, newest first. One condition is walked, the one that fewest
 * files meet, and the others are checked on the way, slice by slice: a search that finds nothing takes its time, but no other
 * request waits for all of it. Statements name one table to walk, so no statistics or lack of them changes how they run.
 */
export const findKeys = async (
  db: Reader,
  conditions: readonly Condition[],
  limit: number,
  from: Key | undefined,
): Promise<Key[]> => {
  const { walk, checks } = await choose(db, conditions)
  const found: Key[] = []
  let slice = checks.length === 0 ? limit : Math.min(SLICE, limit * 2)
  for (let place = from; ; ) {
    const keys = await look(db, walk.keys(place, slice), checks)
    for (const { uploaded_at, id, meets } of keys) {
      if (meets && found.at(-1)?.id !== id) found.push({ uploaded_at, id })
    }
    place = keys.at(-1)
    if (found.length >= limit || keys.length < slice) return found.slice(0, limit)
    slice = Math.min(SLICE, slice * 4)
    await new Promise(resolve => setImmediate(resolve))
  }
}

type Chosen = { walk: Walk; checks: Condition[] }

const choose = async (db: Reader, conditions: readonly Condition[]): Promise<Chosen> => {
  const walked = conditions.filter(({ walk }) => walk !== undefined)
  const counts = await Promise.all(
    walked.map(async one => (walked.length > 1 ? ((await one.walk?.count(COUNTED)) ?? COUNTED) : 0)),
  )
  const best = walked[counts.indexOf(Math.min(...counts))]
  return { walk: best?.walk ?? walkFiles(db), checks: conditions.filter(one => one !== best) }
}

/** Keys in order, each with whether the file meets the checks. */
const look = async (db: Reader, keys: ReturnType<Walk['keys']>, checks: readonly Condition[]) => {
  const rows = await db
    .selectFrom(keys.as('key'))
    .select(eb => [
      'key.uploaded_at',
      'key.id',
      eb
        .and([
          sql<boolean>`1 = 1`,
          ...checks.map(({ check }) => check({ uploaded_at: eb.ref('key.uploaded_at'), id: eb.ref('key.id') })),
        ])
        .as('meets'),
    ])
    .execute()
  const inOrder = rows.map(({ uploaded_at, id, meets }) => ({ uploaded_at, id, meets: Boolean(meets) }))
  // SQL promises no order of what is selected from an ordered part; every database keeps it, and then this costs nothing.
  return inOrder.sort(byAge)
}

/** Newest first. */
export const byAge = (a: Key, b: Key): number =>
  b.uploaded_at - a.uploaded_at || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
