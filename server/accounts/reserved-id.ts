import type { Reader } from '../db/schema.ts'
import type { Role } from './user.ts'

/**
 * The id that the account of an address and role has, or will have: its invitations keep it, so that what is shared with an
 * invited address is there when its owner comes, by the invitation or by a sign-up. Whoever comes has proven the mailbox.
 */
export const reservedId = async (db: Reader, role: Role, emailKey: string, newId: () => string): Promise<string> => {
  const row = await db
    .selectFrom('invitations')
    .select('account_id')
    .where('email_key', '=', emailKey)
    .where('role', '=', role)
    .where('revoked_at', 'is', null)
    .where('account_id', 'not in', eb => eb.selectFrom('accounts').select('id'))
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.account_id ?? newId()
}
