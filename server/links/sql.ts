import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import { prepared } from '../db/prepared.ts'
import type { Reader, Schema } from '../db/schema.ts'
import { grantedTo } from '../files/granted.ts'

type Tables = 'links' | 'files' | 'accounts' | 'sessions'

/** `at`: milliseconds since 1970 by the database's clock. */
type Asking = { linkId: string; clientId: string; sessionId: string; at: number }

/**
 * The one condition under which bytes may flow, for a first request and for a stream that runs: link neither revoked nor
 * expired, file there and still shared with this client, account verified, enabled and in the epoch in which link and session began.
 */
export const mayFlow = (eb: ExpressionBuilder<Schema, Tables>, at: number): Expression<SqlBool> =>
  eb.and([
    eb('links.revoked_at', 'is', null),
    eb('links.expires_at', '>', at),
    eb('files.status', '=', 'available'),
    eb.or([eb('files.expires_at', 'is', null), eb('files.expires_at', '>', at)]),
    eb('accounts.disabled_at', 'is', null),
    eb('accounts.email_verified_at', 'is not', null),
    eb('accounts.epoch', '=', eb.ref('links.epoch')),
    eb('accounts.epoch', '=', eb.ref('sessions.epoch')),
    eb('sessions.expires_at', '>', at),
    grantedTo(eb, eb.ref('accounts.id')),
  ])

/**
 * The link with its file, if this session may redeem it now; a caller selects what it needs. A single-use link belongs to
 * the session that used it first, until it is spent.
 */
export const redeemable = (db: Pick<Reader, 'selectFrom'>, { linkId, clientId, sessionId, at }: Asking) =>
  db
    .selectFrom('links')
    .innerJoin('files', 'files.id', 'links.file_id')
    .innerJoin('accounts', 'accounts.id', 'links.client_id')
    .innerJoin('sessions', 'sessions.account_id', 'accounts.id')
    .where('links.id', '=', linkId)
    .where('links.client_id', '=', clientId)
    .where('sessions.id', '=', sessionId)
    .where(eb => mayFlow(eb, at))
    .where('links.spent_at', 'is', null)
    .where(eb => eb.or([eb('links.allowance', 'is', null), eb('links.allowance', '>', 0)]))
    .where(eb =>
      eb.or([
        eb('links.single_use', '=', 0),
        eb.not(
          eb.exists(
            eb
              .selectFrom('downloads')
              .select('downloads.id')
              .whereRef('downloads.link_id', '=', 'links.id')
              .where('downloads.session_id', '!=', sessionId),
          ),
        ),
      ]),
    )

/** What redeeming needs to know of a link and its file. */
export const findOffer = prepared((db: Reader, asking: Asking) =>
  redeemable(db, asking).select([
    'links.id as link_id',
    'links.single_use',
    'files.id',
    'files.name',
    'files.type',
    'files.size',
    'files.sha256',
    'files.uploaded_by',
    'files.wrap',
    'files.blob',
  ]),
)

export type Offer = Awaited<ReturnType<typeof findOffer>>[number]

/** The file of an offer as the audit log names one. */
export const fileRef = (file: { id: string; uploaded_by: string; name: string; sha256: Uint8Array }) => ({
  id: file.id,
  owner: file.uploaded_by,
  name: file.name,
  sha256: file.sha256,
})

/** About 800 pieces of a large file, as JSON. */
const MOST_RANGES = 16 * 1024

/**
 * Whether what this session, or this client over all links, has of the file is in so many pieces that further Range requests
 * get the whole file: every piece sent goes on counting, and fetching every second byte cannot make the row grow.
 */
export const isFragmented = async (
  db: Pick<Reader, 'selectFrom'>,
  offer: Offer,
  sessionId: string,
): Promise<boolean> => {
  const row = await db
    .selectFrom('links')
    .leftJoin('downloads', join =>
      join.onRef('downloads.link_id', '=', 'links.id').on('downloads.session_id', '=', sessionId),
    )
    .leftJoin('deliveries', join =>
      join.onRef('deliveries.file_id', '=', 'links.file_id').onRef('deliveries.client_id', '=', 'links.client_id'),
    )
    .select('links.id')
    .where('links.id', '=', offer.link_id)
    .where(eb =>
      eb.or([
        eb(eb.fn<number>('length', ['downloads.ranges']), '>', MOST_RANGES),
        eb(eb.fn<number>('length', ['deliveries.ranges']), '>', MOST_RANGES),
      ]),
    )
    .executeTakeFirst()
  return row !== undefined
}
