import type { Audit } from '../audit/append.ts'
import type { Db } from '../db/schema.ts'
import { fileRef } from './sql.ts'

/** A download that nobody has continued for so long has ended; a client that comes back later goes on, without a second event. */
const QUIET_MS = 10_000
const BATCH = 100

/**
 * Writes the one end event of downloads that broke off and were not resumed; gives how many. `running` are downloads with a
 * stream in this process; those of other processes keep their row's `last_at` fresh.
 */
export const createEndQuiet =
  ({ db, audit }: { db: Db; audit: Audit }) =>
  async (running: readonly string[]): Promise<number> => {
    const at = await db.now()
    const busy = new Set(running)
    const quiet = await db.read
      .selectFrom('downloads')
      .select('id')
      .where('ended_at', 'is', null)
      .where('last_at', '<', at - QUIET_MS)
      .orderBy('last_at')
      .limit(BATCH)
      .execute()
    const over = quiet.filter(({ id }) => !busy.has(id))
    if (over.length === 0) return 0
    await db.write(async tx => {
      for (const { id } of over) {
        const ended = await tx
          .updateTable('downloads')
          .set({ ended_at: at })
          .where('id', '=', id)
          .where('ended_at', 'is', null)
          // Somebody may have come back since.
          .where('last_at', '<', at - QUIET_MS)
          .returning(['link_id', 'bytes_sent', 'client_id', 'file_id'])
          .executeTakeFirst()
        if (!ended) continue
        const known = await tx
          .selectFrom('files')
          .innerJoin('accounts', join => join.on('accounts.id', '=', ended.client_id))
          .select([
            'files.id',
            'files.name',
            'files.sha256',
            'files.uploaded_by',
            'accounts.id as client_id',
            'accounts.role',
            'accounts.email',
            'accounts.name as client_name',
          ])
          .where('files.id', '=', ended.file_id)
          .executeTakeFirst()
        // Deleted since: `file.deleted` stands in the log already, and nothing of the file may be written again.
        if (!known) continue
        await audit.append(tx, {
          kind: 'file.download_ended',
          actor: { id: known.client_id, role: known.role, email: known.email, name: known.client_name },
          file: fileRef(known),
          data: { download: id, link: ended.link_id, bytes_sent: ended.bytes_sent, reason: 'interrupted' },
        })
      }
    })
    return over.length
  }
