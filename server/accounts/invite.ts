import type { Actor as Who } from '../audit/event.ts'
import { newId } from '../crypto/random.ts'
import type { GroupTable, Tx } from '../db/schema.ts'
import { AppError, invalid } from '../errors.ts'
import { groupSubject } from './groups.ts'
import { addressOf } from './input.ts'
import { type InvitationRow, invitationSubject, showInvitations } from './invitation-view.ts'
import { type MailTokens, mailTokenLife } from './mail-tokens.ts'
import type { Mails } from './mails.ts'
import type { Parts } from './parts.ts'
import { reservedId } from './reserved-id.ts'
import type { Throttle } from './throttle.ts'
import { findById, findByKey, type Role } from './user.ts'

type Needs = Pick<Parts, 'db' | 'audit' | 'random' | 'now'> & {
  throttle: Throttle
  tokens: MailTokens
  mails: Mails
}

export type Invite = {
  email: string
  role: Role
  groups: readonly string[]
  /** Whose groups may be named; undefined for all. */
  owner: string | undefined
  who: Who
}

/**
 * Invites an address: a mail with a token that makes an account of that role, in those groups. An address that has such an
 * account is a `conflict`: ops see the list of people anyway, and an invitation must change nothing for who is here already.
 */
export const createInvite =
  ({ db, audit, random, now, throttle, tokens, mails }: Needs) =>
  async ({ email, role, groups: groupIds, owner, who }: Invite) => {
    const address = addressOf(email)
    const ids = [...new Set(groupIds)]
    if (role === 'ops' && ids.length > 0) throw invalid('groups', 'are for clients')
    if (await findByKey(db.read, role, address.key)) throw taken(address.email, role)
    await throttle.invitation(address.key)
    const token = tokens.prepare()
    const created_at = now()
    const invitation: Omit<InvitationRow, 'account_id'> = {
      id: newId(random),
      email: address.email,
      email_key: address.key,
      role,
      group_ids: JSON.stringify(ids),
      invited_by: who.id,
      created_at,
      expires_at: created_at + mailTokenLife.invitation,
      accepted_at: null,
      revoked_at: null,
    }
    const row = await db.write(async tx => {
      if (await findByKey(tx, role, address.key)) throw taken(address.email, role)
      const row = { ...invitation, account_id: await reservedId(tx, role, address.key, () => newId(random)) }
      const groups = await groupsFor(tx, ids, owner)
      await tx.insertInto('invitations').values(row).execute()
      await tokens.insert(tx, token, 'invitation', row.id)
      await audit.append(tx, {
        kind: 'invitation.created',
        actor: who,
        subject: invitationSubject(row),
        data: { groups: groups.map(groupSubject) },
      })
      const inviter = await findById(tx, who.id)
      await mails.invitation(tx, { email: address.email, language: inviter?.language ?? 'en' }, token.token, role)
      return row
    })
    mails.wake()
    const [shown] = await showInvitations(db.read, [row], now())
    if (shown === undefined) throw new AppError('not_found')
    return shown
  }

const taken = (email: string, role: Role) =>
  new AppError('conflict', {
    detail:
      role === 'client'
        ? `${email} has a client account already; put it into a group, or share with it.`
        : `${email} is in the team already.`,
  })

const groupsFor = async (tx: Tx, ids: readonly string[], owner: string | undefined): Promise<GroupTable[]> => {
  if (ids.length === 0) return []
  let query = tx.selectFrom('groups').selectAll().where('id', 'in', ids)
  if (owner !== undefined) query = query.where('created_by', '=', owner)
  const groups = await query.execute()
  const missing = ids.find(id => !groups.some(group => group.id === id))
  if (missing !== undefined) throw invalid('groups', `${missing} is not a group that you manage`)
  return groups
}
