import type { Selectable } from 'kysely'
import type { Invitation } from '../../contract/accounts.ts'
import type { Static } from '../../contract/wire.ts'
import { personal } from '../audit/event.ts'
import type { InvitationTable, Reader } from '../db/schema.ts'
import { toTime } from './user.ts'

export type InvitationRow = Selectable<InvitationTable>

/** An invitation as the audit log names it. */
export const invitationSubject = ({ id, email, role }: Pick<InvitationRow, 'id' | 'email' | 'role'>) => ({
  invitation: id,
  email: personal(email),
  role,
})

/** The group ids an invitation holds. */
export const groupIdsOf = ({ group_ids }: Pick<InvitationRow, 'group_ids'>): string[] => {
  const ids: unknown = JSON.parse(group_ids)
  return Array.isArray(ids) ? ids.filter(id => typeof id === 'string') : []
}

/** Invitations as the API shows them; groups deleted since are left out. `now` in milliseconds. */
export const showInvitations = async (
  db: Reader,
  rows: readonly InvitationRow[],
  now: number,
): Promise<Static<typeof Invitation>[]> => {
  const groups = await groupsOf(db, rows.flatMap(groupIdsOf))
  const inviters = await peopleOf(
    db,
    rows.map(row => row.invited_by),
  )
  return rows.map(row => ({
    id: row.id,
    email: row.email,
    role: row.role,
    groups: groupIdsOf(row).flatMap(id => groups.get(id) ?? []),
    status: statusOf(row, now),
    invited_by: inviters.get(row.invited_by) ?? { id: row.invited_by, name: '', email: '' },
    created_at: toTime(row.created_at),
    expires_at: toTime(row.expires_at),
  }))
}

const statusOf = (row: InvitationRow, now: number) => {
  if (row.accepted_at !== null) return 'accepted'
  if (row.revoked_at !== null) return 'revoked'
  return row.expires_at <= now ? 'expired' : 'pending'
}

const groupsOf = async (db: Reader, ids: readonly string[]) => {
  if (ids.length === 0) return new Map<string, { id: string; name: string }>()
  const rows = await db
    .selectFrom('groups')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(row => [row.id, row]))
}

const peopleOf = async (db: Reader, ids: readonly string[]) => {
  if (ids.length === 0) return new Map<string, { id: string; name: string; email: string }>()
  const rows = await db
    .selectFrom('accounts')
    .select(['id', 'name', 'email'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(row => [row.id, row]))
}
