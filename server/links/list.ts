import { sql } from 'kysely'
import type { Db } from '../db/schema.ts'
import { grantedTo } from '../files/granted.ts'
import { decodeCursor, limitOf, pageOf } from '../paging.ts'

/** A client's own links that would work now, longest-lived first. */
export const createList =
  ({ db }: { db: Db }) =>
  async (clientId: string, paging: { limit?: string; cursor?: string }) => {
    const limit = limitOf(paging.limit)
    const at = await db.now()
    let query = db.read
      .selectFrom('links')
      .innerJoin('files', 'files.id', 'links.file_id')
      .innerJoin('accounts', 'accounts.id', 'links.client_id')
      .select([
        'links.id',
        'links.expires_at',
        'links.single_use',
        'links.spent_at',
        'links.revoked_at',
        'files.id as file_id',
        'files.name',
      ])
      .where('links.client_id', '=', clientId)
      .where('links.expires_at', '>', at)
      .where('links.revoked_at', 'is', null)
      .where('links.spent_at', 'is', null)
      .whereRef('links.epoch', '=', 'accounts.epoch')
      .where('files.status', '=', 'available')
      .where(eb => eb.or([eb('files.expires_at', 'is', null), eb('files.expires_at', '>', at)]))
      .where(eb => grantedTo(eb, clientId))
    if (paging.cursor !== undefined) {
      const [expires, id] = decodeCursor(paging.cursor, ['number', 'string'])
      query = query.where(sql<boolean>`(links.expires_at, links.id) < (${expires}, ${id})`)
    }
    const found = await query
      .orderBy('links.expires_at', 'desc')
      .orderBy('links.id', 'desc')
      .limit(limit + 1)
      .execute()
    const { rows, next_cursor } = pageOf(found, limit, row => [row.expires_at, row.id])
    return {
      items: rows.map(row => ({
        id: row.id,
        file: { id: row.file_id, name: row.name },
        expires_at: new Date(row.expires_at).toISOString(),
        single_use: row.single_use === 1,
        spent_at: time(row.spent_at),
        revoked_at: time(row.revoked_at),
      })),
      next_cursor,
    }
  }

const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
