import { setImmediate as turn } from 'node:timers/promises'
import type { Reader } from '../db/schema.ts'
import { type Opening, problemOf } from './problem.ts'
import { HEAD } from './store.ts'

/** Events held in memory at a time. */
const BATCH = 500

/** `seq` is that of the first event that is not as recorded; `problem` says what is wrong with it. */
export type AuditVerdict = { ok: true; events: number } | { ok: false; seq: number; problem: string }

/**
 * Re-derives every leaf from its stored entry and opens every commitment that has a disclosed value, and compares what stands
 * beside an entry with what it says. Erased values are no fault; events that are recorded meanwhile are left for the next
 * time. Finds damage and edits; an entry rewritten together with its leaf only shows against the checkpoints of ledger.md.
 */
export const verifyAudit = async (read: Reader): Promise<AuditVerdict> => {
  const { head, first, last } = await boundsOf(read)
  if (first !== null && first < 1) return { ok: false, seq: first, problem: 'It stands before the first event.' }
  let next = 1
  while (next <= head) {
    const rows = await read
      .selectFrom('audit_events')
      .selectAll()
      .where('seq', '>=', next)
      .where('seq', '<=', head)
      .orderBy('seq')
      .limit(BATCH)
      .execute()
    const openings = await openingsOf(read, rows)
    if (rows.length === 0) return missing(next)
    for (const row of rows) {
      if (row.seq !== next) return missing(next)
      const problem = problemOf(row, openings.get(row.id) ?? [])
      if (problem !== undefined) return { ok: false, seq: next, problem }
      next++
    }
    await turn()
  }
  if (last !== null && last > head) return { ok: false, seq: head + 1, problem: 'It was added without being counted.' }
  return { ok: true, events: head }
}

const missing = (seq: number): AuditVerdict => ({ ok: false, seq, problem: 'It is missing.' })

/** One statement, so that all three are of the same moment: the head row moves in the transaction of its event. */
const boundsOf = async (read: Reader) => {
  const { head, first, last } = await read
    .selectNoFrom(eb => [
      eb.selectFrom('meta').select('value').where('name', '=', HEAD).as('head'),
      eb.selectFrom('audit_events').select('seq').orderBy('seq').limit(1).as('first'),
      eb.selectFrom('audit_events').select('seq').orderBy('seq', 'desc').limit(1).as('last'),
    ])
    .executeTakeFirstOrThrow()
  return { head: Number(head ?? 0), first, last }
}

const openingsOf = async (read: Reader, rows: readonly { id: string }[]): Promise<Map<string, Opening[]>> => {
  const openings = new Map<string, Opening[]>()
  if (rows.length === 0) return openings
  const found = await read
    .selectFrom('audit_disclosures')
    .selectAll()
    .where(
      'event_id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute()
  for (const { event_id, ...opening } of found) {
    const list = openings.get(event_id)
    if (list) list.push(opening)
    else openings.set(event_id, [opening])
  }
  return openings
}
