import { sql } from 'kysely'
import { prepared } from '../db/prepared.ts'
import type { AuditEventTable, Tx } from '../db/schema.ts'
import type { Disclosure } from './event.ts'

/** Name of the row of `meta` that holds the number of events, which is the `seq` of the newest. */
export const HEAD = 'audit_head'

/** Most rows in one INSERT of disclosures; an event seldom has more than a dozen. */
const ROWS = 32

/** The statements that record an event, compiled once: Kysely takes longer to write them than SQLite to obey. */
export const createStore = () => {
  const increment = prepared((tx: Tx, _none: Record<string, never>) =>
    tx
      .insertInto('meta')
      .values({ name: HEAD, value: '1' })
      .onConflict(conflict =>
        conflict.column('name').doUpdateSet({ value: sql<string>`cast(cast(meta.value as bigint) + 1 as text)` }),
      )
      .returning('value'),
  )
  const insertEvent = prepared((tx: Tx, row: AuditEventTable) =>
    tx.insertInto('audit_events').values({
      seq: row.seq,
      id: row.id,
      at: row.at,
      kind: row.kind,
      actor_id: row.actor_id,
      file_id: row.file_id,
      owner_id: row.owner_id,
      entry: row.entry,
      leaf: row.leaf,
    }),
  )
  const countDelivered = prepared((tx: Tx, { day, owner }: { day: string; owner: string }) =>
    tx
      .insertInto('audit_days')
      .values({ day, owner_id: owner, handed_over: 0, delivered: 1 })
      .onConflict(on =>
        on.columns(['day', 'owner_id']).doUpdateSet({ delivered: sql<number>`audit_days.delivered + 1` }),
      ),
  )
  const countHandedOver = prepared((tx: Tx, { day, owner }: { day: string; owner: string }) =>
    tx
      .insertInto('audit_days')
      .values({ day, owner_id: owner, handed_over: 1, delivered: 0 })
      .onConflict(on =>
        on.columns(['day', 'owner_id']).doUpdateSet({ handed_over: sql<number>`audit_days.handed_over + 1` }),
      ),
  )
  const sharedBefore = prepared((tx: Tx, { file, seq }: { file: string; seq: number }) =>
    tx
      .selectFrom('audit_events')
      .select('seq')
      .where('file_id', '=', file)
      .where('kind', '=', 'file.shared')
      .where('seq', '<', seq)
      .orderBy('seq')
      .limit(1),
  )
  /** One statement for each number of rows. */
  const insertDisclosures = Array.from({ length: ROWS }, (_unused, last) =>
    prepared((tx: Tx, of: Flat) =>
      tx.insertInto('audit_disclosures').values(
        Array.from({ length: last + 1 }, (_row, i) => ({
          event_id: of.event,
          path: of[`path${i}`] ?? '',
          salt: of[`salt${i}`] ?? new Uint8Array(0),
          value: of[`value${i}`] ?? '',
        })),
      ),
    ),
  )

  return {
    /**
     * Takes the next number. The update holds the head row until the transaction ends, so appends of concurrent transactions
     * queue here, and a rollback gives the number back: an SQL sequence would leave gaps.
     */
    nextSeq: async (tx: Tx): Promise<number> => {
      const [head] = await increment(tx, {})
      const seq = Number(head?.value)
      if (!Number.isSafeInteger(seq)) throw new Error('The head of the audit log is damaged')
      return seq
    },

    /** Counts a delivery, and the first time that a file was shared with anybody, on the day of the event. */
    count: async (tx: Tx, { kind, file, seq, at }: Counted): Promise<void> => {
      const of = { day: dayOf(at), owner: file.owner }
      if (kind === 'file.delivered') await countDelivered(tx, of)
      if (kind !== 'file.shared') return
      const [earlier] = await sharedBefore(tx, { file: file.id, seq })
      if (earlier === undefined) await countHandedOver(tx, of)
    },

    insertEvent: async (tx: Tx, row: AuditEventTable): Promise<void> => void (await insertEvent(tx, row)),

    insertDisclosures: async (tx: Tx, eventId: string, disclosures: readonly Disclosure[]): Promise<void> => {
      for (let from = 0; from < disclosures.length; from += ROWS) {
        const rows = disclosures.slice(from, from + ROWS)
        const named = rows.flatMap(({ path, salt, value }, i) => [
          [`path${i}`, path],
          [`salt${i}`, salt],
          [`value${i}`, value],
        ])
        await insertDisclosures[rows.length - 1]?.(tx, { event: eventId, ...Object.fromEntries(named) })
      }
    },
  }
}

type Counted = { kind: string; file: { id: string; owner: string }; seq: number; at: number }

/** The UTC day of a time in milliseconds since 1970, as `audit_days` names it. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** The arguments of a statement for several rows, numbered. */
type Flat = { event: string } & Record<`path${number}` | `value${number}`, string> & Record<`salt${number}`, Uint8Array>
