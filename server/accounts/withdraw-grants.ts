import type { Actor as Who } from '../audit/event.ts'
import type { Grant } from '../audit/kinds.ts'
import type { Tx } from '../db/schema.ts'
import type { Parts } from './parts.ts'

type Withdrawing = { who: Who; data: Grant }

/**
 * Withdraws every file from a subject of `file_audience`, `client:…` or `group:…`, that is about to mean nobody. `data`: who
 * that was, for the audit entry of each file.
 */
export const withdrawGrants = async (
  tx: Tx,
  audit: Parts['audit'],
  subject: string,
  { who, data }: Withdrawing,
): Promise<void> => {
  const files = await tx
    .selectFrom('file_audience')
    .innerJoin('files', 'files.id', 'file_audience.file_id')
    .select(['files.id', 'files.name', 'files.sha256', 'files.uploaded_by as owner'])
    .where('file_audience.subject', '=', subject)
    .execute()
  await tx.deleteFrom('file_audience').where('subject', '=', subject).execute()
  for (const file of files) await audit.append(tx, { kind: 'file.withdrawn', actor: who, file, data })
}
