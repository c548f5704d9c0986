import { sha256 } from '../crypto/hash.ts'
import { isSecret, newSecret, type RandomBytes } from '../crypto/random.ts'
import type { Reader, Tx } from '../db/schema.ts'
import type { Role } from './user.ts'

/** Browsers of one account that are remembered (security.md, "Decided"). */
const MOST = 10
/** Milliseconds; browsers keep no cookie longer than 400 days. */
const LIFE = 365 * 86_400_000

export type FreshDevice = { token: string; hash: Uint8Array; expiresAt: number }

/** Device cookies: proof that this browser once signed in to this account in full. They grant nothing but a place in the queue. */
export const createDevices = ({ random, now }: { random: RandomBytes; now: () => number }) => ({
  prepare: (): FreshDevice => {
    const token = newSecret(random)
    return { token, hash: sha256(token), expiresAt: now() + LIFE }
  },

  /** The hash of a cookie that belongs to the account of this address. The same statement runs whether or not there is one. */
  known: async (db: Reader, role: Role, key: string, cookie: string | undefined): Promise<Uint8Array | undefined> => {
    const hash = sha256(cookie !== undefined && isSecret(cookie) ? cookie : '')
    const row = await db
      .selectFrom('devices')
      .innerJoin('accounts', 'accounts.id', 'devices.account_id')
      .select('devices.hash')
      .where('devices.hash', '=', hash)
      .where('devices.created_at', '>', now() - LIFE)
      .where('accounts.email_key', '=', key)
      .where('accounts.role', '=', role)
      .executeTakeFirst()
    return row === undefined ? undefined : hash
  },

  used: async (tx: Tx, hash: Uint8Array): Promise<void> => {
    await tx.updateTable('devices').set({ last_used_at: now() }).where('hash', '=', hash).execute()
  },

  /** Remembers a browser, and forgets the ones longest unused beyond ten. */
  insert: async (tx: Tx, { hash }: FreshDevice, accountId: string): Promise<void> => {
    const at = now()
    await tx.insertInto('devices').values({ hash, account_id: accountId, created_at: at, last_used_at: at }).execute()
    const kept = tx
      .selectFrom('devices')
      .select('hash')
      .where('account_id', '=', accountId)
      .orderBy('last_used_at', 'desc')
      .orderBy('hash')
      .limit(MOST)
    await tx.deleteFrom('devices').where('account_id', '=', accountId).where('hash', 'not in', kept).execute()
  },

  forgetAll: async (tx: Tx, accountId: string): Promise<void> => {
    await tx.deleteFrom('devices').where('account_id', '=', accountId).execute()
  },

  /** Removes those whose cookie the browser has dropped by now. */
  sweep: async (tx: Tx): Promise<void> => {
    await tx
      .deleteFrom('devices')
      .where('created_at', '<=', now() - LIFE)
      .execute()
  },
})

export type Devices = ReturnType<typeof createDevices>
