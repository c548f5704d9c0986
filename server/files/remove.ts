import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import type { Db } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Reachable } from './find.ts'
import { forget } from './forget.ts'
import type { Removals } from './removals.ts'

/** Only a file that expired at or before this time. */
type Expired = { reason: 'expired'; before: number }

/**
 * Deletes a file: row and wrap in one commit with the event, then the wrap's last traces on disk, then the blob. What a
 * reader keeps from being erased at once stays in `blob_removals` and is tried again by the sweep.
 */
export const createRemove =
  ({ db, audit, removals, find }: { db: Db; audit: Audit; removals: Removals; find: Reachable }) =>
  async (id: string, owner: string | undefined, who: Who | null, expired?: Expired): Promise<void> => {
    const blob = await db.write(async tx => {
      const file = await find(tx, id, owner)
      // Its end may have been moved since it was chosen for erasure.
      if (expired && !(file?.expired_at && file.expired_at <= expired.before)) return undefined
      if (!file) throw new AppError('not_found')
      await forget(tx, id)
      await removals.doom(tx, file.blob)
      await audit.append(tx, {
        kind: 'file.deleted',
        actor: who,
        file: { id, owner: file.uploaded_by, name: file.name, sha256: file.sha256 },
        data: expired && { reason: expired.reason },
      })
      return file.blob
    })
    if (blob !== undefined) await removals.erase(blob)
  }
