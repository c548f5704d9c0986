import { sql } from 'kysely'
import type { IssuedLink } from '../../contract/links.ts'
import type { Actor } from '../accounts/policy.ts'
import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { newId, type RandomBytes } from '../crypto/random.ts'
import { prepared } from '../db/prepared.ts'
import type { Db, Tx } from '../db/schema.ts'
import { AppError, invalid, retryAfter } from '../errors.ts'
import { grantedTo } from '../files/granted.ts'
import type { Limits } from '../limits/limits.ts'
import { fileRef } from './sql.ts'
import { sealLink } from './token.ts'

/** What a single-use link may send beyond twice the file, so that small files survive a few broken connections too. */
const SLACK = 1024 * 1024

type Needs = {
  db: Db
  keyring: Keyring
  audit: Audit
  limits: Pick<Limits, 'take'>
  random: RandomBytes
  /** `linkTtl` and `linkTtlMax` in seconds. */
  config: { publicUrl: URL; linkTtl: number; linkTtlMax: number }
  /** Links of one client that may be alive at a time. */
  liveLinks: number
}

type Wish = { expires_in?: number; single_use?: boolean }

/**
 * Issues a link for a file the client may see now. Throws 400 for a life outside 1 second to the maximum, 404 for a file
 * that is not there for this client, 429 when too many of the client's links are alive or were asked for within the hour.
 */
export const createIssue = ({ db, keyring, audit, limits, random, config, liveLinks }: Needs) => {
  const issue = async (actor: Actor, who: Who, fileId: string, wish: Wish): Promise<IssuedLink> => {
    const seconds = wish.expires_in ?? config.linkTtl
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > config.linkTtlMax) {
      throw invalid('expires_in', `must be whole seconds from 1 to ${config.linkTtlMax}`)
    }
    const taken = await limits.take('links_client', actor.id)
    if (!taken.ok) throw new AppError('too_many_requests', { headers: retryAfter(taken.retryAfter) })
    const id = newId(random)
    const single = wish.single_use ?? false
    const at = await db.now()
    const expires = await db.write(async tx => {
      const asked = { fileId, clientId: actor.id, epoch: actor.epoch, at }
      const wanted = { ...asked, id, expires: at + seconds * 1000, single: single ? 1 : 0, liveLinks }
      const [link] = await insert(tx, wanted)
      const [file] = link ? await findFile(tx, { fileId }) : []
      if (!link || !file) throw await whyNot(tx, asked)
      await audit.append(tx, {
        kind: 'link.issued',
        actor: who,
        file: fileRef(file),
        data: { link: id, expires_at: new Date(link.expires_at).toISOString(), single_use: single },
      })
      return link.expires_at
    })
    const token = sealLink({ keyring, random }, { linkId: id, clientId: actor.id, exp: Math.ceil(expires / 1000) })
    return {
      id,
      download_link: `${config.publicUrl.origin}/download/${token}`,
      expires_at: new Date(expires).toISOString(),
      message: 'success',
    }
  }
  return issue
}

type Asked = { fileId: string; clientId: string; epoch: number; at: number }

/** The file, if this client may have a link for it now. */
const available = (tx: Tx, { fileId, clientId, epoch, at }: Asked) =>
  tx
    .selectFrom('files')
    .innerJoin('accounts', join => join.on('accounts.id', '=', clientId))
    .where('files.id', '=', fileId)
    .where('files.status', '=', 'available')
    .where(eb => eb.or([eb('files.expires_at', 'is', null), eb('files.expires_at', '>', at)]))
    .where('accounts.disabled_at', 'is', null)
    .where('accounts.epoch', '=', epoch)
    .where(eb => grantedTo(eb, eb.ref('accounts.id')))

/** `single` is 1 or 0. */
type Row = Asked & { id: string; expires: number; single: number; liveLinks: number }

/** Right and insert are one statement: a withdrawal comes before the link, which then is not made, or after and ends it. */
const insert = prepared((tx: Tx, asked: Row) =>
  tx
    .insertInto('links')
    .columns(['id', 'file_id', 'client_id', 'epoch', 'created_at', 'expires_at', 'single_use', 'allowance'])
    .expression(
      available(tx, asked)
        .select(eb => [
          eb.val(asked.id).as('id'),
          'files.id as file_id',
          'accounts.id as client_id',
          'accounts.epoch',
          eb.val(asked.at).as('created_at'),
          eb
            .case()
            .when('files.expires_at', '<', asked.expires)
            .then(eb.ref('files.expires_at').$notNull())
            .else(asked.expires)
            .end()
            .as('expires_at'),
          eb.val(asked.single).as('single_use'),
          sql<number | null>`case when ${asked.single} = 1 then 2 * files.size + ${SLACK} end`.as('allowance'),
        ])
        .where(
          eb =>
            eb
              .selectFrom(
                eb
                  .selectFrom('links')
                  .select('links.id')
                  .where('links.client_id', '=', asked.clientId)
                  .where('links.expires_at', '>', asked.at)
                  .where('links.revoked_at', 'is', null)
                  .where('links.spent_at', 'is', null)
                  .limit(asked.liveLinks)
                  .as('live'),
              )
              .select(e => e.fn.countAll<number>().as('count')),
          '<',
          asked.liveLinks,
        ),
    )
    .returning('expires_at'),
)

const findFile = prepared((tx: Tx, { fileId }: { fileId: string }) =>
  tx.selectFrom('files').select(['id', 'uploaded_by', 'name', 'sha256']).where('id', '=', fileId),
)

const whyNot = async (tx: Tx, asked: Asked): Promise<AppError> => {
  const there = await available(tx, asked).select('files.id').executeTakeFirst()
  if (!there) return new AppError('not_found')
  return new AppError('too_many_requests', {
    detail: 'Too many of your links are still alive. Use or revoke some, or wait until they expire.',
    headers: retryAfter(60),
  })
}
