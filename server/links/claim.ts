import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import { newId, type RandomBytes } from '../crypto/random.ts'
import { prepared } from '../db/prepared.ts'
import type { Db, Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { takeAllowance } from './allowance.ts'
import { fileRef, type Offer, redeemable } from './sql.ts'

type Needs = { db: Db; audit: Audit; random: RandomBytes }
type Asking = { offer: Offer; clientId: string; sessionId: string; who: Who }

/** A right to send: of which download, as which of its streams, and how many bytes at first (single use only). */
export type Claim = { download: string; stream: number; allowed: number }

/**
 * Claims a download (link × session): right, row, event and the first part of a single-use link's allowance in one
 * transaction, durable when this resolves, so that no byte leaves without a record (ledger.md). Throws 404 if the right has
 * gone since the offer was read. `first` is how many bytes the stream would like to begin with.
 */
export const createClaim =
  ({ db, audit, random }: Needs) =>
  async ({ offer, clientId, sessionId, who }: Asking, first: number): Promise<Claim> => {
    const at = await db.now()
    const linkId = offer.link_id
    return db.write(async tx => {
      const [download] = await claimRow(tx, { linkId, clientId, sessionId, at, id: newId(random) })
      if (!download) throw new AppError('not_found')
      if (download.stream === 1) {
        await countDownload(tx, { file_id: offer.id, client_id: clientId, at })
        const data = { download: download.id, link: linkId }
        await audit.append(tx, { kind: 'file.download_started', actor: who, file: fileRef(offer), data })
      }
      const allowed = offer.single_use ? await takeAllowance(tx, linkId, first) : first
      return { download: download.id, stream: download.stream, allowed }
    })
  }

type Row = { linkId: string; clientId: string; sessionId: string; at: number; id: string }

/** One statement; a second request of the same session on the same link gets the row that is there and its next stream. */
const claimRow = prepared((tx: Tx, asking: Row) =>
  tx
    .insertInto('downloads')
    .columns([
      'id',
      'link_id',
      'session_id',
      'client_id',
      'file_id',
      'started_at',
      'last_at',
      'ranges',
      'bytes_sent',
      'stream',
    ])
    .expression(
      redeemable(tx, asking).select(eb => [
        eb.val(asking.id).as('id'),
        'links.id as link_id',
        'sessions.id as session_id',
        'links.client_id',
        'links.file_id',
        eb.val(asking.at).as('started_at'),
        eb.val(asking.at).as('last_at'),
        eb.val('[]').as('ranges'),
        eb.val(0).as('bytes_sent'),
        eb.val(1).as('stream'),
      ]),
    )
    .onConflict(conflict =>
      conflict.columns(['link_id', 'session_id']).doUpdateSet(eb => ({
        stream: eb('downloads.stream', '+', 1),
        last_at: asking.at,
      })),
    )
    .returning(['id', 'stream']),
)

const countDownload = prepared(
  (tx: Tx, { file_id, client_id, at }: { file_id: string; client_id: string; at: number }) =>
    tx
      .insertInto('deliveries')
      .values({
        file_id,
        client_id,
        ranges: '[]',
        bytes_sent: 0,
        first_download_at: at,
        last_download_at: at,
        downloads: 1,
        completed_at: null,
      })
      .onConflict(conflict =>
        conflict.columns(['file_id', 'client_id']).doUpdateSet(eb => ({
          downloads: eb('deliveries.downloads', '+', 1),
          last_download_at: at,
        })),
      ),
)
