import { type Expression, type ExpressionBuilder, sql } from 'kysely'
import type { AtLeast } from '../../contract/overview.ts'
import type { Reader, Schema } from '../db/schema.ts'
import { clientSubject, everyone, groupSubject } from './granted.ts'
import { byAge } from './search.ts'
import type { Key } from './walks.ts'

/** Files of one age looked at for one page: some milliseconds, however many there are. */
const LOOKED = 2000
/** Looked at by one statement: nothing else happens in the process meanwhile. */
const SLICE = 100

/** The SQL condition "somebody who may see `file` has not fetched it whole". Clients count whether or not they are disabled. */
export const somebodyWaits = (file: Expression<string>) => {
  const has = (client: Expression<string>) => sql<boolean>`exists (
    select 1 from deliveries where deliveries.file_id = ${file} and deliveries.client_id = ${client}
    and deliveries.completed_at is not null)`
  const named = sql<string>`substr(seen.subject, ${clientSubject('').length + 1})`
  return sql<boolean>`exists (
    select 1 from file_audience as seen where seen.file_id = ${file} and case
      when seen.subject = ${everyone} then exists (
        select 1 from accounts where accounts.role = 'client' and not ${has(sql.ref('accounts.id'))})
      when seen.subject < ${clientSubject('~')} then not ${has(named)}
      else exists (
        select 1 from group_members
        where group_members.group_id = substr(seen.subject, ${groupSubject('').length + 1})
        and not ${has(sql.ref('group_members.account_id'))}) end)`
}

type Span = {
  /** Whose files; undefined: everybody's. */
  owner: string | undefined
  /** Uploaded at or after this and before that; milliseconds since 1970. */
  since: number
  until: number
}

/** How many available files of this age somebody still waits for: of the newest 2,000, slice by slice. */
export const countWaiting = async (db: Reader, { owner, since, until }: Span): Promise<AtLeast> => {
  let place: Key = { uploaded_at: until, id: '' }
  let count = 0
  for (let looked = 0; looked < LOOKED; looked += SLICE) {
    const keys = newest(db, owner, since, place)
    const rows = await db
      .selectFrom(keys.as('key'))
      .select(eb => ['key.uploaded_at', 'key.id', somebodyWaits(eb.ref('key.id')).as('waits')])
      .execute()
    rows.sort(byAge)
    count += rows.filter(({ waits }) => Boolean(waits)).length
    const last = rows.at(-1)
    if (last === undefined || rows.length < SLICE) return { count, more: false }
    place = last
    await new Promise(resolve => setImmediate(resolve))
  }
  return { count, more: true }
}

/** One index has each in order: by status, or by uploader, where the status must not look like another one's beginning. */
const newest = (db: Reader, owner: string | undefined, since: number, { uploaded_at, id }: Key) => {
  const available = (eb: ExpressionBuilder<Schema, 'files'>) =>
    owner === undefined
      ? eb('status', '=', 'available')
      : eb.and([eb('uploaded_by', '=', owner), eb(eb.fn.coalesce('status', eb.val('')), '=', 'available')])
  return db
    .selectFrom('files')
    .select(['uploaded_at', 'id'])
    .where(available)
    .where('uploaded_at', '>=', since)
    .where(sql<boolean>`(uploaded_at, id) < (${uploaded_at}, ${id})`)
    .orderBy('uploaded_at', 'desc')
    .orderBy('id', 'desc')
    .limit(SLICE)
}

/** How many available files end in this time and somebody has not fetched: of the 2,000 that end first. */
export const countEnding = async (db: Reader, { owner, since, until }: Span): Promise<AtLeast> => {
  let ending = db
    .selectFrom('files')
    .select(['id', 'status'])
    .where('expires_at', '>=', since)
    .where('expires_at', '<', until)
    .orderBy('expires_at')
    .limit(LOOKED)
  if (owner !== undefined) ending = ending.where('uploaded_by', '=', owner)
  const rows = await db
    .selectFrom(ending.as('ends'))
    .select(eb => ['ends.status', somebodyWaits(eb.ref('ends.id')).as('waits')])
    .execute()
  const count = rows.filter(({ status, waits }) => status === 'available' && Boolean(waits)).length
  return { count, more: rows.length === LOOKED }
}
