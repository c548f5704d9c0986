import type { Audit } from '../audit/append.ts'
import { person, type Actor as Who } from '../audit/event.ts'
import type { Db } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { listShared } from './list.ts'
import { presentShared } from './present.ts'

type Needs = { db: Db; audit: Audit }
type Look = {
  client: string
  /** Whose files are shown; undefined: everybody's. */
  owner: string | undefined
  query: { limit?: string; cursor?: string; q?: string }
  who: Who
}

/**
 * A client's list exactly as the client sees it. Nothing happens as the client; that `who` looked is recorded before anything
 * is shown. Throws `not_found` for whoever is no client.
 */
export const createViewAs =
  ({ db, audit }: Needs) =>
  async ({ client, owner, query, who }: Look) => {
    const account = await db.read
      .selectFrom('accounts')
      .select(['id', 'role', 'email', 'name'])
      .where('id', '=', client)
      .where('role', '=', 'client')
      .executeTakeFirst()
    if (!account) throw new AppError('not_found')
    await db.write(tx => audit.viewed(tx, { kind: 'client.viewed', actor: who, client, subject: person(account) }))
    const { rows, next_cursor } = await listShared(db.read, client, { ...query, uploader: owner })
    return { items: await presentShared(db.read, rows, client), next_cursor }
  }
