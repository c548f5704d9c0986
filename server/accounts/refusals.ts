import type { Audit } from '../audit/append.ts'
import { person } from '../audit/event.ts'
import type { Db } from '../db/schema.ts'
import type { Parts } from './parts.ts'
import type { Account } from './user.ts'

const FLUSH_AFTER = 500

/**
 * Records refused sign-ins of known accounts, a moment later and together. A write in the request itself would show in its
 * time which addresses have an account, and a flood of guesses would cost an fsync each.
 */
export const createRefusals = ({ db, audit, log }: { db: Db; audit: Audit; log: Parts['log'] }) => {
  let waiting: { account: Account; reason: string }[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const batch = waiting
    waiting = []
    if (batch.length === 0) return writing
    const write = async () => {
      await db.write(async tx => {
        for (const { account, reason } of batch) {
          await audit.refused(tx, {
            kind: 'session.refused',
            account: account.id,
            actor: null,
            subject: person(account),
            data: { reason },
          })
        }
      })
    }
    writing = writing.then(write).catch((error: unknown) => log.error({ err: error }, 'refusals were not recorded'))
    return writing
  }

  return {
    /** `reason` is a lower-case word for the log; nothing for an unknown address. */
    note: (account: Account | undefined, reason: string): void => {
      if (account === undefined) return
      waiting.push({ account, reason })
      timer ??= setTimeout(flush, FLUSH_AFTER).unref()
    },

    /** Writes what waits; resolves when it is durable or, after a failure, logged. */
    flush,
  }
}

export type Refusals = ReturnType<typeof createRefusals>
