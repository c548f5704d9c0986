import type { Installation } from '../../server/installation.ts'

export type KeyUse = {
  id: string
  state: 'next' | 'active' | 'retired' | 'destroyed'
  /** RFC 3339. */
  created_at: string
  /** Files whose data key it wraps. */
  files: number
  /** Unfinished uploads whose data key it wraps. */
  uploads: number
  /** Mails it seals that are not sent yet. */
  mails: number
  /** Milliseconds since 1970: the last session or link that may carry its signature ends then; undefined for none. */
  until: number | undefined
}

/** What still needs each key. A key that nothing needs can be destroyed; a copy of old data then stays shut for good. */
export const keyUse = async ({ db, keyring }: Pick<Installation, 'db' | 'keyring'>, now: number): Promise<KeyUse[]> => {
  const files = await db.read
    .selectFrom('files')
    .select(['kek_id', eb => eb.fn.countAll<number>().as('count')])
    .groupBy('kek_id')
    .execute()
  const uploads = await db.read
    .selectFrom('uploads')
    .select(['kek_id', eb => eb.fn.countAll<number>().as('count')])
    .where('wrap', 'is not', null)
    .groupBy('kek_id')
    .execute()
  const sealed = await db.read.selectFrom('outbox').select('sealed').where('sealed', 'is not', null).execute()
  const keys = keyring.ids()
  const uses: KeyUse[] = []
  for (const [at, key] of keys.entries()) {
    // Seals and signs until its successor came; the active key goes on.
    const successor = keys[at + 1]
    const before = successor && successor.state !== 'next' ? Date.parse(successor.created_at) : Number.MAX_SAFE_INTEGER
    uses.push({
      ...key,
      files: Number(files.find(({ kek_id }) => kek_id === key.id)?.count ?? 0),
      uploads: Number(uploads.find(({ kek_id }) => kek_id === key.id)?.count ?? 0),
      mails: sealed.filter(row => row.sealed !== null && sealerOf(row.sealed) === key.id).length,
      until: key.state === 'destroyed' ? undefined : await lastSigned(db, Date.parse(key.created_at), before, now),
    })
  }
  return uses
}

/** Bytes 1 to 4 of a sealed box name its key (formats.md). */
const sealerOf = (sealed: Uint8Array): string => Buffer.from(sealed.subarray(1, 5)).toString('hex')

const lastSigned = async (db: Installation['db'], from: number, before: number, now: number) => {
  const { session } = await db.read
    .selectFrom('sessions')
    .select(eb => eb.fn.max('expires_at').as('session'))
    .where('created_at', '>=', from)
    .where('created_at', '<', before)
    .executeTakeFirstOrThrow()
  const { link } = await db.read
    .selectFrom('links')
    .select(eb => eb.fn.max('expires_at').as('link'))
    .where('created_at', '>=', from)
    .where('created_at', '<', before)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow()
  const last = Math.max(Number(session ?? 0), Number(link ?? 0))
  return last > now ? last : undefined
}

/** Whether anything at all still needs the key. */
export const isNeeded = ({ state, files, uploads, mails, until }: KeyUse): boolean =>
  state === 'active' || state === 'next' || files > 0 || uploads > 0 || mails > 0 || until !== undefined
