import type { InvitationOffer } from '../../contract/accounts.ts'
import type { Static } from '../../contract/wire.ts'
import type { Reader } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { InvitationRow } from './invitation-view.ts'
import type { MailTokens } from './mail-tokens.ts'
import { alreadyHere } from './new-account.ts'
import type { Parts } from './parts.ts'
import { reach } from './policy.ts'
import { findById, findByKey, toTime } from './user.ts'

/** An invitation that can be accepted: its inviter is still here and still allowed to invite that role. `now` in milliseconds. */
export const openInvitation = async (
  db: Reader,
  id: string,
  now: number,
): Promise<(InvitationRow & { inviter: string }) | undefined> => {
  const row = await db
    .selectFrom('invitations')
    .selectAll()
    .where('id', '=', id)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const inviter = await findById(db, row.invited_by)
  if (inviter === undefined || inviter.disabled_at !== null) return undefined
  const needed = row.role === 'ops' ? 'team:invite' : 'clients:invite'
  const allowed = reach({ role: inviter.role, admin: inviter.admin === 1 }, needed) !== 'none'
  return allowed ? { ...row, inviter: inviter.name } : undefined
}

export const deadInvitation = () =>
  new AppError('invalid_token', {
    detail: 'It was used already, withdrawn, is older than a week, or is incomplete. Ask for another invitation.',
  })

type Needs = Pick<Parts, 'db' | 'now'> & { tokens: MailTokens }

/**
 * What an invitation's mail offers, for the page it leads to: whoever holds its token may know whose address it is for and who
 * invites. Uses nothing up. Throws `invalid_token` and `conflict`, as accepting it would.
 */
export const createReadInvitation =
  ({ db, now, tokens }: Needs) =>
  async (token: string): Promise<Static<typeof InvitationOffer>> => {
    const id = await tokens.subjectOf(db.read, 'invitation', token)
    const found = id === undefined ? undefined : await openInvitation(db.read, id, now())
    if (found === undefined) throw deadInvitation()
    const { email, role, inviter, expires_at } = found
    if (await findByKey(db.read, role, found.email_key)) throw alreadyHere(role, email)
    return { email, role, invited_by: { name: inviter }, expires_at: toTime(expires_at) }
  }
