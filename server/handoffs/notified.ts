import type { Audit } from '../audit/append.ts'
import { personal } from '../audit/event.ts'
import type { NoticeTable, Tx } from '../db/schema.ts'

/** Keeps which files a mail names, in the transaction that writes it. `client`: whom it tells of them, if it tells a client. */
export const keepNamed = async (
  tx: Tx,
  {
    mail,
    files,
    client,
    about,
  }: { mail: string; files: readonly string[]; client: string | null } & Pick<NoticeTable, 'about'>,
): Promise<void> => {
  for (const file_id of new Set(files))
    await tx
      .insertInto('mail_files')
      .values({ mail_id: mail, file_id, client_id: client, about, accepted_at: null })
      .execute()
}

type Accepted = { mail: string; about: string; at: number }

/**
 * Records that the relay accepted a mail about files: for each file it names an event of its own, which is the evidence that
 * this client was told of it. False when the mail names none.
 */
export const recordNotified = async (tx: Tx, audit: Audit, { mail, about, at }: Accepted): Promise<boolean> => {
  const named = await tx
    .updateTable('mail_files')
    .set({ accepted_at: at })
    .where('mail_id', '=', mail)
    .returning(['file_id', 'client_id'])
    .execute()
  for (const { file_id, client_id } of named) {
    const file = await tx
      .selectFrom('files')
      .select(['id', 'uploaded_by', 'name', 'sha256'])
      .where('id', '=', file_id)
      .executeTakeFirstOrThrow()
    const client =
      client_id === null
        ? undefined
        : await tx.selectFrom('accounts').select(['id', 'email']).where('id', '=', client_id).executeTakeFirst()
    await audit.append(tx, {
      kind: 'mail.accepted',
      actor: null,
      subject: { mail },
      file: { id: file.id, owner: file.uploaded_by, name: file.name, sha256: file.sha256 },
      data: { about, client: client && { id: personal(client.id), email: personal(client.email) } },
    })
  }
  return named.length > 0
}
