import { sql } from 'kysely'
import type { Reader } from '../db/schema.ts'
import { clientSubject, everyone, groupSubject } from './granted.ts'

/** One page of clients; `after` is an id, or empty for the first. */
type Place = { after: string; limit: number }

/**
 * Ids of the clients that a grant of the file names or that have fetched of it, in order. The cost follows the file's own
 * audience, not how many clients there are.
 */
export const receivers = async (db: Reader, fileId: string, { after, limit }: Place): Promise<string[]> => {
  const toAll = await db
    .selectFrom('file_audience')
    .select('subject')
    .where('file_id', '=', fileId)
    .where('subject', '=', everyone)
    .executeTakeFirst()
  if (toAll) return idsOf(await allClients(db, { after, limit }))
  const place = { after, limit }
  const found = [await named(db, fileId, place), await members(db, fileId, place), await fetched(db, fileId, place)]
  return [...new Set(found.flatMap(idsOf))].sort().slice(0, limit)
}

const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id)

const allClients = (db: Reader, { after, limit }: Place) =>
  db
    .selectFrom('accounts')
    .select('id')
    .where('role', '=', 'client')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()

const named = async (db: Reader, fileId: string, { after, limit }: Place) => {
  const rows = await db
    .selectFrom('file_audience')
    .select('subject')
    .where('file_id', '=', fileId)
    .where('subject', '>', clientSubject(after))
    .where('subject', '<', clientSubject('~'))
    .orderBy('subject')
    .limit(limit)
    .execute()
  return rows.map(({ subject }) => ({ id: subject.slice(clientSubject('').length) }))
}

/** Several groups have no order in common: theirs are sorted. */
const members = (db: Reader, fileId: string, { after, limit }: Place) =>
  db
    .selectFrom('group_members')
    .select('account_id as id')
    .distinct()
    .where('group_id', 'in', eb =>
      eb
        .selectFrom('file_audience')
        .select(sql<string>`substr(subject, ${groupSubject('').length + 1})`.as('group_id'))
        .where('file_id', '=', fileId)
        .where('subject', '>', groupSubject(''))
        .where('subject', '<', groupSubject('~')),
    )
    .where('account_id', '>', after)
    .orderBy('account_id')
    .limit(limit)
    .execute()

const fetched = (db: Reader, fileId: string, { after, limit }: Place) =>
  db
    .selectFrom('deliveries')
    .select('client_id as id')
    .where('file_id', '=', fileId)
    .where('client_id', '>', after)
    .orderBy('client_id')
    .limit(limit)
    .execute()
