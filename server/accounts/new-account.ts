import { person } from '../audit/event.ts'
import { newId } from '../crypto/random.ts'
import type { Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Address } from './address.ts'
import type { Origin, Parts } from './parts.ts'
import type { Pending } from './pending.ts'
import { reservedId } from './reserved-id.ts'
import { type Account, auditActor, findByKey, type Role } from './user.ts'

export type NewAccount = {
  role: Role
  address: Address
  name: string
  /** Null until the person has chosen a password. */
  passwordHash: string | null
  admin: boolean
  by: 'setup' | 'signup' | 'invitation' | 'command_line'
  /** Where the person was; undefined on the command line. */
  origin: Origin | undefined
}

/**
 * Creates an account whose address counts as verified (by a mail, or by the operator who vouches for it) and drops the
 * sign-ups that waited for that address. Throws `conflict` if the address has an account of that role.
 */
export const createNewAccount =
  ({ random, now, audit, pending }: Pick<Parts, 'random' | 'now' | 'audit'> & { pending: Pending }) =>
  async (tx: Tx, { role, address, name, passwordHash, admin, by, origin }: NewAccount): Promise<Account> => {
    if (await findByKey(tx, role, address.key)) {
      throw alreadyHere(role, address.email)
    }
    const at = now()
    const account: Account = {
      id: await reservedId(tx, role, address.key, () => newId(random)),
      role,
      email: address.email,
      email_key: address.key,
      name,
      password_hash: passwordHash,
      admin: admin ? 1 : 0,
      email_verified_at: at,
      disabled_at: null,
      epoch: 0,
      language: origin?.language ?? 'en',
      created_at: at,
    }
    await tx.insertInto('accounts').values(account).execute()
    if (role === 'client' || by === 'invitation') await pending.removeAll(tx, address.key)
    const subject = person(account)
    const actor = origin === undefined ? null : auditActor(account, origin)
    await audit.append(tx, { kind: 'account.created', actor, subject, data: { by, admin } })
    if (by === 'signup' || by === 'invitation') await audit.append(tx, { kind: 'account.verified', actor, subject })
    return account
  }

export type CreateAccount = ReturnType<typeof createNewAccount>

export const alreadyHere = (role: Role, email: string) =>
  new AppError('conflict', { detail: `${email} has ${role === 'ops' ? 'an' : 'a'} ${role} account.` })
