import { personal } from '../audit/event.ts'
import type { Signup } from '../config-types.ts'
import { newId } from '../crypto/random.ts'
import { AppError } from '../errors.ts'
import { addressOf, checkNewPassword, nameOf } from './input.ts'
import type { MailTokens } from './mail-tokens.ts'
import type { Mails } from './mails.ts'
import type { Origin, Parts } from './parts.ts'
import type { Pending } from './pending.ts'
import type { Throttle } from './throttle.ts'
import { findByKey } from './user.ts'

type Needs = Pick<Parts, 'db' | 'passwords' | 'audit' | 'random' | 'now'> & {
  signup: Signup
  throttle: Throttle
  tokens: MailTokens
  pending: Pending
  mails: Mails
}

/**
 * Records a sign-up and mails its token. An address that has an account goes the same way, statement by statement: its
 * sign-up is recorded with a token that nobody is sent, so that neither the answer, nor its time, nor a later sign-in with
 * the chosen password tells whether there is an account. Only the mail, which its owner alone reads, says so.
 */
export const createSignUp =
  ({ db, passwords, audit, random, now, signup, throttle, tokens, pending, mails }: Needs) =>
  async (input: { email: string; name: string; password: string; origin: Origin }): Promise<void> => {
    const address = addressOf(input.email)
    const name = nameOf(input.name)
    if (!mayJoin(signup, address.key)) throw new AppError('signup_closed', { detail: closedText(signup) })
    checkNewPassword(passwords, input.password, [address.email, name])
    await throttle.signUp(input.origin.ip)
    const mayMail = await throttle.mayMail('verify', address.key)
    const password_hash = await passwords.hash(input.password)
    const token = tokens.prepare()
    const { language = 'en' } = input.origin
    const id = newId(random)
    await db.write(async tx => {
      // Not recorded either: a flood of sign-ups would push out the one whose owner is about to press the button.
      if (!mayMail) return mails.verify(tx, { email: null, language }, token.token)
      const account = await findByKey(tx, 'client', address.key)
      await pending.insert(tx, {
        id,
        email: address.email,
        email_key: address.key,
        name,
        password_hash,
        language,
        created_at: now(),
      })
      await tokens.insert(tx, token, 'verify', id)
      await audit.append(tx, {
        kind: 'account.signup_started',
        actor: null,
        subject: { signup: id, email: personal(address.email), name: personal(name) },
      })
      // Never to the address as typed when an account exists: its owner is who signed up with the stored one.
      if (account === undefined) await mails.verify(tx, { email: address.email, language }, token.token)
      else await mails.alreadyRegistered(tx, account)
    })
    mails.wake()
  }

const mayJoin = (signup: Signup, key: string): boolean => {
  if (signup.mode === 'domains') return signup.domains.includes(key.slice(key.lastIndexOf('@') + 1))
  return signup.mode === 'open'
}

const closedText = (signup: Signup): string =>
  signup.mode === 'domains'
    ? 'Sign-up is for certain domains only. Ask for an invitation.'
    : 'Accounts are by invitation. Ask the people who send you documents for one.'
