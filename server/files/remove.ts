import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import type { Db } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Reachable } from './find.ts'
import type { Removals } from './removals.ts'

/**
 * Deletes a file: row and wrap in one commit with the event, then the wrap's last traces on disk, then the blob. What a
 * reader keeps from being erased at once stays in `blob_removals` and is tried again by the sweep.
 */
export const createRemove =
  ({ db, audit, removals, find }: { db: Db; audit: Audit; removals: Removals; find: Reachable }) =>
  async (id: string, owner: string | undefined, who: Who): Promise<void> => {
    const blob = await db.write(async tx => {
      const file = await find(tx, id, owner)
      if (!file) throw new AppError('not_found')
      await tx.deleteFrom('files').where('id', '=', id).execute()
      await removals.doom(tx, file.blob)
      await audit.append(tx, {
        kind: 'file.deleted',
        actor: who,
        file: { id, owner: file.uploaded_by, name: file.name, sha256: file.sha256 },
      })
      return file.blob
    })
    await removals.erase(blob)
  }
