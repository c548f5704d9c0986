import type { User } from '../../contract/accounts.ts'
import { AppError } from '../errors.ts'
import { addressOf } from './input.ts'
import type { MailTokens } from './mail-tokens.ts'
import type { CreateAccount } from './new-account.ts'
import type { Origin, Parts } from './parts.ts'
import type { Pending } from './pending.ts'
import type { Throttle } from './throttle.ts'
import { findByKey, toUser } from './user.ts'

type Needs = Pick<Parts, 'db' | 'passwords'> & {
  throttle: Throttle
  tokens: MailTokens
  pending: Pending
  createAccount: CreateAccount
}

/**
 * Makes an account of a sign-up, given its token and the password chosen then. The token alone proves only that somebody
 * reads the mailbox: without the password they would confirm an account that a stranger prepared (gauntlet row 41).
 */
export const createVerify =
  ({ db, passwords, throttle, tokens, pending, createAccount }: Needs) =>
  async (input: { token: string; password: string; origin: Origin }): Promise<User> => {
    const id = await tokens.subjectOf(db.read, 'verify', input.token)
    const signup = id === undefined ? undefined : await pending.byId(db.read, id)
    if (signup === undefined) throw dead()
    await throttle.mailToken(input.token)
    const { ok } = await passwords.verify(signup.password_hash, input.password, { known: false })
    if (!ok) {
      throw new AppError('invalid_credentials', {
        detail: 'Type the password you chose at this very sign-up, or sign up again and use the newest mail.',
      })
    }
    const account = await db.write(async tx => {
      if (!(await tokens.use(tx, 'verify', input.token))) throw dead()
      if (await findByKey(tx, 'client', signup.email_key)) throw dead()
      return createAccount(tx, {
        role: 'client',
        address: addressOf(signup.email),
        name: signup.name,
        passwordHash: signup.password_hash,
        admin: false,
        by: 'signup',
        origin: input.origin,
      })
    })
    return toUser(account)
  }

const dead = () =>
  new AppError('invalid_token', {
    detail:
      'It was used already, is older than a day, or is incomplete. If the address is verified already, sign in; else sign up again.',
  })
