import type { User } from '../../contract/accounts.ts'
import { person, type Actor as Who } from '../audit/event.ts'
import { AppError } from '../errors.ts'
import type { MailTokens } from './mail-tokens.ts'
import type { Parts } from './parts.ts'
import { type Account, findById, type Role, toUser } from './user.ts'

type Needs = Pick<Parts, 'db' | 'audit' | 'now'> & { tokens: MailTokens }

/**
 * Disables or enables an account of a role. Disabling raises the epoch, so that sessions, links and running streams are
 * dead and stay so after enabling; its mailed tokens go too. Throws `not_found`, or `conflict` for the last enabled admin.
 */
export const createDisabling = ({ db, audit, now, tokens }: Needs) => {
  /** One statement decides and acts, so that two admins cannot disable each other at the same moment. */
  const disable = async (role: Role, id: string, who: Who | null): Promise<Account> =>
    db.write(async tx => {
      const before = await findById(tx, id)
      if (before === undefined || before.role !== role) throw new AppError('not_found')
      if (before.disabled_at !== null) return before
      const { numUpdatedRows } = await tx
        .updateTable('accounts')
        .set(eb => ({ disabled_at: now(), epoch: eb('epoch', '+', 1) }))
        .where('id', '=', id)
        .where(eb =>
          eb.or([
            eb('admin', '=', 0),
            eb.exists(
              eb
                .selectFrom('accounts as other')
                .select('other.id')
                .where('other.id', '<>', id)
                .where('other.role', '=', 'ops')
                .where('other.admin', '=', 1)
                .where('other.disabled_at', 'is', null),
            ),
          ]),
        )
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n) {
        throw new AppError('conflict', { detail: 'This is the last admin; make another one first.' })
      }
      await tokens.void(tx, [id])
      await tx.deleteFrom('sessions').where('account_id', '=', id).execute()
      await audit.append(tx, { kind: 'account.disabled', actor: who, subject: person(before) })
      return reread(await findById(tx, id))
    })

  const enable = async (role: Role, id: string, who: Who | null): Promise<Account> =>
    db.write(async tx => {
      const before = await findById(tx, id)
      if (before === undefined || before.role !== role) throw new AppError('not_found')
      if (before.disabled_at === null) return before
      await tx.updateTable('accounts').set({ disabled_at: null }).where('id', '=', id).execute()
      await audit.append(tx, { kind: 'account.enabled', actor: who, subject: person(before) })
      return reread(await findById(tx, id))
    })

  return async (role: Role, id: string, disabled: boolean, who: Who | null): Promise<User> =>
    toUser(await (disabled ? disable(role, id, who) : enable(role, id, who)))
}

const reread = (account: Account | undefined): Account => {
  if (account === undefined) throw new AppError('not_found')
  return account
}

export type SetDisabled = ReturnType<typeof createDisabling>
