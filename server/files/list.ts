import type { Reader } from '../db/schema.ts'
import { decodeCursor, limitOf, pageOf } from '../paging.ts'
import { conditionsOf, type FileFilter, sharedWith } from './conditions.ts'
import { grantedTo } from './granted.ts'
import { type FileRow, selectFiles } from './present.ts'
import { byAge, findKeys } from './search.ts'
import { queryTermsOf } from './terms.ts'
import type { Condition } from './walks.ts'

type Paged = FileFilter & { limit?: string; cursor?: string }
type Page = { rows: FileRow[]; next_cursor: string | null }

/** Files newest first, all or one uploader's. */
export const listFiles = async (db: Reader, filter: Paged): Promise<Page> => {
  if (matchesNothing(filter)) return { rows: [], next_cursor: null }
  return page(db, filter, await conditionsOf(db, filter), selectFiles(db))
}

/**
 * What one client may see, newest first. The right is asked for again with the rows: a membership may have ended since the
 * page was put together.
 */
export const listShared = async (db: Reader, clientId: string, filter: Paged): Promise<Page> => {
  if (matchesNothing(filter)) return { rows: [], next_cursor: null }
  const conditions = [...(await conditionsOf(db, filter)), await sharedWith(db, clientId)]
  const shown = selectFiles(db).where(eb => grantedTo(eb, clientId))
  return page(db, filter, conditions, shown)
}

/** An uploader nobody is, or a search without a word in it (an emoji): not the same as no condition. */
const matchesNothing = ({ uploader, q }: Paged): boolean =>
  uploader === null || (q !== undefined && queryTermsOf(q).length === 0)

/** Which files, and then their rows: neither order nor filters hang on what a row needs beside its key. */
const page = async (
  db: Reader,
  { limit: wanted, cursor }: Paged,
  conditions: Condition[],
  shown: ReturnType<typeof selectFiles>,
): Promise<Page> => {
  const limit = limitOf(wanted)
  const [uploaded_at, id] = cursor === undefined ? [] : decodeCursor(cursor, ['number', 'string'])
  const from = uploaded_at === undefined || id === undefined ? undefined : { uploaded_at, id }
  const keys = await findKeys(db, conditions, limit + 1, from)
  const { rows: here, next_cursor } = pageOf(keys, limit, key => [key.uploaded_at, key.id])
  if (here.length === 0) return { rows: [], next_cursor }
  const rows = await shown
    .where(
      'files.id',
      'in',
      here.map(key => key.id),
    )
    .execute()
  return { rows: rows.sort(byAge), next_cursor }
}
