import { newId } from '../crypto/random.ts'
import { addressOf } from './input.ts'
import type { MailTokens } from './mail-tokens.ts'
import type { Mails } from './mails.ts'
import type { Parts } from './parts.ts'
import type { Throttle } from './throttle.ts'
import { findByKey, type Role } from './user.ts'

type Needs = Pick<Parts, 'db' | 'random'> & { throttle: Throttle; tokens: MailTokens; mails: Mails }

/**
 * Mails a link to choose a new password. For an unknown or disabled account the same statements run, with a token that is
 * for nobody and a mail that is not sent.
 */
export const createForgot =
  ({ db, random, throttle, tokens, mails }: Needs) =>
  async (role: Role, email: string, ip: string): Promise<void> => {
    const address = addressOf(email)
    await throttle.forgot(ip)
    // Only what would be sent counts: asking at the door where the address has no account must not use up the mails of the other.
    const known = await findByKey(db.read, role, address.key)
    const mayMail = known !== undefined && (await throttle.mayMail('reset', address.key))
    const token = tokens.prepare()
    await db.write(async tx => {
      const account = await findByKey(tx, role, address.key)
      // Without its mail a token would only use up one of the three that may live.
      const mayReset = account !== undefined && account.disabled_at === null && mayMail
      const stored = await tokens.insert(tx, token, 'reset', mayReset ? account.id : newId(random))
      // To the stored address: the one in the request might be spelled so that another mailbox gets it.
      const to = { email: mayReset && stored ? account.email : null, language: account?.language ?? 'en' }
      await mails.reset(tx, to, token.token)
    })
    mails.wake()
  }
