import type { Overview } from '../../contract/overview.ts'
import { countDays } from '../audit/days.ts'
import type { Db, Reader } from '../db/schema.ts'
import type { BlobStore } from '../storage/store.ts'
import { countEnding, countWaiting } from './waiting.ts'

const DAY = 86_400_000

type Needs = { db: Db; store: Pick<BlobStore, 'freeSpace'>; now: () => number }

/** How the hand-overs of one account stand, or (undefined) of all: sums kept as things happen, and bounded looks. */
export const createOverview =
  ({ db, store, now }: Needs) =>
  async (owner: string | undefined): Promise<Overview> => {
    const at = now()
    const uploaded = (since: number, until: number) => countWaiting(db.read, { owner, since, until })
    const { files, bytes, pending } = await totals(db.read, owner)
    const free = owner === undefined ? await store.freeSpace() : undefined
    return {
      days: await countDays(db.read, { owner, at, count: 30 }),
      waiting: {
        // A clock that was set back must not hide what was just uploaded.
        day: await uploaded(at - DAY, Number.MAX_SAFE_INTEGER),
        week: await uploaded(at - 7 * DAY, at - DAY),
        month: await uploaded(at - 30 * DAY, at - 7 * DAY),
        older: await uploaded(0, at - 30 * DAY),
      },
      expiring: await countEnding(db.read, { owner, since: at, until: at + 3 * DAY }),
      pending,
      storage: { files, bytes, free: free ?? null },
    }
  }

const totals = async (db: Reader, owner: string | undefined) => {
  let query = db.selectFrom('file_totals').select(['files', 'bytes', 'pending'])
  if (owner !== undefined) query = query.where('owner_id', '=', owner)
  const sums = { files: 0, bytes: 0, pending: 0 }
  for (const row of await query.execute()) {
    sums.files += row.files
    sums.bytes += row.bytes
    sums.pending += row.pending
  }
  return sums
}
