import type { Db, Tx } from '../db/schema.ts'

/** Long enough that a refusal can still say why, and a client's question can still be answered. */
const KEPT_MS = 30 * 24 * 3600 * 1000
const BATCH = 1000

/** Deletes links and downloads that ended a month ago: the audit log and the deliveries keep what happened. */
export const createPurge =
  ({ db }: { db: Db }) =>
  async (): Promise<void> => {
    const before = (await db.now()) - KEPT_MS
    const batch = (tx: Tx): Promise<boolean> => purgeSome(tx, before)
    // Batch by batch, so that others may write in between; until none is full, or one busy client would outrun this.
    while (await db.write(batch));
  }

/** Whether there may be more. */
const purgeSome = async (tx: Tx, before: number): Promise<boolean> => {
  const links = tx.selectFrom('links').select('id').where('expires_at', '<', before).limit(BATCH)
  const one = await tx.deleteFrom('links').where('id', 'in', links).executeTakeFirstOrThrow()
  const downloads = tx
    .selectFrom('downloads')
    .select('id')
    .where('last_at', '<', before)
    .where('ended_at', 'is not', null)
    .limit(BATCH)
  const other = await tx.deleteFrom('downloads').where('id', 'in', downloads).executeTakeFirstOrThrow()
  return one.numDeletedRows === BigInt(BATCH) || other.numDeletedRows === BigInt(BATCH)
}
