import type { Selectable } from 'kysely'
import type { User } from '../../contract/accounts.ts'
import type { Actor as AuditActor } from '../audit/event.ts'
import type { AccountTable, Reader } from '../db/schema.ts'
import type { Origin } from './parts.ts'

export type Account = Selectable<AccountTable>
export type Role = Account['role']

/** What a User is made from: never the password hash. */
export const userColumns = [
  'id',
  'role',
  'admin',
  'email',
  'name',
  'email_verified_at',
  'disabled_at',
  'created_at',
] as const

/** An account as its API shows it. */
export const toUser = (account: Pick<Account, (typeof userColumns)[number]>): User => ({
  id: account.id,
  role: account.role,
  admin: account.admin === 1,
  email: account.email,
  name: account.name,
  email_verified: account.email_verified_at !== null,
  disabled: account.disabled_at !== null,
  created_at: toTime(account.created_at),
})

/** RFC 3339 from milliseconds since 1970. */
export const toTime = (at: number): string => new Date(at).toISOString()

/** The account of an address at one door. */
export const findByKey = (db: Reader, role: Role, key: string): Promise<Account | undefined> =>
  db.selectFrom('accounts').selectAll().where('email_key', '=', key).where('role', '=', role).executeTakeFirst()

export const findById = (db: Reader, id: string): Promise<Account | undefined> =>
  db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()

/** Who did something, as the audit log records it. */
export const auditActor = (
  account: Pick<AuditActor, 'id' | 'role' | 'email' | 'name'>,
  origin: Origin | undefined,
): AuditActor => ({ id: account.id, role: account.role, email: account.email, name: account.name, ...origin })
