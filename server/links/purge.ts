import type { Db } from '../db/schema.ts'

/** Long enough that a refusal can still say why, and a client's question can still be answered. */
const KEPT_MS = 30 * 24 * 3600 * 1000
const BATCH = 1000

/** Deletes links and downloads that ended a month ago: the audit log and the deliveries keep what happened. */
export const createPurge =
  ({ db }: { db: Db }) =>
  async (): Promise<void> => {
    const before = (await db.now()) - KEPT_MS
    await db.write(async tx => {
      const links = tx.selectFrom('links').select('id').where('expires_at', '<', before).limit(BATCH)
      await tx.deleteFrom('links').where('id', 'in', links).execute()
      const downloads = tx
        .selectFrom('downloads')
        .select('id')
        .where('last_at', '<', before)
        .where('ended_at', 'is not', null)
        .limit(BATCH)
      await tx.deleteFrom('downloads').where('id', 'in', downloads).execute()
    })
  }
