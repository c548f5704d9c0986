import type { Tx } from '../db/schema.ts'
import { type Shape, toEntry } from './event.ts'
import type { NewEvent, Refusal, Viewing } from './kinds.ts'
import { leafOf } from './leaf.ts'
import { createStore } from './store.ts'

/** Ten minutes: how long further refusals of a kind, or looks at one client's list, only count (formats.md). */
const WINDOW = 600_000

/**
 * The audit log's writing side. `random` gives that many unpredictable bytes, `now` milliseconds since 1970.
 */
export const createAudit = ({ random, now }: { random: (bytes: number) => Buffer; now: () => number }) => {
  const store = createStore()
  const newId = () => random(16).toString('base64url')

  const record = async (tx: Tx, event: Shape & { kind: string; account?: string }, id: string) => {
    const seq = await store.nextSeq(tx)
    // After the head row is ours, so that times follow `seq` as far as the clock allows.
    const at = now()
    const { entry, disclosures } = toEntry({ ...event, id, at }, random)
    await store.insertEvent(tx, {
      seq,
      id,
      at,
      kind: event.kind,
      actor_id: event.actor?.id ?? event.account ?? null,
      file_id: event.file?.id ?? null,
      owner_id: event.file?.owner ?? null,
      entry,
      leaf: leafOf(entry),
    })
    await store.insertDisclosures(tx, id, disclosures)
    if (event.file) await store.count(tx, { kind: event.kind, file: event.file, seq, at })
    return { id, seq }
  }

  /**
   * Records an event unless `key` had one of this kind in these ten minutes of the clock: then it only counts there, so that
   * requests cannot fill the log.
   */
  const recordOnce = async (tx: Tx, event: Shape & { kind: string; account?: string }, key: string) => {
    const id = newId()
    // One statement claims the window or counts in it, so that two transactions can never both record.
    const { event_id, count } = await tx
      .insertInto('audit_repeats')
      .values({
        account_id: key,
        kind: event.kind,
        window: Math.floor(now() / WINDOW) * WINDOW,
        event_id: id,
        count: 1,
      })
      .onConflict(conflict =>
        conflict
          .columns(['account_id', 'kind', 'window'])
          .doUpdateSet(eb => ({ count: eb('audit_repeats.count', '+', 1) })),
      )
      .returning(['event_id', 'count'])
      .executeTakeFirstOrThrow()
    if (event_id === id) await record(tx, event, id)
    return { id: event_id, count }
  }

  return {
    /**
     * Records an event in the transaction of the change it tells of: both are kept or neither. `seq` counts from 1 without
     * gaps; the leaf of the Merkle log (ledger.md) has index `seq - 1`.
     */
    append: async (tx: Tx, event: NewEvent): Promise<{ id: string; seq: number }> => record(tx, event, newId()),

    /**
     * Records a refusal, once per account, kind and ten minutes. `id` is the event that stands for it, `count` how often it
     * happened.
     */
    refused: (tx: Tx, event: Refusal): Promise<{ id: string; count: number }> => recordOnce(tx, event, event.account),

    /** Records that somebody inside looked at a client's list, once per who, whom and ten minutes; then it counts. */
    viewed: async (tx: Tx, { client, ...event }: Viewing): Promise<void> => {
      await recordOnce(tx, event, `${event.actor.id}:${client}`)
    },
  }
}

export type Audit = ReturnType<typeof createAudit>
