import type { Passwords } from '../crypto/password.ts'
import type { Reader } from '../db/schema.ts'
import type { Pending } from './pending.ts'
import type { Account, Role } from './user.ts'

type Verdict =
  | { outcome: 'right'; account: Account; rehash: boolean }
  | { outcome: 'unverified' }
  | { outcome: 'wrong' }

/**
 * Judges a password for an address at one door. An unknown, a disabled and a real account with a wrong password cost the
 * same: one check for the account and, for clients, at least one for a sign-up that waits, whether or not there are any.
 * Sign-ups are recorded for addresses with an account too (sign-up.ts), so their number tells nothing either.
 */
export const createCheckPassword =
  ({ db, passwords, pending }: { db: { read: Reader }; passwords: Passwords; pending: Pending }) =>
  async (role: Role, key: string, account: Account | undefined, password: string, known: boolean): Promise<Verdict> => {
    const { ok, rehash } = await passwords.verify(account?.password_hash ?? undefined, password, { known })
    if (ok && account !== undefined && account.disabled_at === null) {
      return account.email_verified_at === null ? { outcome: 'unverified' } : { outcome: 'right', account, rehash }
    }
    if (role === 'ops') return { outcome: 'wrong' }
    const waiting = await pending.of(db.read, key)
    const hashes = waiting.length > 0 ? waiting.map(signup => signup.password_hash) : [undefined]
    let unverified = false
    for (const hash of hashes) {
      const matches = await passwords.verify(hash, password, { known })
      unverified ||= matches.ok
    }
    return { outcome: unverified ? 'unverified' : 'wrong' }
  }

export type CheckPassword = ReturnType<typeof createCheckPassword>
