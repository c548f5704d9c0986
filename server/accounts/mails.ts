import type { MailPurpose, Tx } from '../db/schema.ts'
import * as messages from '../mail/messages.ts'
import { mailTokenLife } from './mail-tokens.ts'
import type { Parts } from './parts.ts'
import type { Role } from './user.ts'

type Needs = Pick<Parts, 'outbox' | 'now'> & { publicUrl: URL }

/** Null: written and sealed alike, but sent to nobody, so that its time tells nothing. */
type To = string | null

/** The mails of this feature, put into the outbox in the transaction of what they tell of. */
export const createMails = ({ outbox, now, publicUrl }: Needs) => {
  const base = { publicUrl: publicUrl.origin }
  const withToken = (purpose: MailPurpose, token: string) => ({ ...base, token, until: now() + mailTokenLife[purpose] })

  return {
    verify: async (tx: Tx, to: To, token: string): Promise<void> => {
      const message = messages.verification(withToken('verify', token))
      await outbox.enqueue(tx, { kind: 'verification', to, message })
    },
    alreadyRegistered: async (tx: Tx, to: string): Promise<void> => {
      await outbox.enqueue(tx, { kind: 'already_registered', to, message: messages.alreadyRegistered(base) })
    },
    reset: async (tx: Tx, to: To, token: string): Promise<void> => {
      const message = messages.passwordReset(withToken('reset', token))
      await outbox.enqueue(tx, { kind: 'password_reset', to, message })
    },
    signInLink: async (tx: Tx, to: string, token: string): Promise<void> => {
      const message = messages.signInLink(withToken('sign_in', token))
      await outbox.enqueue(tx, { kind: 'sign_in_link', to, message })
    },
    invitation: async (tx: Tx, to: string, token: string, role: Role): Promise<void> => {
      const message = messages.invitation({ ...withToken('invitation', token), role })
      await outbox.enqueue(tx, { kind: 'invitation', to, message })
    },
    /** After the transaction: a person is waiting for this mail. */
    wake: (): void => outbox.wake(),
  }
}

export type Mails = ReturnType<typeof createMails>
