import { personal } from '../audit/event.ts'
import type { Tx } from '../db/schema.ts'
import type { Devices } from './devices.ts'
import { groupSubject } from './groups.ts'
import { addressOf, checkNewPassword, nameOf } from './input.ts'
import { groupIdsOf, invitationSubject } from './invitation-view.ts'
import type { LetIn } from './let-in.ts'
import type { MailTokens } from './mail-tokens.ts'
import type { CreateAccount } from './new-account.ts'
import type { NewSession, Transport } from './new-session.ts'
import { deadInvitation, openInvitation } from './open-invitation.ts'
import type { Origin, Parts } from './parts.ts'
import { auditActor, toUser } from './user.ts'

type Needs = Pick<Parts, 'db' | 'passwords' | 'audit' | 'now'> & {
  tokens: MailTokens
  createAccount: CreateAccount
  newSession: NewSession
  devices: Devices
}

export type Accept = {
  token: string
  name: string
  password: string
  transport: Transport
  browser: boolean
  origin: Origin
}

/**
 * Makes the invited account and signs it in. The token came by mail, so the address is verified and sign-ups that waited for
 * it are gone. Throws `invalid_token`, also when who invited may no longer do so; `conflict` when there is an account by now.
 */
export const createAccept =
  ({ db, passwords, audit, now, tokens, createAccount, newSession, devices }: Needs) =>
  async (input: Accept): Promise<LetIn> => {
    const id = await tokens.subjectOf(db.read, 'invitation', input.token)
    const found = id === undefined ? undefined : await openInvitation(db.read, id, now())
    if (found === undefined) throw deadInvitation()
    const name = nameOf(input.name)
    checkNewPassword(passwords, input.password, [found.email, name])
    // Whoever reads the mailbox does not stand in the strangers' queue.
    const passwordHash = await passwords.hash(input.password, { known: true })
    const session = newSession.prepare()
    const device = input.browser ? devices.prepare() : undefined
    const account = await db.write(async tx => {
      const invitation = await openInvitation(tx, found.id, now())
      if (invitation === undefined || !(await tokens.use(tx, 'invitation', input.token))) throw deadInvitation()
      await tx.updateTable('invitations').set({ accepted_at: now() }).where('id', '=', invitation.id).execute()
      const { role, email } = invitation
      const created = await createAccount(tx, {
        role,
        address: addressOf(email),
        name,
        passwordHash,
        admin: false,
        by: 'invitation',
        origin: input.origin,
      })
      const who = auditActor(created, input.origin)
      const added = [{ id: personal(created.id), email: personal(created.email) }]
      for (const group of await join(tx, created.id, groupIdsOf(invitation))) {
        const data = { added, removed: [] }
        await audit.append(tx, { kind: 'group.members_changed', actor: who, subject: groupSubject(group), data })
      }
      await audit.append(tx, {
        kind: 'invitation.accepted',
        actor: who,
        subject: invitationSubject(invitation),
      })
      await newSession.insert(tx, session, created, { ...input, by: 'invitation' })
      if (device) await devices.insert(tx, device, created.id)
      return created
    })
    return { user: toUser(account), ...(await newSession.seal(session, account)), device }
  }

/** Puts a new client into the groups of its invitation that still exist, and names them. */
const join = async (tx: Tx, accountId: string, groupIds: readonly string[]) => {
  if (groupIds.length === 0) return []
  const groups = await tx.selectFrom('groups').select(['id', 'name']).where('id', 'in', groupIds).execute()
  if (groups.length === 0) return []
  const rows = groups.map(group => ({ group_id: group.id, account_id: accountId }))
  await tx.insertInto('group_members').values(rows).execute()
  return groups
}
