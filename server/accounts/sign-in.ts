import { AppError, retryAfter } from '../errors.ts'
import type { CheckPassword } from './check-password.ts'
import type { Devices } from './devices.ts'
import { addressOf } from './input.ts'
import type { LetIn, LetInVerb } from './let-in.ts'
import type { Transport } from './new-session.ts'
import type { Origin, Parts } from './parts.ts'
import type { Refusals } from './refusals.ts'
import type { MailSignInLink } from './sign-in-link.ts'
import type { Throttle } from './throttle.ts'
import { findByKey, type Role } from './user.ts'

type Needs = Pick<Parts, 'db' | 'passwords'> & {
  throttle: Throttle
  devices: Devices
  checkPassword: CheckPassword
  letIn: LetInVerb
  refusals: Refusals
  mailSignInLink: MailSignInLink
}

export type SignInInput = {
  role: Role
  email: string
  password: string
  transport: Transport
  /** The request may carry and be given cookies. */
  browser: boolean
  deviceCookie: string | undefined
  origin: Origin
}

/**
 * Signs in at one door. Wrong password, unknown address, disabled account and the other door's account are one answer
 * (`invalid_credentials`) after the same work. Guessing is bounded per address, not per guesser, so it is the owner's known
 * device, or a mailed link, that keeps the owner from being locked out by it (security.md, "Decided").
 */
export const createSignIn =
  ({ db, passwords, throttle, devices, checkPassword, letIn, refusals, mailSignInLink }: Needs) =>
  async (input: SignInInput): Promise<LetIn> => {
    const { role, password, transport, browser, origin } = input
    const { key } = addressOf(input.email)
    const account = await findByKey(db.read, role, key)
    const device = await devices.known(db.read, role, key, input.deviceCookie)
    const turn = await throttle.signIn({ role, key, device, ip: origin.ip })
    if ('wait' in turn) {
      refusals.note(account, 'too_many')
      if (turn.linkHelps) mailSignInLink(account, key)
      throw new AppError('too_many_requests', {
        detail: 'Too many attempts. If the account is yours, a mail with a link to sign in is on its way.',
        headers: retryAfter(turn.wait),
      })
    }
    const known = device !== undefined
    const verdict = await checkPassword(role, key, account, password, known)
    if (verdict.outcome === 'unverified') {
      throw new AppError('email_not_verified', { detail: 'Open the link in the mail, or ask for another mail.' })
    }
    if (verdict.outcome === 'wrong') {
      refusals.note(account, account?.disabled_at == null ? 'password' : 'disabled')
      throw new AppError('invalid_credentials')
    }
    const before = verdict.account.password_hash
    const rehashed = verdict.rehash ? await passwords.hash(password, { known }) : undefined
    const entry = { transport, browser, device, origin, by: 'password' } as const
    const letInNow = await letIn(verdict.account, entry, async (tx, { id }) => {
      if (rehashed === undefined) return
      await tx
        .updateTable('accounts')
        .set({ password_hash: rehashed })
        .where('id', '=', id)
        .where('password_hash', '=', before)
        .execute()
    })
    await turn.giveBack()
    return letInNow
  }
