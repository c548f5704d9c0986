import { person } from '../audit/event.ts'
import type { Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Devices } from './devices.ts'
import { checkNewPassword } from './input.ts'
import type { MailTokens } from './mail-tokens.ts'
import type { Origin, Parts } from './parts.ts'
import type { Pending } from './pending.ts'
import { auditActor, findById } from './user.ts'

type Needs = Pick<Parts, 'db' | 'passwords' | 'audit' | 'now'> & {
  tokens: MailTokens
  devices: Devices
  pending: Pending
}

/**
 * Sets a new password by a mailed token, which knows its account. Whoever reads the mailbox is the owner from now on: the
 * address counts as verified, and everything that was granted on the old password ends (sessions, links by the epoch,
 * remembered browsers, other tokens, sign-ups that wait for the address).
 */
export const createReset =
  ({ db, passwords, audit, now, tokens, devices, pending }: Needs) =>
  async (input: { token: string; password: string; origin: Origin }): Promise<void> => {
    const id = await tokens.subjectOf(db.read, 'reset', input.token)
    const found = id === undefined ? undefined : await findById(db.read, id)
    if (found === undefined || found.disabled_at !== null) throw dead()
    checkNewPassword(passwords, input.password, [found.email, found.name])
    // Whoever reads the mailbox does not stand in the strangers' queue.
    const password_hash = await passwords.hash(input.password, { known: true })
    await db.write(async (tx: Tx) => {
      if (!(await tokens.use(tx, 'reset', input.token))) throw dead()
      const account = await findById(tx, found.id)
      if (account === undefined || account.disabled_at !== null) throw dead()
      await tx
        .updateTable('accounts')
        .set(eb => ({
          password_hash,
          epoch: eb('epoch', '+', 1),
          email_verified_at: account.email_verified_at ?? now(),
        }))
        .where('id', '=', account.id)
        .execute()
      await tx.deleteFrom('sessions').where('account_id', '=', account.id).execute()
      await devices.forgetAll(tx, account.id)
      await tokens.void(tx, [account.id])
      await pending.removeAll(tx, account.email_key)
      const event = { actor: auditActor(account, input.origin), subject: person(account) }
      if (account.email_verified_at === null) await audit.append(tx, { kind: 'account.verified', ...event })
      await audit.append(tx, { kind: 'account.password_changed', ...event, data: { by: 'reset' } })
    })
  }

const dead = () =>
  new AppError('invalid_token', {
    detail: 'It was used already, is older than an hour, or is incomplete. Ask for a new mail.',
  })
