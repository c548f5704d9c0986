import { type ExpressionBuilder, sql } from 'kysely'
import type { NoticeTable, Reader, Schema } from '../db/schema.ts'
import { decodeCursor, limitOf, pageOf } from '../paging.ts'
import { grantedTo } from './granted.ts'
import { invitedByIds } from './invited.ts'
import { presentDelivery } from './present.ts'
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
      'files.status',
      'deliveries.bytes_sent',
      'deliveries.first_download_at',
      'deliveries.last_download_at',
      'deliveries.downloads',
      'deliveries.completed_at',
      'deliveries.confirmed_at',
      'deliveries.acknowledged_at',
      told(eb, ['handoff']).as('notified_at'),
      told(eb, ['reminder', 'expiry']).as('reminded_at'),
      eb
        .selectFrom('notices')
        .select('notices.created_at')
        .whereRef('notices.ref', '=', 'files.id')
        .whereRef('notices.client_id', '=', 'accounts.id')
        .where('notices.about', '=', 'asked')
        .as('asked_at'),
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
  const here = rows
    .filter(({ granted, downloads }) => Boolean(granted) || downloads !== null)
    .map(row => ({
      client: { id: row.id, name: row.name, email: row.email },
      state: stateOf(row),
      granted: Boolean(row.granted),
      notified_at: time(row.notified_at),
      reminded_at: time(row.reminded_at),
      ...presentDelivery(row),
    }))
  const missing = clients.filter(id => !rows.some(row => row.id === id))
  const invited = [...(await invitedByIds(db, missing))].map(([id, email]) => ({
    client: { id, name: '', email },
    state: 'invited' as const,
    granted: true,
    notified_at: null,
    reminded_at: null,
    ...presentDelivery(),
  }))
  return { items: [...here, ...invited].sort((a, b) => (a.client.id < b.client.id ? -1 : 1)), next_cursor }
}

/** When a mail of this kind, that names the file to the client, was last accepted by the relay. */
const told = (eb: ExpressionBuilder<Schema, 'files' | 'accounts'>, about: readonly NoticeTable['about'][]) =>
  eb
    .selectFrom('mail_files')
    .select(({ fn }) => fn.max<number | null>('mail_files.accepted_at').as('at'))
    .whereRef('mail_files.file_id', '=', 'files.id')
    .whereRef('mail_files.client_id', '=', 'accounts.id')
    .where('mail_files.about', 'in', about)

type State = {
  status: string
  granted: unknown
  linked: unknown
  notified_at: number | null
  completed_at: number | null
  confirmed_at: number | null
  acknowledged_at: number | null
  bytes_sent: number | null
}

/** The furthest that a file has come with a client (contract/files.ts). */
const stateOf = (row: State) => {
  if (row.acknowledged_at !== null) return 'acknowledged' as const
  if (row.confirmed_at !== null) return 'confirmed' as const
  if (row.completed_at !== null) return 'delivered' as const
  if (!row.granted) return 'withdrawn' as const
  if (row.status === 'expired') return 'expired' as const
  if (row.bytes_sent) return 'partial' as const
  if (row.linked) return 'opened' as const
  return row.notified_at === null ? ('offered' as const) : ('notified' as const)
}

const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
