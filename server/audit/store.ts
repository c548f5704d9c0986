import { sql } from 'kysely'
import type { AuditEventTable, Tx } from '../db/schema.ts'
import type { Disclosure } from './event.ts'
import { statement } from './statement.ts'

/** Name of the row of `meta` that holds the number of events, which is the `seq` of the newest. */
export const HEAD = 'audit_head'

/** Most rows in one INSERT of disclosures; an event seldom has more than a dozen. */
const ROWS = 32

/** The statements that record an event. */
export const createStore = () => {
  const increment = statement(tx =>
    tx
      .insertInto('meta')
      .values({ name: HEAD, value: '1' })
      .onConflict(conflict =>
        conflict.column('name').doUpdateSet({ value: sql<string>`cast(cast(meta.value as bigint) + 1 as text)` }),
      )
      .returning('value'),
  )
  const insertEvent = statement(tx => tx.insertInto('audit_events').values(event))
  const insertDisclosures = Array.from({ length: ROWS }, (_, index) =>
    statement(tx => tx.insertInto('audit_disclosures').values(Array.from({ length: index + 1 }, () => disclosure))),
  )

  return {
    /**
     * Takes the next number. The update holds the head row until the transaction ends, so appends of concurrent transactions
     * queue here, and a rollback gives the number back: an SQL sequence would leave gaps.
     */
    nextSeq: async (tx: Tx): Promise<number> => {
      const [head] = await increment(tx, [HEAD, '1'])
      const seq = Number(head?.value)
      if (!Number.isSafeInteger(seq)) throw new Error('The head of the audit log is damaged')
      return seq
    },

    insertEvent: async (tx: Tx, row: AuditEventTable): Promise<void> => {
      const { seq, id, at, kind, actor_id, file_id, owner_id, entry, leaf } = row
      await insertEvent(tx, [seq, id, at, kind, actor_id, file_id, owner_id, entry, leaf])
    },

    insertDisclosures: async (tx: Tx, eventId: string, disclosures: readonly Disclosure[]): Promise<void> => {
      for (let from = 0; from < disclosures.length; from += ROWS) {
        const rows = disclosures.slice(from, from + ROWS)
        const parameters = rows.flatMap(({ path, salt, value }) => [eventId, path, salt, value])
        await insertDisclosures[rows.length - 1]?.(tx, parameters)
      }
    },
  }
}

/** Rows to build the statements with: their members are in the order of the parameters. */
const event: AuditEventTable = {
  seq: 0,
  id: '',
  at: 0,
  kind: '',
  actor_id: null,
  file_id: null,
  owner_id: null,
  entry: '',
  leaf: new Uint8Array(0),
}
const disclosure = { event_id: '', path: '', salt: new Uint8Array(0), value: '' }
