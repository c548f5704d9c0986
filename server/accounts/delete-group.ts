import type { Actor as Who } from '../audit/event.ts'
import { groupSubject, managedGroup } from './groups.ts'
import type { Parts } from './parts.ts'
import { withdrawGrants } from './withdraw-grants.ts'

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
      await withdrawGrants(tx, audit, `group:${id}`, { who, data: { group: groupSubject(group) } })
      await tx.deleteFrom('group_members').where('group_id', '=', id).execute()
      await tx.deleteFrom('groups').where('id', '=', id).execute()
      await audit.append(tx, { kind: 'group.deleted', actor: who, subject: groupSubject(group) })
    })
  }
