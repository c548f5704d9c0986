import type { AuditEvent } from '../../contract/audit.ts'
import type { Reader } from '../db/schema.ts'
import { mapMembers, readEntry } from './entry.ts'
import { type Json, parseCanonical } from './json.ts'
import { commitment } from './leaf.ts'

export type AuditFilter = {
  /** Only events about files of this account: all that ops who are not admin may see. */
  owner?: string
  kind?: string
  /** Any of these accounts, as one address may own two. None: no event. */
  actors?: readonly string[]
  file?: string
  /** Milliseconds since 1970: from the first event recorded at or after it. */
  since?: number
  /** Only events with a lower `seq`. */
  before?: number
  /** At most so many events. */
  limit: number
}

/**
 * Events that pass every filter, newest first, with what can still be disclosed of them: an erased value, or one that does
 * not open its commitment, is null. Reads through an index whatever the filters, never the whole log.
 */
export const listAudit = async (read: Reader, filter: AuditFilter): Promise<AuditEvent[]> => {
  const from = filter.since === undefined ? 1 : await firstSince(read, filter.since)
  if (from === undefined) return []
  const actors = filter.actors ?? [undefined]
  // One query each: `actor_id in (…)` would have to sort all their events to find the newest.
  const lists = await Promise.all(actors.map(actor => eventsQuery(read, { ...filter, from, actor }).execute()))
  const rows = lists
    .flat()
    .sort((a, b) => b.seq - a.seq)
    .slice(0, filter.limit)
  return disclose(read, rows)
}

/** By position: where the clock was set back, what it recorded before that counts as earlier. */
const firstSince = async (read: Reader, since: number): Promise<number | undefined> => {
  const first = await sinceQuery(read, since).executeTakeFirst()
  return first?.seq
}

/** Exported for the test of its plan. */
export const sinceQuery = (read: Reader, since: number) =>
  read.selectFrom('audit_events').select('seq').where('at', '>=', since).orderBy('at').orderBy('seq').limit(1)

type OneActor = Omit<AuditFilter, 'actors' | 'since'> & { from: number; actor?: string }

/**
 * Exported for the test of its plan. The narrowest filter alone may use an index: without statistics SQLite would choose
 * among several by luck, and read half the log for a common kind in one file.
 */
export const eventsQuery = (read: Reader, { file, actor, owner, kind, from, before, limit }: OneActor) => {
  let query = read
    .selectFrom('audit_events')
    .select(['seq', 'id', 'kind', 'entry'])
    .where('seq', '>=', from)
    .orderBy('seq', 'desc')
    .limit(limit)
  if (before !== undefined) query = query.where('seq', '<', before)
  const narrowestFirst = [
    { column: 'file_id', value: file },
    { column: 'actor_id', value: actor },
    { column: 'owner_id', value: owner },
    { column: 'kind', value: kind },
  ] as const
  let indexed = false
  for (const { column, value } of narrowestFirst) {
    if (value === undefined) continue
    query = indexed
      ? query.where(eb => eb(eb.fn.coalesce(column, eb.val('')), '=', value))
      : query.where(column, '=', value)
    indexed = true
  }
  return query
}

type Row = { seq: number; id: string; kind: string; entry: string }

const disclose = async (read: Reader, rows: readonly Row[]): Promise<AuditEvent[]> => {
  if (rows.length === 0) return []
  const ids = rows.map(row => row.id)
  const disclosures = await read.selectFrom('audit_disclosures').selectAll().where('event_id', 'in', ids).execute()
  const repeats = await repeatsQuery(read, ids).execute()
  const opened = new Map(disclosures.map(({ event_id, path, ...how }) => [`${event_id}${path}`, how]))
  const counts = new Map(repeats.map(({ event_id, count }) => [event_id, count]))
  return rows.map(({ seq, id, entry: text }) => {
    const open = (path: string, hashed: string): Json => {
      const found = opened.get(`${id}${path}`)
      return found && commitment(found.salt, found.value) === hashed ? parseCanonical(found.value) : null
    }
    const { at, kind, actor, subject, data } = readEntry(text)
    return {
      seq,
      id,
      at,
      kind,
      actor: actor && mapMembers(actor, '/actor', open),
      subject: subject && mapMembers(subject, '/subject', open),
      data: mapMembers(data, '/data', open),
      count: counts.get(id) ?? 1,
    }
  })
}

/** Exported for the test of its plan. */
export const repeatsQuery = (read: Reader, ids: readonly string[]) =>
  read.selectFrom('audit_repeats').select(['event_id', 'count']).where('event_id', 'in', ids)
