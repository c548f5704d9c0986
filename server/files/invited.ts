import type { Reader } from '../db/schema.ts'

/** E-mail addresses of invited clients by the id that their account will have. */
export const invitedByIds = async (db: Reader, ids: readonly string[]): Promise<Map<string, string>> => {
  const found = new Map<string, string>()
  for (let i = 0; i < ids.length; i += 500) {
    const rows = await db
      .selectFrom('invitations')
      .select(['account_id', 'email'])
      .where('account_id', 'in', ids.slice(i, i + 500))
      .execute()
    for (const row of rows) found.set(row.account_id, row.email)
  }
  return found
}

/** The id that the client account of an address will have, while an invitation of it can still be accepted. */
export const invitedId = async (db: Reader, emailKey: string, now: number): Promise<string | undefined> => {
  const row = await db
    .selectFrom('invitations')
    .select('account_id')
    .where('email_key', '=', emailKey)
    .where('role', '=', 'client')
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .limit(1)
    .executeTakeFirst()
  return row?.account_id
}
