import { AppError } from '../errors.ts'
import type { CheckPassword } from './check-password.ts'
import type { LetIn, LetInVerb } from './let-in.ts'
import type { MailTokens } from './mail-tokens.ts'
import type { Mails } from './mails.ts'
import type { Transport } from './new-session.ts'
import type { Origin, Parts } from './parts.ts'
import type { Refusals } from './refusals.ts'
import type { Throttle } from './throttle.ts'
import { type Account, findById, type Role } from './user.ts'

type MailNeeds = Pick<Parts, 'db' | 'log'> & { throttle: Throttle; tokens: MailTokens; mails: Mails }

/**
 * Mails a link that lets an account's owner past a throttle that others have filled. Nobody waits for it, so its time tells
 * nothing about the account; beyond three an hour for an address nothing is sent.
 */
export const createMailSignInLink = ({ db, log, throttle, tokens, mails }: MailNeeds) => {
  const running = new Set<Promise<void>>()
  const send = async (account: Account, key: string): Promise<void> => {
    if (!(await throttle.mayMail('sign_in', key))) return
    const token = tokens.prepare()
    await db.write(async tx => {
      const stored = await tokens.insert(tx, token, 'sign_in', account.id)
      if (stored) await mails.signInLink(tx, account, token.token)
    })
    mails.wake()
  }
  return {
    mailSignInLink: (account: Account | undefined, key: string): void => {
      if (account === undefined || account.disabled_at !== null) return
      const done = send(account, key)
        .catch((error: unknown) => log.error({ err: error }, 'a sign-in link was not mailed'))
        .finally(() => running.delete(done))
      running.add(done)
    },
    settled: async (): Promise<void> => {
      await Promise.all(running)
    },
  }
}

export type MailSignInLink = ReturnType<typeof createMailSignInLink>['mailSignInLink']

type Needs = Pick<Parts, 'db'> & {
  throttle: Throttle
  tokens: MailTokens
  checkPassword: CheckPassword
  letIn: LetInVerb
  refusals: Refusals
}

/** Signs in with a mailed link and the password: the link replaces the place in the queue, not the password. */
export const createSignInByLink =
  ({ db, throttle, tokens, checkPassword, letIn, refusals }: Needs) =>
  async (input: {
    role: Role
    token: string
    password: string
    transport: Transport
    browser: boolean
    origin: Origin
  }): Promise<LetIn> => {
    const id = await tokens.subjectOf(db.read, 'sign_in', input.token)
    const account = id === undefined ? undefined : await findById(db.read, id)
    if (account === undefined || account.role !== input.role) throw dead()
    await throttle.mailToken(input.token)
    // Whoever reads the mailbox does not stand in the strangers' queue.
    const verdict = await checkPassword(account.role, account.email_key, account, input.password, true)
    if (verdict.outcome !== 'right') {
      refusals.note(account, account.disabled_at === null ? 'password' : 'disabled')
      throw new AppError('invalid_credentials')
    }
    const entry = {
      transport: input.transport,
      browser: input.browser,
      origin: input.origin,
      by: 'mail_link',
    } as const
    return letIn(verdict.account, entry, async tx => {
      if (!(await tokens.use(tx, 'sign_in', input.token))) throw dead()
    })
  }

const dead = () =>
  new AppError('invalid_token', {
    detail: 'It was used already, is older than an hour, or is incomplete. Sign in as usual.',
  })
