import type { Reader } from '../db/schema.ts'
import { grantedTo } from '../files/granted.ts'
import type { Message } from '../mail/deliver.ts'
import { askedAgain, fetched, handedOver, reminder } from '../mail/handoff-messages.ts'

/**
 * A mail and the files it names (to this client, unless it goes to their uploader); or why there is none: something waits for
 * the malware scanner, or there is nothing (left) to tell.
 */
export type Letter =
  | { kind: string; to: string; message: Message; files: readonly string[]; client: string | null }
  | 'later'
  | 'nothing'

type Base = { publicUrl: string; now: number }

const personOf = async (db: Reader, id: string) => {
  const person = await db
    .selectFrom('accounts')
    .select(['name', 'email', 'language'])
    .where('id', '=', id)
    .where('disabled_at', 'is', null)
    .where('email_verified_at', 'is not', null)
    .executeTakeFirst()
  return person
}

/** Files a client may see and has not fetched whole; what waits for the scanner is among them, with its state. */
const waitingFor = (db: Reader, ids: readonly string[], client: string, now: number) =>
  db
    .selectFrom('files')
    .innerJoin('accounts as uploader', 'uploader.id', 'files.uploaded_by')
    .select(['files.id', 'files.name', 'files.status', 'files.expires_at', 'uploader.name as sender', 'uploader.email'])
    .where('files.id', 'in', ids)
    .where('files.status', '!=', 'expired')
    .where(eb => eb.or([eb('files.expires_at', 'is', null), eb('files.expires_at', '>', now)]))
    .where(eb => grantedTo(eb, client))
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('deliveries')
            .select('deliveries.file_id')
            .whereRef('deliveries.file_id', '=', 'files.id')
            .where('deliveries.client_id', '=', client)
            .where('deliveries.completed_at', 'is not', null),
        ),
      ),
    )
    .orderBy('files.name')
    .execute()

/** Once per hand-off, with all its files. */
export const aboutHandoff = async (
  db: Reader,
  { handoff, client, publicUrl, now }: Base & { handoff: string; client: string },
): Promise<Letter> => {
  const act = await db
    .selectFrom('handoffs')
    .innerJoin('accounts', 'accounts.id', 'handoffs.sent_by')
    .select(['handoffs.at', 'handoffs.note', 'accounts.name', 'accounts.email'])
    .where('handoffs.id', '=', handoff)
    .executeTakeFirst()
  const to = await personOf(db, client)
  const ids = await db.selectFrom('handoff_files').select('file_id').where('handoff_id', '=', handoff).execute()
  if (!act || !to || ids.length === 0) return 'nothing'
  const files = await waitingFor(
    db,
    ids.map(row => row.file_id),
    client,
    now,
  )
  if (files.some(({ status }) => status === 'pending')) return 'later'
  if (files.length === 0) return 'nothing'
  const sender = { name: act.name, email: act.email }
  const message = handedOver({ publicUrl, language: to.language, sender, at: act.at, note: act.note, files })
  return { kind: 'handoff', to: to.email, message, files: files.map(({ id }) => id), client }
}

/** A reminder of files, on request or before their end. */
export const aboutFiles = async (
  db: Reader,
  { files: ids, client, publicUrl, now }: Base & { files: readonly string[]; client: string },
): Promise<Letter> => {
  const to = await personOf(db, client)
  const files = (await waitingFor(db, ids, client, now)).filter(({ status }) => status === 'available')
  if (!to || files.length === 0) return 'nothing'
  return {
    kind: 'reminder',
    to: to.email,
    message: reminder({ publicUrl, language: to.language, files }),
    files: files.map(({ id }) => id),
    client,
  }
}

/** To the uploader: who has fetched what for the first time, or who asks for an expired file again. */
export const aboutFetching = async (
  db: Reader,
  {
    about,
    notices,
    publicUrl,
  }: Base & {
    about: 'fetched' | 'asked'
    notices: readonly { ref: string; client_id: string }[]
  },
): Promise<Letter> => {
  const happened = []
  let to: Awaited<ReturnType<typeof personOf>>
  for (const { ref, client_id } of notices) {
    const file = await db
      .selectFrom('files')
      .select(['id', 'name', 'uploaded_by'])
      .where('id', '=', ref)
      .executeTakeFirst()
    const client = await db
      .selectFrom('accounts')
      .select(['name', 'email'])
      .where('id', '=', client_id)
      .executeTakeFirst()
    if (!file || !client) continue
    to ??= await personOf(db, file.uploaded_by)
    happened.push({ client, file: { id: file.id, name: file.name } })
  }
  if (!to || happened.length === 0) return 'nothing'
  const writing = { publicUrl, language: to.language, happened }
  const message = about === 'asked' ? askedAgain(writing) : fetched(writing)
  const named = happened.map(({ file }) => file.id)
  return { kind: about === 'asked' ? 'asked_again' : 'first_fetch', to: to.email, message, files: named, client: null }
}
