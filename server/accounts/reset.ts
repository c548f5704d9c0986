import { person } from '../audit/event.ts'
import type { Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Devices } from './devices.ts'
import { checkNewPassword } from './input.ts'
import type { MailTokens } from './mail-tokens.ts'
import type { Origin, Parts } from './parts.ts'
import type { Pending } from './pending.ts'
import { type Account, auditActor, findById } from './user.ts'

type Needs = Pick<Parts, 'db' | 'passwords' | 'audit' | 'now'> & {
  tokens: MailTokens
  devices: Devices
  pending: Pending
}

/** New passwords without the old one: by a mailed token, or by whoever has the data folder. */
export const createReset = ({ db, passwords, audit, now, tokens, devices, pending }: Needs) => {
  /** Ends everything that was granted on the old password: sessions, links (by the epoch), remembered browsers, tokens. */
  const change = async (tx: Tx, account: Account, password_hash: string, by: By): Promise<void> => {
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
    const event = { actor: by.actor, subject: person(account) }
    if (account.email_verified_at === null) await audit.append(tx, { kind: 'account.verified', ...event })
    await audit.append(tx, { kind: 'account.password_changed', ...event, data: { by: by.way } })
  }

  return {
    /** Whoever reads the mailbox is the owner from now on: the token knows its account, the address counts as verified. */
    reset: async (input: { token: string; password: string; origin: Origin }): Promise<void> => {
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
        await change(tx, account, password_hash, { actor: auditActor(account, input.origin), way: 'reset' })
      })
    },

    /** For the command line. Throws `invalid_request` for a weak password. */
    setPassword: async (account: Account, password: string): Promise<void> => {
      checkNewPassword(passwords, password, [account.email, account.name])
      const password_hash = await passwords.hash(password, { known: true })
      await db.write(tx => change(tx, account, password_hash, { actor: null, way: 'command_line' }))
    },
  }
}

type By = { actor: ReturnType<typeof auditActor> | null; way: 'reset' | 'command_line' }

const dead = () =>
  new AppError('invalid_token', {
    detail: 'It was used already, is older than an hour, or is incomplete. Ask for a new mail.',
  })
