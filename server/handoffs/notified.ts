import type { Audit } from '../audit/append.ts'
import { personal } from '../audit/event.ts'
import type { Tx } from '../db/schema.ts'

type Accepted = { mail: string; about: string; at: number }

/**
 * Records that the relay accepted a mail about files: for each of them and its client an event of its own, which is the
 * evidence that this client was told. False when the mail was about none.
 */
export const recordNotified = async (tx: Tx, audit: Audit, { mail, about, at }: Accepted): Promise<boolean> => {
  const notices = await tx
    .updateTable('notices')
    .set({ accepted_at: at })
    .where('mail_id', '=', mail)
    .returning(['about', 'ref', 'client_id'])
    .execute()
  if (notices.length === 0) return false
  for (const notice of notices) {
    const client = await tx
      .selectFrom('accounts')
      .select(['id', 'email'])
      .where('id', '=', notice.client_id)
      .executeTakeFirst()
    const files = await tx
      .selectFrom('files')
      .select(['id', 'uploaded_by', 'name', 'sha256'])
      .where('id', 'in', eb =>
        notice.about === 'handoff'
          ? eb.selectFrom('handoff_files').select('file_id').where('handoff_id', '=', notice.ref)
          : eb.selectFrom('files').select('id').where('id', '=', notice.ref),
      )
      .execute()
    for (const { id, uploaded_by, name, sha256 } of files)
      await audit.append(tx, {
        kind: 'mail.accepted',
        actor: null,
        subject: { mail },
        file: { id, owner: uploaded_by, name, sha256 },
        data: { about, client: client && { id: personal(client.id), email: personal(client.email) } },
      })
  }
  return true
}
