import type { Audit } from '../audit/append.ts'
import type { RandomBytes } from '../crypto/random.ts'
import type { Db, Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { grantedTo } from '../files/granted.ts'
import type { Outbox } from '../mail/outbox.ts'
import { createHandOver } from './hand-over.ts'
import { listHistory } from './history.ts'
import { createNotifier } from './notifier.ts'
import { createReceipt } from './receipt.ts'
import { tellUploader } from './recipients.ts'
import { createRemind } from './remind.ts'

/** First fetches within this time become one mail. */
const GATHER = 60_000

type Needs = {
  db: Db
  audit: Audit
  outbox: Pick<Outbox, 'enqueue' | 'wake'>
  emailKey: (text: string) => string | undefined
  random: RandomBytes
  now: () => number
  /** `remindBefore` in seconds. */
  config: { publicUrl: URL; remindBefore: number }
  onError: (error: unknown) => void
}

/** Handing over: the act, who is told of it and when, and what clients say back. */
export const createHandoffs = (needs: Needs) => {
  const { db, outbox, config, now } = needs
  const notifier = createNotifier({ ...needs, publicUrl: config.publicUrl, enqueue: outbox.enqueue, wake: outbox.wake })
  const { wake } = notifier
  return {
    handOver: createHandOver({ ...needs, wake }),
    ...createRemind({ ...needs, wake, before: config.remindBefore * 1000 }),
    ...createReceipt({ ...needs, wake }),

    /** A client has fetched all of a file: in the transaction that records it. */
    delivered: async (tx: Tx, { file, client }: { file: string; client: string }): Promise<void> => {
      const row = await tx.selectFrom('files').select('tell_uploader').where('id', '=', file).executeTakeFirst()
      if (row?.tell_uploader === 1) await tellUploader(tx, { about: 'fetched', file, client, at: now(), wait: GATHER })
    },

    history: async (id: string, client: string, paging: { limit?: string; cursor?: string }) => {
      const file = await db.read
        .selectFrom('files')
        .select('id')
        .where('id', '=', id)
        .where(eb => grantedTo(eb, client))
        .executeTakeFirst()
      if (!file) throw new AppError('not_found')
      return listHistory(db.read, { file: id, client, ...paging })
    },

    notifier,
  }
}

export type Handoffs = ReturnType<typeof createHandoffs>
