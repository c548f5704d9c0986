import type { Audit } from '../audit/append.ts'
import type { Db } from '../db/schema.ts'
import type { createRemove } from './remove.ts'

/** So many files a round; what is left comes in the next. */
const AT_ONCE = 200

type Needs = {
  db: Db
  audit: Audit
  remove: ReturnType<typeof createRemove>
  /** Milliseconds from its end to a file's erasure. */
  grace: number
  now: () => number
  /** Told of a file that could not be erased; it is tried again. */
  onLeft: (error: unknown) => void
}

/**
 * Ends files whose time is over, and erases those that ended a grace time ago. Nobody has to wait for the first: what issues
 * and redeems looks at the time itself.
 */
export const createExpire = ({ db, audit, remove, grace, now, onLeft }: Needs) => ({
  expire: (): Promise<void> =>
    db.write(async tx => {
      const at = now()
      const ended = await tx
        .updateTable('files')
        .set({ status: 'expired', expired_at: at })
        .where('id', 'in', due =>
          due
            .selectFrom('files')
            .select('id')
            .where('status', 'in', ['available', 'pending'])
            .where('expires_at', '<=', at)
            .limit(AT_ONCE),
        )
        .returning(['id', 'name', 'uploaded_by', 'sha256', 'expires_at'])
        .execute()
      for (const { id, name, uploaded_by, sha256, expires_at } of ended)
        await audit.append(tx, {
          kind: 'file.expired',
          actor: null,
          file: { id, owner: uploaded_by, name, sha256 },
          data: { expires_at: new Date(expires_at ?? at).toISOString() },
        })
    }),

  /** Destroys the keys and blobs of files that expired before the grace time. */
  eraseExpired: async (): Promise<void> => {
    const due = await db.read
      .selectFrom('files')
      .select('id')
      .where('status', '=', 'expired')
      .where('expired_at', '<=', now() - grace)
      .limit(AT_ONCE)
      .execute()
    for (const { id } of due)
      await remove(id, undefined, null, { reason: 'expired', before: now() - grace }).catch(onLeft)
  },
})
