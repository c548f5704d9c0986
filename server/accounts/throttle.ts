import { toBase64url } from '../crypto/encoding.ts'
import { sha256Base64url } from '../crypto/hash.ts'
import type { MailPurpose } from '../db/schema.ts'
import { AppError, retryAfter } from '../errors.ts'
import { addressKey } from '../limits/address-key.ts'
import type { BucketName } from '../limits/buckets.ts'
import type { Limits, Taken } from '../limits/limits.ts'
import type { Role } from './user.ts'

type Turn = { wait: number; linkHelps: boolean } | { giveBack: () => Promise<void> }

/** Which of the limits each step takes from. Known and unknown addresses take alike: the keys are what was typed. */
export const createThrottle = ({ limits }: { limits: Limits }) => {
  const orRefuse = (taken: Taken): void => {
    if (taken.ok) return
    throw new AppError('too_many_requests', {
      detail: 'Too many attempts; wait a little.',
      headers: retryAfter(taken.retryAfter),
    })
  }

  return {
    /**
     * One password check. A device that signed in to this account before has its own bucket and no other: guesses from
     * elsewhere, or from behind the same address, leave it full. `wait` in seconds; `giveBack` after the right password.
     */
    signIn: async (who: { role: Role; key: string; device: Uint8Array | undefined; ip: string }): Promise<Turn> => {
      const wanted: [BucketName, string][] = who.device
        ? [['sign_in_device', toBase64url(who.device)]]
        : [
            ['sign_in_ip', addressKey(who.ip)],
            ['sign_in_account', `${who.role} ${who.key}`],
          ]
      for (const [bucket, key] of wanted) {
        const taken = await limits.take(bucket, key)
        if (!taken.ok) return { wait: taken.retryAfter, linkHelps: who.device === undefined }
      }
      return {
        giveBack: async () => {
          for (const [bucket, key] of wanted) await limits.refund(bucket, key)
        },
      }
    },

    /** Password checks beside one mailed token: who reads the mailbox may mistype, not search. Throws 429. */
    mailToken: async (token: string): Promise<void> =>
      orRefuse(await limits.take('sign_in_device', `mail ${sha256Base64url(token)}`)),

    /** Throws 429. */
    signUp: async (ip: string): Promise<void> => orRefuse(await limits.take('sign_up_ip', addressKey(ip))),

    /** Throws 429. */
    forgot: async (ip: string): Promise<void> => orRefuse(await limits.take('forgot_ip', addressKey(ip))),

    /** Mails to somebody who did not ask for them. Throws 429. */
    invitation: async (key: string): Promise<void> =>
      orRefuse(await limits.take('mail_recipient', `invitation ${key}`)),

    /**
     * Whether a mail may go to this address: three an hour for each purpose. Counted apart, or sign-ups by a stranger would
     * keep the owner from resetting a password.
     */
    mayMail: async (purpose: Exclude<MailPurpose, 'invitation'>, key: string): Promise<boolean> =>
      (await limits.take('mail_recipient', `${purpose} ${key}`)).ok,
  }
}

export type Throttle = ReturnType<typeof createThrottle>
