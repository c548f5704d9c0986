import { sha256 } from '../crypto/hash.ts'
import { isSecret, newSecret, type RandomBytes } from '../crypto/random.ts'
import type { MailPurpose, Reader, Tx } from '../db/schema.ts'

const HOUR = 3_600_000
/** How long each kind of link works, in milliseconds. */
export const mailTokenLife: Record<MailPurpose, number> = {
  verify: 24 * HOUR,
  reset: HOUR,
  sign_in: HOUR,
  invitation: 7 * 24 * HOUR,
}

/** Live tokens per purpose and subject (formats.md). A request beyond them voids none: that would be a denial of reset. */
const MOST_LIVE = 3

/** A token not yet anywhere: `token` goes into one mail, `hash` into the database. */
export type FreshToken = { token: string; hash: Uint8Array }

/** The tokens that travel in mails: 32 random bytes, of which the database keeps SHA-256 only. */
export const createMailTokens = ({ random, now }: { random: RandomBytes; now: () => number }) => ({
  prepare: (): FreshToken => {
    const token = newSecret(random)
    return { token, hash: sha256(token) }
  },

  /** False, and nothing stored, when the subject has its three live ones. */
  insert: async (tx: Tx, { hash }: FreshToken, purpose: MailPurpose, subjectId: string): Promise<boolean> => {
    const at = now()
    const { live } = await tx
      .selectFrom('mail_tokens')
      .select(eb => eb.fn.countAll<number>().as('live'))
      .where('subject_id', '=', subjectId)
      .where('purpose', '=', purpose)
      .where('expires_at', '>', at)
      .where('used_at', 'is', null)
      .executeTakeFirstOrThrow()
    if (Number(live) >= MOST_LIVE) return false
    const expires_at = at + mailTokenLife[purpose]
    await tx
      .insertInto('mail_tokens')
      .values({ hash, purpose, subject_id: subjectId, created_at: at, expires_at, used_at: null })
      .execute()
    return true
  },

  /** What a live token is for; undefined for every other text. */
  subjectOf: async (db: Reader, purpose: MailPurpose, token: string): Promise<string | undefined> => {
    if (!isSecret(token)) return undefined
    const row = await db
      .selectFrom('mail_tokens')
      .select('subject_id')
      .where('hash', '=', sha256(token))
      .where('purpose', '=', purpose)
      .where('expires_at', '>', now())
      .where('used_at', 'is', null)
      .executeTakeFirst()
    return row?.subject_id
  },

  /** Uses a live token up. One statement, so that of two requests with one token a single one gets true. */
  use: async (tx: Tx, purpose: MailPurpose, token: string): Promise<boolean> => {
    const { numUpdatedRows } = await tx
      .updateTable('mail_tokens')
      .set({ used_at: now() })
      .where('hash', '=', sha256(token))
      .where('purpose', '=', purpose)
      .where('expires_at', '>', now())
      .where('used_at', 'is', null)
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  },

  /** Makes every token of these subjects worthless, whatever its purpose. */
  void: async (tx: Tx, subjectIds: readonly string[]): Promise<void> => {
    if (subjectIds.length === 0) return
    await tx.deleteFrom('mail_tokens').where('subject_id', 'in', subjectIds).execute()
  },
})

export type MailTokens = ReturnType<typeof createMailTokens>
