import { newId } from '../crypto/random.ts'
import { addressOf } from './input.ts'
import type { MailTokens } from './mail-tokens.ts'
import type { Mails } from './mails.ts'
import type { Parts } from './parts.ts'
import type { Pending } from './pending.ts'
import type { Throttle } from './throttle.ts'
import { findByKey } from './user.ts'

type Needs = Pick<Parts, 'db' | 'random'> & {
  throttle: Throttle
  tokens: MailTokens
  pending: Pending
  mails: Mails
}

/** Mails the newest sign-up of an address once more, or that it has an account; to others, an unsent mail is written. */
export const createResend =
  ({ db, random, throttle, tokens, pending, mails }: Needs) =>
  async (email: string, ip: string): Promise<void> => {
    const address = addressOf(email)
    await throttle.forgot(ip)
    const mayMail = await throttle.mayMail('verify', address.key)
    const token = tokens.prepare()
    await db.write(async tx => {
      const account = await findByKey(tx, 'client', address.key)
      const [newest] = await pending.of(tx, address.key)
      const stored = await tokens.insert(tx, token, 'verify', (mayMail && newest?.id) || newId(random))
      if (account !== undefined && mayMail) await mails.alreadyRegistered(tx, account)
      else {
        const to = { email: stored && mayMail ? (newest?.email ?? null) : null, language: newest?.language ?? 'en' }
        await mails.verify(tx, to, token.token)
      }
    })
    mails.wake()
  }
