import { sql } from 'kysely'
import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import type { Db, Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { findFile } from '../files/find.ts'
import { receivers } from '../files/receivers.ts'
import { somebodyWaits } from '../files/waiting.ts'
import { countUnfetched, remindOf } from './recipients.ts'

/** So many files in one transaction. */
const AT_ONCE = 100

type Needs = {
  db: Db
  audit: Audit
  now: () => number
  wake: () => void
  /** Milliseconds before its end that a file is reminded of. */
  before: number
}

export const createRemind = ({ db, audit, now, wake, before }: Needs) => {
  const remind = async (tx: Tx, file: Found, who: Who | null, wish: Wish): Promise<number> => {
    const clients = await remindOf(tx, { ...wish, file: file.id, at: now() })
    const ref = { id: file.id, owner: file.uploaded_by, name: file.name, sha256: file.sha256 }
    if (clients > 0) await audit.append(tx, { kind: 'file.reminded', actor: who, file: ref, data: { clients } })
    return clients
  }

  return {
    /**
     * Reminds these clients, or everybody who may see the file and has not fetched it; each at most once a day. Throws
     * `not_found`; `conflict` when nobody could fetch it anyway.
     */
    remind: async (
      id: string,
      { owner, who, clients }: { owner: string | undefined; who: Who; clients?: string[] },
    ) => {
      const answer = await db.write(async tx => {
        const file = await findFile(tx, id, owner)
        if (!file) throw new AppError('not_found')
        if (file.status !== 'available')
          throw new AppError('conflict', {
            detail:
              file.status === 'expired'
                ? 'The file has expired: give it a new end first.'
                : 'The file waits for the malware scanner: nobody can fetch it yet.',
          })
        const asked = clients?.length ?? (await receivers(tx, id, { after: '', limit: 100_000 })).length
        const reminded = await remind(tx, file, who, { about: 'reminder', clients })
        const recently = (await countUnfetched(tx, { file: id, clients })) - reminded
        return { reminded, recently, left_out: asked - reminded }
      })
      wake()
      return answer
    },

    /**
     * Reminds of files that end soon: those handed over with a mail, when at least half of their time has passed, so that
     * nobody is reminded of what they have just been told.
     */
    remindBeforeEnd: async (): Promise<void> => {
      let after: Place | undefined
      do {
        const place = after
        after = await db.write(async tx => {
          const files = await ending(tx, { now: now(), before, after: place })
          for (const file of files) await remind(tx, file, null, { about: 'expiry' })
          return files.length === AT_ONCE ? files.at(-1) : undefined
        })
      } while (after)
      wake()
    },
  }
}

type Found = { id: string; uploaded_by: string; name: string; sha256: Uint8Array; expires_at: number | null }
type Place = Pick<Found, 'id' | 'expires_at'>
type Wish = { about: 'reminder' | 'expiry'; clients?: readonly string[] }

/** Files that end soon, in the order of their ends, that somebody still waits for and nobody was reminded of. */
const ending = (tx: Tx, { now, before, after }: { now: number; before: number; after: Place | undefined }) =>
  tx
    .selectFrom('files')
    .innerJoin('handoff_files', 'handoff_files.file_id', 'files.id')
    .innerJoin('handoffs', 'handoffs.id', 'handoff_files.handoff_id')
    .select(['files.id', 'files.uploaded_by', 'files.name', 'files.sha256', 'files.expires_at'])
    .where('files.expires_at', '<=', now + before)
    .where(eb =>
      after
        ? eb(eb.refTuple('files.expires_at', 'files.id'), '>', eb.tuple(after.expires_at ?? 0, after.id))
        : eb('files.expires_at', '>', now),
    )
    .where('files.status', '=', 'available')
    .where('handoffs.notify', '=', 1)
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('notices')
            .select('notices.ref')
            .whereRef('notices.ref', '=', 'files.id')
            .where('about', '=', 'expiry'),
        ),
      ),
    )
    .where(eb => somebodyWaits(eb.ref('files.id')))
    .groupBy(['files.id', 'files.uploaded_by', 'files.name', 'files.sha256', 'files.expires_at'])
    // Half of its time has passed.
    .having(eb => sql<boolean>`${eb.ref('files.expires_at')} - ${now} <= ${now} - max(${eb.ref('handoffs.at')})`)
    .orderBy('files.expires_at')
    .orderBy('files.id')
    .limit(AT_ONCE)
    .execute()
