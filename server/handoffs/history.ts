import type { HistoryEntry } from '../../contract/files.ts'
import type { Static } from '../../contract/wire.ts'
import { listAudit } from '../audit/list.ts'
import type { Reader } from '../db/schema.ts'
import { decodeCursor, limitOf, pageOf } from '../paging.ts'

type Entry = Static<typeof HistoryEntry>

const words: Record<string, Entry['kind']> = {
  'link.issued': 'link_issued',
  'file.download_started': 'download_started',
  'file.download_ended': 'download_ended',
  'file.delivered': 'delivered',
  'file.confirmed': 'confirmed',
  'file.acknowledged': 'acknowledged',
  'file.asked_for': 'asked_again',
}

type Paged = { limit?: string; cursor?: string }

/** What a client did with a file, newest first, and last of all when it was handed over to them. */
export const listHistory = async (
  db: Reader,
  { file, client, limit: wanted, cursor }: Paged & { file: string; client: string },
): Promise<{ items: Entry[]; next_cursor: string | null }> => {
  const limit = limitOf(wanted)
  const before = cursor === undefined ? undefined : decodeCursor(cursor, ['number'])[0]
  const events = await listAudit(db, { file, actors: [client], before, limit: limit + 1 })
  const { rows, next_cursor } = pageOf(events, limit, ({ seq }) => [seq])
  const items = rows.flatMap(({ at, kind, data }): Entry[] => {
    const word = words[kind]
    if (word === undefined) return []
    return [{ at, kind: word, bytes_sent: typeof data.bytes_sent === 'number' ? data.bytes_sent : null }]
  })
  return { items: next_cursor === null ? [...items, ...(await handedOver(db, file, client))] : items, next_cursor }
}

const handedOver = async (db: Reader, file: string, client: string): Promise<Entry[]> => {
  const rows = await db
    .selectFrom('handoff_files')
    .innerJoin('handoffs', 'handoffs.id', 'handoff_files.handoff_id')
    .select('handoffs.at')
    .where('handoff_files.file_id', '=', file)
    .innerJoin('handoff_clients', 'handoff_clients.handoff_id', 'handoffs.id')
    .where('handoff_clients.client_id', '=', client)
    .execute()
  return rows
    .sort((a, b) => b.at - a.at)
    .map(({ at }) => ({ at: new Date(at).toISOString(), kind: 'shared', bytes_sent: null }))
}
