import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import type { Db, Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { grantedTo } from '../files/granted.ts'
import { tellUploader } from './recipients.ts'

type Needs = { db: Db; audit: Audit; now: () => number; wake: () => void }

/** The file and what this client has had of it, while the client may see it. Throws `not_found`. */
const shared = async (tx: Tx, id: string, client: string) => {
  const file = await tx
    .selectFrom('files')
    .leftJoin('deliveries', join =>
      join.onRef('deliveries.file_id', '=', 'files.id').on('deliveries.client_id', '=', client),
    )
    .select([
      'files.id',
      'files.name',
      'files.uploaded_by',
      'files.sha256',
      'files.status',
      'files.expires_at',
      'deliveries.completed_at',
      'deliveries.confirmed_at',
      'deliveries.acknowledged_at',
    ])
    .where('files.id', '=', id)
    .where(eb => grantedTo(eb, client))
    .executeTakeFirst()
  if (!file) throw new AppError('not_found')
  return { ...file, ref: { id: file.id, owner: file.uploaded_by, name: file.name, sha256: file.sha256 } }
}

/** What a client says of a file. Each statement is recorded once, however often it is made. */
export const createReceipt = ({ db, audit, now, wake }: Needs) => {
  const say = async (
    tx: Tx,
    what: { file: string; client: string; column: 'acknowledged_at' | 'confirmed_at' },
  ): Promise<boolean> => {
    const { numUpdatedRows } = await tx
      .updateTable('deliveries')
      .set({ [what.column]: now() })
      .where('file_id', '=', what.file)
      .where('client_id', '=', what.client)
      .where('completed_at', 'is not', null)
      .where(what.column, 'is', null)
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  }

  return {
    /** "I have received this". Throws `conflict` while not every byte was sent. */
    acknowledge: (id: string, who: Who): Promise<void> =>
      db.write(async tx => {
        const { ref, completed_at } = await shared(tx, id, who.id)
        if (completed_at === null)
          throw new AppError('conflict', { detail: 'Download the whole document first; then say that you have it.' })
        if (await say(tx, { file: id, client: who.id, column: 'acknowledged_at' }))
          await audit.append(tx, { kind: 'file.acknowledged', actor: who, file: ref })
      }),

    /** The SHA-256 (hex) of what the client holds. Throws `conflict` when it is another, or not every byte was sent. */
    confirm: (id: string, sha256: string, who: Who): Promise<void> =>
      db.write(async tx => {
        const { ref, completed_at } = await shared(tx, id, who.id)
        if (Buffer.from(ref.sha256).toString('hex') !== sha256)
          throw new AppError('conflict', {
            detail: 'That is another document, or another version: it is not what was delivered.',
          })
        if (completed_at === null)
          throw new AppError('conflict', { detail: 'Download the whole document first; then compare your copy.' })
        if (await say(tx, { file: id, client: who.id, column: 'confirmed_at' }))
          await audit.append(tx, { kind: 'file.confirmed', actor: who, file: ref })
      }),

    /** Asks the uploader for a file whose time is over; more than once a day says nothing new. */
    askAgain: async (id: string, who: Who): Promise<void> => {
      await db.write(async tx => {
        const { ref, status, expires_at } = await shared(tx, id, who.id)
        const over = status === 'expired' || (expires_at !== null && expires_at <= now())
        if (!over) throw new AppError('conflict', { detail: 'The document is still there; just download it.' })
        if (await tellUploader(tx, { about: 'asked', file: id, client: who.id, at: now(), wait: 0 }))
          await audit.append(tx, { kind: 'file.asked_for', actor: who, file: ref })
      })
      wake()
    },
  }
}
