import type { ListFiles, ListShared } from '../../contract/files.ts'
import type { Static } from '../../contract/wire.ts'
import { AppError } from '../errors.ts'
import type { Verdict } from '../inspect/finding.ts'
import type { Scanner } from '../inspect/scanner.ts'
import type { Source } from '../inspect/source.ts'
import { createTurns } from '../limits/turns.ts'
import { type AcceptNeeds, createAccept } from './accept.ts'
import { createChange } from './change.ts'
import { createContent } from './content.ts'
import { listDeliveries } from './deliveries.ts'
import { createExpire } from './expire.ts'
import { findFile } from './find.ts'
import { grantedTo } from './granted.ts'
import { createJudge } from './judge.ts'
import { listFiles, listShared } from './list.ts'
import { createMalware } from './malware.ts'
import { createOverview } from './overview.ts'
import { presentFiles, presentShared, selectFiles } from './present.ts'
import { createRemovals } from './removals.ts'
import { createRemove } from './remove.ts'
import { createShare } from './share.ts'
import { createUpload } from './upload.ts'
import { createUploads, type UploadsNeeds } from './uploads/uploads.ts'
import { createViewAs } from './view-as.ts'

type Needs = Omit<AcceptNeeds, 'judge' | 'malware' | 'removals'> &
  Pick<UploadsNeeds, 'store'> &
  Pick<Parameters<typeof createMalware>[0], 'scanner' | 'tellSender'> & {
    inspect: (name: string, source: Source) => Promise<Verdict>
    /** Told of a blob left to the sweep, and of a scan that failed. */
    onLeft: (error: unknown) => void
    config: UploadsNeeds['config'] & { expiredGrace: number }
  }

/** Scans at a time, below clamd's ten threads. */
const SCANS = 4

/** Files: receive, seal, judge, record; list, share, delete. `owner` undefined means everybody's. */
export const createFiles = (needs: Needs) => {
  const { db, store, keyring, now, audit, emailKey, onLeft, inspect } = needs
  const grace = needs.config.expiredGrace * 1000
  const content = createContent({ store, keyring })
  const removals = createRemovals({ db, store, now, onLeft })
  const inTurn = createTurns(SCANS)
  const scanner: Scanner = (chunks, signal) => inTurn('', () => needs.scanner(chunks, signal))
  const malware = createMalware({ ...needs, scanner, open: content.open, removals, onFailure: onLeft })
  const remove = createRemove({ db, audit, removals, find: findFile })
  const judge = createJudge({ content, inspect, scanner })
  const accept = createAccept({ ...needs, judge, malware, removals })

  /** An uploader named by id or address; null when nobody has it. */
  const uploaderOf = async (text: string | undefined): Promise<string | null | undefined> => {
    if (text === undefined || !text.includes('@')) return text
    const key = emailKey(text)
    if (key === undefined) return null
    const row = await db.read
      .selectFrom('accounts')
      .select('id')
      .where('email_key', '=', key)
      .where('role', '=', 'ops')
      .executeTakeFirst()
    return row?.id ?? null
  }

  return {
    openContent: content.open,
    ...createUpload({ ...needs, accept, removals }),
    uploads: createUploads({ ...needs, accept, removals, content }),
    malware,
    overview: createOverview({ db, store, now }),
    viewAs: createViewAs({ db, audit }),
    share: createShare({ db, audit, emailKey, now }),
    remove,
    change: createChange({ db, audit, now }),
    ...createExpire({ db, audit, remove, grace, now, onLeft }),
    /** See `removals.ts`. */
    sweep: removals.sweep,

    list: async (query: Static<typeof ListFiles>, owner: string | undefined) => {
      const named = await uploaderOf(query.uploaded_by)
      // Somebody else's files are not there, whoever is asked for.
      const uploader = owner === undefined ? named : named === undefined || named === owner ? owner : null
      const { rows, next_cursor } = await listFiles(db.read, { ...query, uploader })
      return { items: await presentFiles(db.read, rows, { grace }), next_cursor }
    },

    get: async (id: string, owner: string | undefined) => {
      const query = selectFiles(db.read).where('files.id', '=', id)
      const row = await (owner === undefined ? query : query.where('files.uploaded_by', '=', owner)).executeTakeFirst()
      const [file] = await presentFiles(db.read, row ? [row] : [], { grace })
      if (!file) throw new AppError('not_found')
      return file
    },

    deliveries: async (id: string, owner: string | undefined, paging: { limit?: string; cursor?: string }) => {
      if (!(await findFile(db.read, id, owner))) throw new AppError('not_found')
      return listDeliveries(db.read, id, paging)
    },

    listShared: async (clientId: string, query: Static<typeof ListShared>) => {
      const { rows, next_cursor } = await listShared(db.read, clientId, {
        ...query,
        uploader: await uploaderOf(query.uploaded_by),
      })
      return { items: await presentShared(db.read, rows, clientId), next_cursor }
    },

    getShared: async (id: string, clientId: string) => {
      const row = await selectFiles(db.read)
        .where('files.id', '=', id)
        .where(eb => grantedTo(eb, clientId))
        .executeTakeFirst()
      const [file] = await presentShared(db.read, row ? [row] : [], clientId)
      if (!file) throw new AppError('not_found')
      return file
    },
  }
}

export type Files = ReturnType<typeof createFiles>
