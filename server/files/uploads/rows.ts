import { type Insertable, sql } from 'kysely'
import type { Db, Tx, UploadTable } from '../../db/schema.ts'
import { AppError } from '../../errors.ts'
import type { Removals } from '../removals.ts'

/** Milliseconds an unfinished upload lives after its last bytes. */
export const LIFE = 24 * 3_600_000
/** Of one account at a time: nobody fills the table. */
export const MOST_OPEN = 100

export type UploadRow = UploadTable

/** A writer of an upload, as of the epoch in which it took it over. */
export type Claim = Pick<UploadTable, 'id' | 'blob' | 'epoch'>

type Kept = Pick<UploadTable, 'offset' | 'header' | 'tail'>

type Needs = { db: Db; removals: Removals; now: () => number }

/** The rows of `uploads`. Every change is one statement that also decides whether it may be made. */
export const createRows = ({ db, removals, now }: Needs) => {
  /** Not there and not yours are the same. */
  const find = (id: string, owner: string): Promise<UploadRow | undefined> =>
    db.read.selectFrom('uploads').selectAll().where('id', '=', id).where('owner', '=', owner).executeTakeFirst()

  return {
    find,

    /** Throws 429 when the account has too many open. */
    insert: (row: Insertable<UploadTable>): Promise<void> =>
      db.write(async tx => {
        const { open } = await tx
          .selectFrom('uploads')
          .select(eb => eb.fn.countAll<number>().as('open'))
          .where('owner', '=', row.owner)
          .where('ended', 'is', null)
          .executeTakeFirstOrThrow()
        if (Number(open) >= MOST_OPEN)
          throw new AppError('too_many_requests', {
            detail: `You have ${MOST_OPEN} uploads that are not finished. Finish or remove some of them first.`,
            headers: { 'retry-after': '60' },
          })
        await removals.hold(tx, row.blob, row.expires_at)
        await tx.insertInto('uploads').values(row).execute()
      }),

    /** Takes the upload over from `offset` on, or gives undefined: from now on every older writer is fenced. */
    claim: (id: string, owner: string, offset: number): Promise<UploadRow | undefined> =>
      db.write(async tx => {
        return tx
          .updateTable('uploads')
          .set({ epoch: sql<number>`epoch + 1` })
          .where('id', '=', id)
          .where('owner', '=', owner)
          .where('offset', '=', offset)
          .where('size', '>=', offset)
          .where('ended', 'is', null)
          .where('expires_at', '>', now())
          .returningAll()
          .executeTakeFirst()
      }),

    /** Vouches for durable bytes; when it now expires. Throws 409 for a writer that lost the upload to another, or whose upload has ended. */
    keep: ({ id, blob, epoch }: Claim, kept: Kept): Promise<number> =>
      db.write(async tx => {
        const until = now() + LIFE
        const row = await tx
          .updateTable('uploads')
          // A request that brings nothing keeps nothing alive.
          .set(eb => ({
            ...kept,
            expires_at: eb.case().when('offset', '<', kept.offset).then(until).else(eb.ref('expires_at')).end(),
          }))
          .where('id', '=', id)
          .where('epoch', '=', epoch)
          .where('ended', 'is', null)
          .returning('expires_at')
          .executeTakeFirst()
        if (!row) throw fenced()
        await removals.hold(tx, blob, row.expires_at)
        return row.expires_at
      }),

    /**
     * Ends it in the caller's transaction; the row stays for late requests until it expires, without its key. False: it had
     * ended before.
     */
    end: async (tx: Tx, id: string, ended: 'file' | 'refused' | 'terminated', problem: string | null = null) => {
      const { numUpdatedRows } = await tx
        .updateTable('uploads')
        .set({
          ended,
          problem,
          ...{ name: '', audience: null, sha256: null, wrap: null, header: null, tail: null },
          epoch: sql<number>`epoch + 1`,
        })
        .where('id', '=', id)
        .where('ended', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },

    open: (owner: string) =>
      db.read
        .selectFrom('uploads')
        .select(['id', 'name', 'size', 'offset', 'expires_at'])
        .where('owner', '=', owner)
        .where('ended', 'is', null)
        .where('expires_at', '>', now())
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(MOST_OPEN)
        .execute(),

    /** Forgets what has expired, its key with it; the blob is due in `blob_removals` at the same time. */
    expire: (): Promise<number> =>
      db.write(async tx => {
        const { numDeletedRows } = await tx
          .deleteFrom('uploads')
          .where('expires_at', '<=', now())
          .executeTakeFirstOrThrow()
        return Number(numDeletedRows)
      }),
  }
}

export type Rows = ReturnType<typeof createRows>

export const fenced = (): AppError =>
  new AppError('conflict', {
    detail: 'Another request goes on with this upload. Ask for its offset and continue from there.',
  })
