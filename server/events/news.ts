import type { AuditKind } from '../../contract/audit.ts'
import { eventsAfter, type NewsItem, newestSeq } from '../audit/tail.ts'
import type { Reader } from '../db/schema.ts'

/** Events told one by one; when more happened between two looks, everybody is told to look again instead. */
const MOST = 1000

/** What happened since the look before. `lost`: more than is told. */
export type News = { items: NewsItem[]; lost: boolean }

/** Goes through the audit log as it grows, for all streams of the process at once. */
export const createNews = (db: { read: Reader }) => {
  let seen: number | undefined
  return {
    /** Begins at the newest event; what happened before nobody is told. */
    begin: async (): Promise<void> => {
      const newest = await newestSeq(db.read)
      seen ??= newest
    },
    next: async (): Promise<News> => {
      const items = await eventsAfter(db.read, seen ?? (await newestSeq(db.read)), MOST)
      const lost = items.length === MOST
      seen = lost ? await newestSeq(db.read) : (items.at(-1)?.seq ?? seen)
      return { items, lost }
    },
    /** Nobody listens any more. */
    stop: (): void => {
      seen = undefined
    },
  }
}

/** What clients do changes their own list and nobody else's. */
const byClients = [
  'link.issued',
  'link.revoked',
  'file.download_started',
  'file.download_refused',
  'file.download_ended',
  'file.delivered',
  'file.confirmed',
  'file.acknowledged',
  'file.asked_for',
] as const satisfies readonly AuditKind[]
const own: ReadonlySet<string> = new Set(byClients)

/** Whose list of files may look different after this: one client's, everybody's or nobody's. */
export const mayChange = ({ kind, actor_id, file_id }: NewsItem): { client: string } | 'all' | 'none' => {
  if (own.has(kind)) return actor_id === null ? 'all' : { client: actor_id }
  return file_id !== null || kind.startsWith('group.') ? 'all' : 'none'
}
