import type { Actor as Who } from '../audit/event.ts'
import { groupSubject, managedGroup } from './groups.ts'
import type { Parts } from './parts.ts'

type Needs = Pick<Parts, 'db' | 'audit'>

/**
 * Deletes a group and withdraws what was shared with it, in one transaction: a grant left behind would come alive for
 * nobody, or for whoever gets that id next. Throws `not_found`.
 */
export const createDeleteGroup =
  ({ db, audit }: Needs) =>
  async (id: string, { owner, who }: { owner: string | undefined; who: Who }): Promise<void> => {
    await db.write(async tx => {
      const group = await managedGroup(tx, id, owner)
      const subject = `group:${id}`
      const files = await tx
        .selectFrom('file_audience')
        .innerJoin('files', 'files.id', 'file_audience.file_id')
        .select(['files.id', 'files.name', 'files.sha256', 'files.uploaded_by as owner'])
        .where('file_audience.subject', '=', subject)
        .execute()
      await tx.deleteFrom('file_audience').where('subject', '=', subject).execute()
      await tx.deleteFrom('group_members').where('group_id', '=', id).execute()
      await tx.deleteFrom('groups').where('id', '=', id).execute()
      for (const file of files) {
        await audit.append(tx, { kind: 'file.withdrawn', actor: who, file, data: { group: groupSubject(group) } })
      }
      await audit.append(tx, { kind: 'group.deleted', actor: who, subject: groupSubject(group) })
    })
  }
