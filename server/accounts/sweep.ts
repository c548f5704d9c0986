import type { Tx } from '../db/schema.ts'
import type { Devices } from './devices.ts'
import type { Parts } from './parts.ts'
import type { Pending } from './pending.ts'

const HOUR = 3_600_000

type Needs = Pick<Parts, 'db' | 'now'> & { devices: Devices; pending: Pending }

/**
 * Removes what no request can use any more: sessions past their end, dead mail tokens, sign-ups nobody confirmed and
 * forgotten devices. Counters of refusals stay: the audit log shows them. Run it every few minutes.
 */
export const createSweep =
  ({ db, now, devices, pending }: Needs) =>
  async (): Promise<void> => {
    await db.write(tx => sweepTokens(tx, now()))
    await db.write(tx => pending.sweep(tx))
    await db.write(tx => devices.sweep(tx))
  }

const sweepTokens = async (tx: Tx, now: number): Promise<void> => {
  await tx.deleteFrom('sessions').where('expires_at', '<=', now).execute()
  await tx.deleteFrom('mail_tokens').where('expires_at', '<=', now).execute()
  await tx
    .deleteFrom('mail_tokens')
    .where('used_at', '<=', now - HOUR)
    .execute()
}
