import type { Audit } from '../audit/append.ts'
import type { FileRef, Actor as Who } from '../audit/event.ts'
import { prepared } from '../db/prepared.ts'
import type { Tx } from '../db/schema.ts'
import { settleAllowance } from './allowance.ts'
import { addSpan, coveredBytes, parseSpans, type Span } from './ranges-union.ts'

/**
 * Why a stream ended. A `complete` one has sent all of its range, which ends the download only if nothing of the file is
 * missing. After `interrupted`, `replaced` and `closing` the client may come back for the rest: the download's one end event
 * waits (`quiet.ts`).
 */
export type Reason =
  | 'complete'
  | 'interrupted'
  | 'replaced'
  | 'closing'
  | 'withdrawn'
  | 'exhausted'
  | 'damaged'
  | 'failed'
const final = new Set<Reason>(['withdrawn', 'exhausted', 'damaged', 'failed'])

/** One stream's part of a download. */
export type Part = {
  download: string
  link: string
  single: boolean
  client: string
  who: Who
  file: FileRef
  /** Bytes of the file. */
  size: number
}

/** What the tables know of a download and of the delivery it is part of. */
const findSent = prepared((tx: Tx, { download }: { download: string }) =>
  tx
    .selectFrom('downloads')
    .leftJoin('deliveries', join =>
      join
        .onRef('deliveries.file_id', '=', 'downloads.file_id')
        .onRef('deliveries.client_id', '=', 'downloads.client_id'),
    )
    .select([
      'downloads.ranges as own',
      'downloads.completed_at',
      'downloads.ended_at',
      'deliveries.ranges as all',
      'deliveries.completed_at as delivered_at',
    ])
    .where('downloads.id', '=', download),
)

type Sent = { ranges: string; bytes: number; completed: number | null; at: number }

const updateDownload = prepared(
  (tx: Tx, { download, ranges, bytes, completed, ended, at }: Sent & { download: string; ended: number | null }) =>
    tx
      .updateTable('downloads')
      .set({ ranges, bytes_sent: bytes, completed_at: completed, ended_at: ended, last_at: at })
      .where('id', '=', download),
)

const updateDelivery = prepared(
  (tx: Tx, { file, client, ranges, bytes, completed, at }: Sent & { file: string; client: string }) =>
    tx
      .updateTable('deliveries')
      .set({ ranges, bytes_sent: bytes, completed_at: completed, last_download_at: at })
      .where('file_id', '=', file)
      .where('client_id', '=', client),
)

/** `reason` once the stream has ended; until then nothing is complete and nothing is over. */
type Progress = { span: Span; at: number; reason?: Reason }

/**
 * Adds bytes that the operating system took to what the download and, over all links, this client has received. Says what
 * became true with them; undefined once the download's row is gone.
 */
export const addSent = async (tx: Tx, part: Part, { span, at, reason }: Progress) => {
  const [row] = await findSent(tx, { download: part.download })
  if (!row) return undefined
  const own = addSpan(parseSpans(row.own), span)
  const bytes = coveredBytes(own)
  const complete = reason === 'complete' && bytes === part.size
  const ends = row.ended_at === null && (complete || (reason !== undefined && final.has(reason)))
  await updateDownload(tx, {
    download: part.download,
    ranges: JSON.stringify(own),
    bytes,
    completed: row.completed_at ?? (complete ? at : null),
    ended: ends ? at : row.ended_at,
    at,
  })
  const sent = { bytes, complete, ends, delivered: false }
  // The file was deleted meanwhile, and what was known of its deliveries with it.
  if (row.all === null) return sent
  const all = addSpan(parseSpans(row.all), span)
  const delivered = reason === 'complete' && row.delivered_at === null && coveredBytes(all) === part.size
  await updateDelivery(tx, {
    file: part.file.id,
    client: part.client,
    ranges: JSON.stringify(all),
    bytes: coveredBytes(all),
    completed: row.delivered_at ?? (delivered ? at : null),
    at,
  })
  return { ...sent, delivered }
}

export type Recording = {
  audit: Audit
  /** A client has a whole file now: in the transaction that records it. */
  delivered: (tx: Tx, what: { file: string; client: string }) => Promise<void>
}

type End = { span: Span; reason: Reason; unsent: number; at: number }

/** Everything that is known once a stream has ended, in one transaction: bytes, allowance, the end, the delivery. */
export const recordEnd = async (tx: Tx, { audit, delivered }: Recording, part: Part, end: End): Promise<void> => {
  const sent = await addSent(tx, part, end)
  const { reason, unsent, at } = end
  if (part.single) await settleAllowance(tx, { linkId: part.link, unsent, complete: sent?.complete ?? false, at })
  const { download, link, who, file } = part
  if (sent?.ends) {
    const data = { download, link, bytes_sent: sent.bytes, reason }
    await audit.append(tx, { kind: 'file.download_ended', actor: who, file, data })
  }
  if (sent?.delivered) {
    const data = { download, link, bytes_sent: part.size }
    await audit.append(tx, { kind: 'file.delivered', actor: who, file, data })
    await delivered(tx, { file: file.id, client: part.client })
  }
}
