import type { User } from '../../contract/accounts.ts'
import type { Db, Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Devices, FreshDevice } from './devices.ts'
import type { NewSession, SignedInBy, Transport } from './new-session.ts'
import type { Origin } from './parts.ts'
import { type Account, findById, toUser } from './user.ts'

/** How somebody comes in: `browser` when cookies may be set, `device` when it is one that came in before. */
export type Entry = {
  transport: Transport
  browser: boolean
  device?: Uint8Array
  origin: Origin
  by: SignedInBy
}

export type LetIn = { user: User; token: string; expiresAt: number; device?: FreshDevice }

/**
 * Starts a session for an account whose password was just found right. What may have changed while the password was being
 * hashed (disabled, password reset) is looked at again in the transaction. `also` does what belongs to the same change.
 */
export const createLetIn =
  ({ db, newSession, devices }: { db: Db; newSession: NewSession; devices: Devices }) =>
  async (account: Account, entry: Entry, also: (tx: Tx, account: Account) => Promise<void>): Promise<LetIn> => {
    const session = newSession.prepare()
    const device = entry.browser && entry.device === undefined ? devices.prepare() : undefined
    const current = await db.write(async tx => {
      const row = await findById(tx, account.id)
      if (row === undefined || row.disabled_at !== null || row.epoch !== account.epoch) {
        throw new AppError('invalid_credentials')
      }
      await also(tx, row)
      await newSession.insert(tx, session, row, entry)
      if (device) await devices.insert(tx, device, row.id)
      else if (entry.device) await devices.used(tx, entry.device)
      return row
    })
    return { user: toUser(current), ...(await newSession.seal(session, current)), device }
  }

export type LetInVerb = ReturnType<typeof createLetIn>
