import type { AuditEventTable, Reader } from '../db/schema.ts'

export type NewsItem = Pick<AuditEventTable, 'seq' | 'kind' | 'actor_id' | 'file_id' | 'owner_id'>

/** `seq` of the newest event; 0 when there is none. */
export const newestSeq = async (db: Reader): Promise<number> => {
  const row = await db.selectFrom('audit_events').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return row?.seq ?? 0
}

/** Events after `seq`, oldest first, at most `limit`. Numbers have no gaps and are committed in order: none appears later. */
export const eventsAfter = (db: Reader, seq: number, limit: number): Promise<NewsItem[]> =>
  db
    .selectFrom('audit_events')
    .select(['seq', 'kind', 'actor_id', 'file_id', 'owner_id'])
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute()
