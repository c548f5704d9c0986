import { sql } from 'kysely'
import type { Reader } from '../db/schema.ts'
import { decodeCursor, limitOf, pageOf } from '../paging.ts'
import { clientSubject, everyone, grantedTo, groupSubject } from './granted.ts'
import { type FileRow, selectFiles } from './present.ts'
import { termsOf } from './terms.ts'

/** Above so many files with a word's beginning, walking files by age finds a page sooner than collecting them all. */
const RARE = 20_000

export type FileFilter = {
  limit?: string
  cursor?: string
  q?: string
  /** Account id of the uploader, already resolved; null: nobody has that address. */
  uploader?: string | null
  status?: 'available' | 'pending' | 'expired'
  /** The exact name, NFC. */
  name?: string
}

type Page = { rows: FileRow[]; next_cursor: string | null }
type FileQuery = ReturnType<typeof selectFiles>

/** Files newest first, all or one uploader's. */
export const listFiles = async (db: Reader, filter: FileFilter): Promise<Page> => {
  if (filter.uploader === null) return { rows: [], next_cursor: null }
  const limit = limitOf(filter.limit)
  const query = await filtered(db, selectFiles(db), filter)
  return pageOf(await inOrder(query, 'files.uploaded_at', 'files.id', filter, limit), limit, keyOf)
}

/**
 * What one client may see, newest first. One index walk for each subject the client answers to, merged: the cost follows
 * the page and the client's groups, not the number of files.
 */
export const listShared = async (db: Reader, clientId: string, filter: FileFilter): Promise<Page> => {
  if (filter.uploader === null) return { rows: [], next_cursor: null }
  const limit = limitOf(filter.limit)
  const groups = await db.selectFrom('group_members').select('group_id').where('account_id', '=', clientId).execute()
  const subjects = [everyone, clientSubject(clientId), ...groups.map(row => groupSubject(row.group_id))]
  const found = new Map<string, FileRow>()
  for (const subject of subjects) {
    const granted = selectFiles(db)
      .innerJoin('file_audience as grant', 'grant.file_id', 'files.id')
      .where('grant.subject', '=', subject)
      // The one condition that decides, here too: a membership may have ended between the two statements.
      .where(eb => grantedTo(eb, clientId))
    const query = await filtered(db, granted, filter)
    for (const row of await inOrder(query, 'grant.uploaded_at', 'grant.file_id', filter, limit)) found.set(row.id, row)
  }
  const rows = [...found.values()].sort((a, b) => b.uploaded_at - a.uploaded_at || (a.id < b.id ? 1 : -1))
  return pageOf(rows, limit, keyOf)
}

const filtered = async <Q extends Pick<FileQuery, 'where'>>(
  db: Reader,
  start: Q,
  filter: FileFilter,
): Promise<FileQuery> => {
  let query = start as unknown as FileQuery // the joins of `start` only add tables
  if (filter.uploader) query = query.where('files.uploaded_by', '=', filter.uploader)
  if (filter.status) query = query.where('files.status', '=', filter.status)
  if (filter.name !== undefined) query = query.where('files.name', '=', filter.name.normalize('NFC'))
  return filter.q === undefined ? query : matching(db, query, filter.q)
}

/** One row more than a page, so that the caller knows whether there is a next one. */
const inOrder = (query: FileQuery, at: string, id: string, filter: FileFilter, limit: number): Promise<FileRow[]> => {
  const [first, second] = [sql.ref<number>(at), sql.ref<string>(id)]
  let ordered = query.orderBy(first, 'desc').orderBy(second, 'desc')
  if (filter.cursor !== undefined) {
    const [time, last] = decodeCursor(filter.cursor, ['number', 'string'])
    ordered = ordered.where(sql<boolean>`(${first}, ${second}) < (${time}, ${last})`)
  }
  return ordered.limit(limit + 1).execute()
}

const keyOf = (row: FileRow) => [row.uploaded_at, row.id] as const

/** Every word of `q` must begin a word of the name. The rarest word drives the search while it is rare. */
const matching = async (db: Reader, query: FileQuery, q: string): Promise<FileQuery> => {
  const words = termsOf(q)
  if (words.length === 0) return query
  const counted = await Promise.all(words.map(async word => ({ word, count: await countUpTo(db, word, RARE) })))
  const [rarest] = counted.sort((a, b) => a.count - b.count)
  let result = query
  for (const { word, count } of counted) {
    const terms = db
      .selectFrom('file_terms')
      .select('file_id')
      .where('term', '>=', word)
      .where('term', '<', after(word))
    result =
      word === rarest?.word && count < RARE
        ? result.where('files.id', 'in', terms)
        : result.where(eb => eb.exists(terms.where('file_terms.file_id', '=', sql.ref<string>('files.id'))))
  }
  return result
}

const countUpTo = async (db: Reader, word: string, most: number): Promise<number> => {
  const some = db
    .selectFrom('file_terms')
    .select('term')
    .where('term', '>=', word)
    .where('term', '<', after(word))
    .limit(most)
  const row = await db
    .selectFrom(some.as('some'))
    .select(eb => eb.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** The least text above everything that begins with `word`. */
const after = (word: string): string => `${word}\u{10ffff}`
