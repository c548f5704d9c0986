import type { MailPurpose, Tx } from '../db/schema.ts'
import type { Language } from '../language.ts'
import * as messages from '../mail/messages.ts'
import { mailTokenLife } from './mail-tokens.ts'
import type { Parts } from './parts.ts'
import type { Role } from './user.ts'

type Needs = Pick<Parts, 'outbox' | 'now'> & { publicUrl: URL }

/** Whom a mail is for. Without an address it is written and sealed alike, but sent to nobody, so that its time tells nothing. */
type To = { email: string | null; language: Language }

/** The mails of this feature, put into the outbox in the transaction of what they tell of. */
export const createMails = ({ outbox, now, publicUrl }: Needs) => {
  const writing = ({ language }: To) => ({ publicUrl: publicUrl.origin, language })
  const withToken = (to: To, purpose: MailPurpose, token: string) => ({
    ...writing(to),
    token,
    until: now() + mailTokenLife[purpose],
  })
  const put = async (
    tx: Tx,
    to: To,
    kind: string,
    message: ReturnType<typeof messages.verification>,
  ): Promise<void> => {
    await outbox.enqueue(tx, { kind, to: to.email, message })
  }

  return {
    verify: (tx: Tx, to: To, token: string) =>
      put(tx, to, 'verification', messages.verification(withToken(to, 'verify', token))),
    alreadyRegistered: (tx: Tx, to: To) => put(tx, to, 'already_registered', messages.alreadyRegistered(writing(to))),
    reset: (tx: Tx, to: To, token: string) =>
      put(tx, to, 'password_reset', messages.passwordReset(withToken(to, 'reset', token))),
    signInLink: (tx: Tx, to: To, token: string) =>
      put(tx, to, 'sign_in_link', messages.signInLink(withToken(to, 'sign_in', token))),
    invitation: (tx: Tx, to: To, token: string, role: Role) =>
      put(tx, to, 'invitation', messages.invitation({ ...withToken(to, 'invitation', token), role })),
    /** After the transaction: a person is waiting for this mail. */
    wake: (): void => outbox.wake(),
  }
}

export type Mails = ReturnType<typeof createMails>
