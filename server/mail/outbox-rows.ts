import type { Db, Tx } from '../db/schema.ts'

/** Longer than a delivery may take (`Deliver`), so that nobody else takes up a mail that is still under way. */
const LEASE = 5 * 60_000

export type Claimed = { id: string; kind: string; sealed: Uint8Array; createdAt: number; attempts: number }

/**
 * Takes up to `limit` due mails for five minutes, oldest first, and counts the attempt. One statement, so that two workers
 * never hold the same mail; `next_attempt_at` stands in the outer condition too, since PostgreSQL looks at that one again
 * after waiting for the other worker.
 */
export const claim = (db: Db, { now, limit }: { now: number; limit: number }): Promise<Claimed[]> =>
  db.write(async tx => {
    const rows = await tx
      .updateTable('outbox')
      .set(row => ({ next_attempt_at: now + LEASE, attempts: row('attempts', '+', 1) }))
      .where('next_attempt_at', '<=', now)
      .where('sealed', 'is not', null)
      .where('id', 'in', due =>
        due
          .selectFrom('outbox')
          .select('id')
          .where('next_attempt_at', '<=', now)
          .where('sealed', 'is not', null)
          .orderBy('next_attempt_at')
          .limit(limit),
      )
      .returning(['id', 'kind', 'sealed', 'created_at', 'attempts'])
      .execute()
    return rows.flatMap(({ id, kind, sealed, created_at, attempts }) =>
      sealed === null ? [] : [{ id, kind, sealed, createdAt: created_at, attempts }],
    )
  })

/** The body goes with the acceptance: from here on, a copy of the database says that there was a mail, not which. */
export const recordAccepted = (tx: Tx, id: string, now: number): Promise<boolean> =>
  changed(
    tx
      .updateTable('outbox')
      .set({ sealed: null, accepted_at: now, last_error: null })
      .where('id', '=', id)
      .where('sealed', 'is not', null),
  )

/** False if another worker has claimed the mail since: the outcome is that one's to record. */
export const recordGivenUp = (tx: Tx, { id, attempts }: Claimed, now: number, error: string): Promise<boolean> =>
  changed(
    tx
      .updateTable('outbox')
      .set({ sealed: null, failed_at: now, last_error: error })
      .where('id', '=', id)
      .where('attempts', '=', attempts)
      .where('sealed', 'is not', null),
  )

export const recordFailure = (tx: Tx, { id, attempts }: Claimed, next: number, error: string): Promise<boolean> =>
  changed(
    tx
      .updateTable('outbox')
      .set({ next_attempt_at: next, last_error: error })
      .where('id', '=', id)
      .where('attempts', '=', attempts)
      .where('sealed', 'is not', null),
  )

/** Drops what is finished and was written before `before` (milliseconds since 1970). */
export const deleteFinished = async (tx: Tx, before: number): Promise<void> => {
  await tx.deleteFrom('outbox').where('sealed', 'is', null).where('created_at', '<', before).execute()
}

const changed = async (update: { executeTakeFirst: () => Promise<{ numUpdatedRows: bigint }> }): Promise<boolean> =>
  (await update.executeTakeFirst()).numUpdatedRows > 0n
