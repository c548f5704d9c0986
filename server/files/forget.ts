import type { Tx } from '../db/schema.ts'

/** Takes a file out of the database with what was said of it: notices, and words of hand-offs that it was the last file of. */
export const forget = async (tx: Tx, id: string): Promise<void> => {
  const handoffs = await tx.selectFrom('handoff_files').select('handoff_id').where('file_id', '=', id).execute()
  await tx.deleteFrom('files').where('id', '=', id).execute()
  await tx.deleteFrom('notices').where('ref', '=', id).execute()
  for (const { handoff_id } of handoffs) {
    const left = await tx
      .selectFrom('handoff_files')
      .select('file_id')
      .where('handoff_id', '=', handoff_id)
      .executeTakeFirst()
    if (left) continue
    await tx.deleteFrom('handoffs').where('id', '=', handoff_id).execute()
    await tx.deleteFrom('notices').where('ref', '=', handoff_id).execute()
  }
}
