import type { Audit } from '../audit/append.ts'
import type { Signup } from '../config-types.ts'
import type { Keyring } from '../crypto/keyring.ts'
import type { Passwords } from '../crypto/password.ts'
import type { RandomBytes } from '../crypto/random.ts'
import type { Db } from '../db/schema.ts'
import type { Cookies } from '../http/cookies.ts'
import type { Language } from '../language.ts'
import type { Limits } from '../limits/limits.ts'
import type { Outbox } from '../mail/outbox.ts'

/** What the accounts feature is made of; every verb names the few it takes. */
export type Parts = {
  db: Db
  keyring: Keyring
  passwords: Passwords
  outbox: Outbox
  audit: Audit
  limits: Limits
  cookies: Cookies
  random: RandomBytes
  /** Milliseconds since 1970. */
  now: () => number
  log: { error: (fields: object, text: string) => void; info: (fields: object, text: string) => void }
  config: {
    publicUrl: URL
    signup: Signup
    /** Seconds. */
    sessionIdle: number
    /** Seconds. */
    sessionMax: number
  }
}

/**
 * Where a request came from, for the audit log and the person's own list of sessions; and the language its sender reads, for
 * mails, where it says so.
 */
export type Origin = { ip: string; user_agent: string; language?: Language }
