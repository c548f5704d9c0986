import type { Selectable } from 'kysely'
import type { PendingSignupTable, Reader, Tx } from '../db/schema.ts'
import type { MailTokens } from './mail-tokens.ts'

export type PendingSignup = Selectable<PendingSignupTable>

/** Sign-ups of one address that are kept (formats.md): a stranger's cannot crowd out more than the oldest. */
const MOST = 3

/** Sign-ups nobody has confirmed. They are no accounts: only the token of one together with its password makes it one. */
export const createPending = ({ tokens, now, life }: { tokens: MailTokens; now: () => number; life: number }) => {
  const remove = async (tx: Tx, ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return
    await tokens.void(tx, ids)
    await tx.deleteFrom('pending_signups').where('id', 'in', ids).execute()
  }

  /** Those of an address that can still be confirmed, newest first. */
  const of = (db: Reader, key: string): Promise<PendingSignup[]> =>
    db
      .selectFrom('pending_signups')
      .selectAll()
      .where('email_key', '=', key)
      .where('created_at', '>', now() - life)
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .execute()

  return {
    of,

    byId: (db: Reader, id: string): Promise<PendingSignup | undefined> =>
      db.selectFrom('pending_signups').selectAll().where('id', '=', id).executeTakeFirst(),

    insert: async (tx: Tx, signup: PendingSignup): Promise<void> => {
      const others = await of(tx, signup.email_key)
      await remove(
        tx,
        others.slice(MOST - 1).map(({ id }) => id),
      )
      await tx.insertInto('pending_signups').values(signup).execute()
    },

    /** Removes every sign-up of an address, with its tokens: the mailbox's owner has proved who they are. */
    removeAll: async (tx: Tx, key: string): Promise<void> => {
      const rows = await tx.selectFrom('pending_signups').select('id').where('email_key', '=', key).execute()
      await remove(
        tx,
        rows.map(({ id }) => id),
      )
    },

    sweep: async (tx: Tx): Promise<void> => {
      const rows = await tx
        .selectFrom('pending_signups')
        .select('id')
        .where('created_at', '<=', now() - life)
        .limit(1000)
        .execute()
      await remove(
        tx,
        rows.map(({ id }) => id),
      )
    },
  }
}

export type Pending = ReturnType<typeof createPending>
