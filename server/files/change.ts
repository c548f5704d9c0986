import type { ChangeFile } from '../../contract/files.ts'
import type { Static } from '../../contract/wire.ts'
import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import type { Db, Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { endOf } from './ending.ts'
import { findFile } from './find.ts'

const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

type Ending = {
  audit: Audit
  file: NonNullable<Awaited<ReturnType<typeof findFile>>>
  /** Milliseconds since 1970; null for none, undefined for no change. */
  expires_at: number | null | undefined
  who: Who
  /** Another event of the same act says the first end of a file. */
  saidElsewhere?: boolean
}

/** Gives a file another end. An expired one comes back, to wait for the scanner if it did before. */
export const setEnd = async (tx: Tx, { audit, file, expires_at, who, saidElsewhere }: Ending): Promise<void> => {
  if (expires_at === undefined || expires_at === file.expires_at) return
  const { id } = file
  const scan = await tx.selectFrom('scans').select('state').where('file_id', '=', id).executeTakeFirst()
  const alive = scan?.state === 'waiting' || scan?.state === 'hit' ? 'pending' : 'available'
  const status = file.status === 'expired' ? alive : file.status
  await tx.updateTable('files').set({ expires_at, status, expired_at: null }).where('id', '=', id).execute()
  // Another end is another reminder before it.
  await tx.deleteFrom('notices').where('ref', '=', id).where('about', '=', 'expiry').execute()
  if (saidElsewhere && file.expires_at === null) return
  await audit.append(tx, {
    kind: 'file.expiry_changed',
    actor: who,
    file: { id, owner: file.uploaded_by, name: file.name, sha256: file.sha256 },
    data: { before: time(file.expires_at), expires_at: time(expires_at) },
  })
}

/**
 * Gives a file another end, or none, and says whether its uploader is told of the first fetch. An expired file that is not
 * erased yet comes back, to wait for the scanner if it did before. Throws `not_found`, 400 for an end that is over.
 */
export const createChange =
  ({ db, audit, now }: { db: Db; audit: Audit; now: () => number }) =>
  async (id: string, owner: string | undefined, wish: Static<typeof ChangeFile>, who: Who): Promise<void> => {
    const expires_at = endOf(wish.expires_at, now())
    await db.write(async tx => {
      const file = await findFile(tx, id, owner)
      if (!file) throw new AppError('not_found')
      if (wish.tell_me !== undefined)
        await tx
          .updateTable('files')
          .set({ tell_uploader: wish.tell_me ? 1 : 0 })
          .where('id', '=', id)
          .execute()
      await setEnd(tx, { audit, file, expires_at, who })
    })
  }
