import type { ExpressionBuilder } from 'kysely'
import type { Db, Schema, Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { BlobStore } from '../storage/store.ts'

/** Longest silence of a living upload; its row is renewed in half the time. */
const EXPECTED = 3_600_000
/** The value of `after` that no living upload has. */
const CONDEMNED = 0

type Needs = {
  db: Db
  store: BlobStore
  now: () => number
  /** Told of a removal that failed and is left to the sweep. */
  onLeft: (error: unknown) => void
}

/**
 * Blobs that belong to no file. A row stands in `blob_removals` before a blob's first byte, so that nothing a crash leaves is
 * forgotten; it goes with the commit that records the file, or once the blob is gone.
 */
export const createRemovals = ({ db, store, now, onLeft }: Needs) => {
  const renewed = new Map<string, number>()

  /** Destroys key material that was deleted, then the blob. False: something was in the way, the sweep tries again. */
  const erase = async (blob: string): Promise<boolean> => {
    if (!(await db.erase())) return false
    await take(blob)
    return true
  }

  const orLater = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch(error => {
      onLeft(error)
      return undefined
    })

  /** Decides in one statement that a blob is nobody's; from then on no upload can record it. */
  const condemn = (blob: string, alone: boolean): Promise<boolean> =>
    db.write(async tx => {
      const row = tx.updateTable('blob_removals').set({ after: CONDEMNED }).where('blob', '=', blob)
      // Resumable uploads outlive the process that began them.
      const dead = alone ? row.where(eb => eb.not(eb.exists(goingOn(eb)))) : row.where('after', '<=', now())
      const { numUpdatedRows } = await dead.executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    })

  const take = async (blob: string): Promise<void> => {
    await store.remove(blob)
    await settle(blob)
  }

  const settle = async (blob: string): Promise<void> => {
    renewed.delete(blob)
    await db.write(async tx => void (await tx.deleteFrom('blob_removals').where('blob', '=', blob).execute()))
  }

  return {
    /** Before a blob's first byte. */
    expect: async (blob: string): Promise<void> => {
      renewed.set(blob, now())
      await db.write(
        async tx =>
          void (await tx
            .insertInto('blob_removals')
            .values({ blob, after: now() + EXPECTED })
            .execute()),
      )
    },
    /** For a resumable upload, with the commit that vouches for more of it: no sweep takes its blob before `until`. */
    hold: async (tx: Tx, blob: string, until: number): Promise<void> => {
      await tx
        .insertInto('blob_removals')
        .values({ blob, after: until })
        .onConflict(on => on.column('blob').doUpdateSet({ after: until }).where('blob_removals.after', '>', CONDEMNED))
        .execute()
    },
    /** With the commit that ends a resumable upload without a file; then `erase`. */
    letGo: async (tx: Tx, blob: string): Promise<void> => {
      await tx.updateTable('blob_removals').set({ after: CONDEMNED }).where('blob', '=', blob).execute()
    },
    /** While bytes arrive: the sweep of another process must not take a living upload. */
    extend: async (blob: string): Promise<void> => {
      if (now() - (renewed.get(blob) ?? 0) < EXPECTED / 2) return
      renewed.set(blob, now())
      await db.write(
        async tx =>
          void (await tx
            .updateTable('blob_removals')
            .set({ after: now() + EXPECTED })
            .where('blob', '=', blob)
            .where('after', '>', CONDEMNED)
            .execute()),
      )
    },
    /** With the commit that records the file: from here on the blob is somebody's. Throws when the sweep took it already. */
    kept: async (tx: Tx, blob: string): Promise<void> => {
      const { numDeletedRows } = await tx
        .deleteFrom('blob_removals')
        .where('blob', '=', blob)
        .where('after', '>', CONDEMNED)
        .executeTakeFirstOrThrow()
      renewed.delete(blob)
      if (numDeletedRows !== 1n)
        throw new AppError('unavailable', { detail: 'The upload took too long; send the file again.' })
    },
    /** With the commit that deletes a file. */
    doom: async (tx: Tx, blob: string): Promise<void> => {
      await tx.insertInto('blob_removals').values({ blob, after: now() }).execute()
    },
    /**
     * For an upload that ended without a file. Does nothing when the row is gone: then the file was recorded after all, by a
     * COMMIT whose answer was lost. What fails here is left to the sweep, so that the caller's own error is the one seen.
     */
    abandon: async (blob: string): Promise<void> => {
      const row = await db.read.selectFrom('blob_removals').select('blob').where('blob', '=', blob).executeTakeFirst()
      renewed.delete(blob)
      if (row) await orLater(take(blob))
    },
    /** After the commit that deletes a file. Never rejects: the file is gone, and what is left of it is the sweep's. */
    erase: (blob: string) => orLater(erase(blob)),
    /**
     * Removes what is due, and what nobody in this process is writing when `alone` (the only server on this data). One blob
     * that cannot be removed (a damaged disk, a full one) does not keep the others: it is tried again next time.
     */
    sweep: async (alone: boolean): Promise<number> => {
      const due = await db.read.selectFrom('blob_removals').select('blob').execute()
      let removed = 0
      for (const { blob } of due) {
        if (renewed.has(blob)) continue
        const gone = condemn(blob, alone).then(condemned => condemned && erase(blob))
        if (await orLater(gone)) removed += 1
      }
      return removed
    },
  }
}

const goingOn = (eb: ExpressionBuilder<Schema, 'blob_removals'>) =>
  eb
    .selectFrom('uploads')
    .select('uploads.id')
    .whereRef('uploads.blob', '=', 'blob_removals.blob')
    .where('uploads.ended', 'is', null)

export type Removals = ReturnType<typeof createRemovals>
