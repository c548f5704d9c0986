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

/** The arguments of a statement for several rows, numbered. */
type Flat = { event: string } & Record<`path${number}` | `value${number}`, string> & Record<`salt${number}`, Uint8Array>
