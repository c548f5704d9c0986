import type { Audit } from '../audit/append.ts'
import type { FileRef, Actor as Who } from '../audit/event.ts'
import type { Tx } from '../db/schema.ts'
import { settleAllowance } from './allowance.ts'
import { addSpan, coveredBytes, parseSpans, type Span } from './ranges-union.ts'

/**
 * Why a stream ended. After `interrupted`, `replaced` and `closing` the client may come back for the rest: the download's
 * one end event waits (`quiet.ts`).
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
const final = new Set<Reason>(['complete', 'withdrawn', 'exhausted', 'damaged', 'failed'])

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

/**
 * Adds bytes that the operating system took to what the download and, over all links, this client has received. Completion
 * is for the end of a stream that ended well. Undefined once the download's row is gone.
 */
export const addSent = async (
  tx: Tx,
  { download, file, client, size }: Part,
  span: Span,
  { at, mayComplete }: { at: number; mayComplete: boolean },
) => {
  const row = await tx
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
    .where('downloads.id', '=', download)
    .executeTakeFirst()
  if (!row) return undefined
  const own = addSpan(parseSpans(row.own), span)
  const complete = mayComplete && coveredBytes(own) === size
  await tx
    .updateTable('downloads')
    .set({
      ranges: JSON.stringify(own),
      bytes_sent: coveredBytes(own),
      last_at: at,
      completed_at: row.completed_at ?? (complete ? at : null),
    })
    .where('id', '=', download)
    .execute()
  const sent = { bytes: coveredBytes(own), complete, ended: row.ended_at !== null, delivered: false }
  // The file was deleted meanwhile, and what was known of its deliveries with it.
  if (row.all === null) return sent
  const all = addSpan(parseSpans(row.all), span)
  const delivered = mayComplete && row.delivered_at === null && coveredBytes(all) === size
  await tx
    .updateTable('deliveries')
    .set({
      ranges: JSON.stringify(all),
      bytes_sent: coveredBytes(all),
      last_download_at: at,
      completed_at: row.delivered_at ?? (delivered ? at : null),
    })
    .where('file_id', '=', file.id)
    .where('client_id', '=', client)
    .execute()
  return { ...sent, delivered }
}

type End = { span: Span; reason: Reason; unsent: number; at: number }

/** Everything that is known once a stream has ended, in one transaction: bytes, allowance, the end, the delivery. */
export const recordEnd = async (tx: Tx, audit: Audit, part: Part, { span, reason, unsent, at }: End): Promise<void> => {
  const sent = await addSent(tx, part, span, { at, mayComplete: reason === 'complete' })
  if (part.single) await settleAllowance(tx, { linkId: part.link, unsent, complete: sent?.complete ?? false, at })
  if (!sent) return
  const { download, link, who, file } = part
  const over = sent.complete || (final.has(reason) && reason !== 'complete')
  if (over && !sent.ended) {
    await tx.updateTable('downloads').set({ ended_at: at }).where('id', '=', download).execute()
    const data = { download, link, bytes_sent: sent.bytes, reason }
    await audit.append(tx, { kind: 'file.download_ended', actor: who, file, data })
  }
  if (sent.delivered) {
    const data = { download, link, bytes_sent: part.size }
    await audit.append(tx, { kind: 'file.delivered', actor: who, file, data })
  }
}
