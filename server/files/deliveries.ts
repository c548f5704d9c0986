import { sql } from 'kysely'
import type { Reader } from '../db/schema.ts'
import { decodeCursor, limitOf, pageOf } from '../paging.ts'
import { grantedTo } from './granted.ts'
import { receivers } from './receivers.ts'

type Paged = { limit?: string; cursor?: string }

/** Everybody who may see the file or has fetched of it: how much, since when, and whether they still may. */
export const listDeliveries = async (db: Reader, fileId: string, { limit: wanted, cursor }: Paged) => {
  const limit = limitOf(wanted)
  const after = cursor === undefined ? '' : decodeCursor(cursor, ['string'])[0]
  const found = await receivers(db, fileId, { after, limit: limit + 1 })
  const { rows: clients, next_cursor } = pageOf(found, limit, id => [id])
  if (clients.length === 0) return { items: [], next_cursor }
  const rows = await db
    .selectFrom('accounts')
    .innerJoin('files', join => join.on('files.id', '=', fileId))
    .leftJoin('deliveries', join =>
      join.onRef('deliveries.client_id', '=', 'accounts.id').on('deliveries.file_id', '=', fileId),
    )
    .where('accounts.id', 'in', clients)
    .select(eb => [
      'accounts.id',
      'accounts.name',
      'accounts.email',
      'deliveries.bytes_sent',
      'deliveries.first_download_at',
      'deliveries.last_download_at',
      'deliveries.downloads',
      'deliveries.completed_at',
      grantedTo(eb, sql.ref<string>('accounts.id')).as('granted'),
      eb
        .exists(
          eb
            .selectFrom('links')
            .select(sql<number>`1`.as('one'))
            .where('links.file_id', '=', fileId)
            .whereRef('links.client_id', '=', 'accounts.id'),
        )
        .as('linked'),
    ])
    .execute()
  return {
    items: rows
      .filter(({ granted, downloads }) => Boolean(granted) || downloads !== null)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map(row => ({
        client: { id: row.id, name: row.name, email: row.email },
        state: stateOf(row),
        bytes_sent: row.bytes_sent ?? 0,
        first_download_at: time(row.first_download_at),
        last_download_at: time(row.last_download_at),
        downloads: row.downloads ?? 0,
      })),
    next_cursor,
  }
}

type State = { granted: unknown; linked: unknown; completed_at: number | null; bytes_sent: number | null }

const stateOf = ({ granted, linked, completed_at, bytes_sent }: State) => {
  if (completed_at !== null) return 'delivered' as const
  if (!granted) return 'withdrawn' as const
  if (bytes_sent) return 'partial' as const
  return linked ? ('opened' as const) : ('offered' as const)
}

const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
