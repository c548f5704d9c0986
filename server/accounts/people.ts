import type { Selectable } from 'kysely'
import type { Client } from '../../contract/accounts.ts'
import type { AccountTable, Reader } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { decodeCursor, limitOf, pageOf } from '../paging.ts'
import type { Parts } from './parts.ts'
import { type Role, toUser, userColumns } from './user.ts'

/** Rows looked at per statement while searching; between two, other requests get their turn. */
const BATCH = 500

type Row = Pick<Selectable<AccountTable>, (typeof userColumns)[number]>
type Place = { at: number; id: string } | undefined

/** The accounts of one role, newest first; `q` keeps those whose name or address has words that begin like all of its own. */
export const createPeople =
  ({ db }: Pick<Parts, 'db'>) =>
  async (role: Role, query: { limit?: string; cursor?: string; q?: string }) => {
    const limit = limitOf(query.limit)
    let place: Place
    if (query.cursor !== undefined) {
      const [at, id] = decodeCursor(query.cursor, ['number', 'string'])
      place = { at, id }
    }
    const wanted = wordsOf(query.q ?? '')
    if (query.q !== undefined && wanted.length === 0) return { items: [], next_cursor: null }
    const matching: Row[] = []
    // Judged here and not in SQL: no database folds the case of all scripts alike.
    while (matching.length <= limit) {
      const size = wanted.length === 0 ? limit + 1 : BATCH
      const rows = await after(db.read, role, place, size)
      matching.push(...rows.filter(row => wanted.length === 0 || matches(row, wanted)))
      const last = rows.at(-1)
      if (last === undefined || rows.length < size) break
      place = { at: last.created_at, id: last.id }
    }
    const page = pageOf(matching, limit, row => [row.created_at, row.id])
    return { items: page.rows.map(toUser), next_cursor: page.next_cursor }
  }

/** One client by id, with the groups they are in, by name. Throws `not_found`. */
export const createGetClient =
  ({ db }: Pick<Parts, 'db'>) =>
  async (id: string): Promise<Client> => {
    const row = await db.read
      .selectFrom('accounts')
      .select(userColumns)
      .where('id', '=', id)
      .where('role', '=', 'client')
      .executeTakeFirst()
    if (row === undefined) throw new AppError('not_found')
    const groups = await db.read
      .selectFrom('group_members')
      .innerJoin('groups', 'groups.id', 'group_members.group_id')
      .select(['groups.id', 'groups.name'])
      .where('group_members.account_id', '=', id)
      .execute()
    return { ...toUser(row), groups: groups.sort((a, b) => (a.name < b.name ? -1 : 1)) }
  }

const after = (db: Reader, role: Role, place: Place, size: number): Promise<Row[]> => {
  const query = db
    .selectFrom('accounts')
    .select(userColumns)
    .where('role', '=', role)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(size)
  if (place === undefined) return query.execute()
  return query.where(eb => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(place.at, place.id))).execute()
}

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean)

const matches = ({ name, email }: Row, wanted: readonly string[]): boolean => {
  const words = [...wordsOf(name), ...wordsOf(email)]
  return wanted.every(beginning => words.some(word => word.startsWith(beginning)))
}
