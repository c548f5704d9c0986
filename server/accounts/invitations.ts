import { personal, type Actor as Who } from '../audit/event.ts'
import type { Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { decodeCursor, limitOf, pageOf } from '../paging.ts'
import { type InvitationRow, invitationSubject, showInvitations } from './invitation-view.ts'
import type { MailTokens } from './mail-tokens.ts'
import type { Parts } from './parts.ts'
import { withdrawGrants } from './withdraw-grants.ts'

type Needs = Pick<Parts, 'db' | 'audit' | 'now'> & { tokens: MailTokens }

/** Invitations that were sent: all when `owner` is undefined, else those `owner` sent. */
export const createInvitations = ({ db, audit, now, tokens }: Needs) => ({
  /** Newest first. */
  listInvitations: async (query: { limit?: string; cursor?: string }, owner: string | undefined) => {
    const limit = limitOf(query.limit)
    let rows = db.read
      .selectFrom('invitations')
      .selectAll()
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
    if (owner !== undefined) rows = rows.where('invited_by', '=', owner)
    if (query.cursor !== undefined) {
      const [created, id] = decodeCursor(query.cursor, ['number', 'string'])
      rows = rows.where(eb => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(created, id)))
    }
    const page = pageOf(await rows.execute(), limit, row => [row.created_at, row.id])
    return { items: await showInvitations(db.read, page.rows, now()), next_cursor: page.next_cursor }
  },

  /** Makes an invitation worthless. Throws `not_found`, or `conflict` when it was accepted already. */
  revokeInvitation: (id: string, { owner, who }: { owner: string | undefined; who: Who }): Promise<void> =>
    db.write(async tx => {
      let query = tx.selectFrom('invitations').selectAll().where('id', '=', id)
      if (owner !== undefined) query = query.where('invited_by', '=', owner)
      const row = await query.executeTakeFirst()
      if (row === undefined) throw new AppError('not_found')
      if (row.accepted_at !== null) {
        throw new AppError('conflict', { detail: 'It was accepted; disable the account instead.' })
      }
      if (row.revoked_at !== null) return
      await tx.updateTable('invitations').set({ revoked_at: now() }).where('id', '=', id).execute()
      await tokens.void(tx, [id])
      await audit.append(tx, { kind: 'invitation.revoked', actor: who, subject: invitationSubject(row) })
      await withdrawShared(tx, { audit, row, who })
    }),
})

type Withdrawing = { audit: Parts['audit']; row: InvitationRow; who: Who }

/**
 * With the last invitation of an address that is not here yet, what was shared with it is withdrawn: the address may have been
 * a mistake, and its owner can still sign up.
 */
const withdrawShared = async (tx: Tx, { audit, row, who }: Withdrawing): Promise<void> => {
  const { account_id, email } = row
  const known = await tx.selectFrom('accounts').select('id').where('id', '=', account_id).executeTakeFirst()
  const other = await tx
    .selectFrom('invitations')
    .select('id')
    .where('account_id', '=', account_id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (known || other) return
  const client = { id: personal(account_id), email: personal(email) }
  await withdrawGrants(tx, audit, `client:${account_id}`, { who, data: { client } })
  await tx.deleteFrom('handoff_clients').where('client_id', '=', account_id).execute()
}
