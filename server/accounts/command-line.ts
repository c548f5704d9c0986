import type { User } from '../../contract/accounts.ts'
import { AppError } from '../errors.ts'
import type { SetDisabled } from './disabling.ts'
import { addressOf, checkNewPassword, nameOf } from './input.ts'
import type { MailTokens } from './mail-tokens.ts'
import type { CreateAccount } from './new-account.ts'
import type { Parts } from './parts.ts'
import { type Account, findByKey, type Role, toUser, userColumns } from './user.ts'

type Needs = Pick<Parts, 'db' | 'passwords'> & {
  publicUrl: URL
  tokens: MailTokens
  createAccount: CreateAccount
  setDisabled: SetDisabled
  setPassword: (account: Account, password: string) => Promise<void>
}

/** What whoever has the data folder may do: `valise user …`. They could change the database itself, so nothing is asked. */
export const createCommandLine = ({
  db,
  passwords,
  publicUrl,
  tokens,
  createAccount,
  setDisabled,
  setPassword,
}: Needs) => {
  const find = async (role: Role, email: string): Promise<Account> => {
    const account = await findByKey(db.read, role, addressOf(email).key)
    if (account === undefined) throw new AppError('not_found', { detail: `${email} has no ${role} account.` })
    return account
  }

  const resetLink = async (role: Role, email: string): Promise<string> => {
    const account = await find(role, email)
    const token = tokens.prepare()
    const stored = await db.write(tx => tokens.insert(tx, token, 'reset', account.id))
    if (!stored) throw new AppError('conflict', { detail: 'Three links to choose a new password are still valid.' })
    return new URL(`/reset#${token.token}`, publicUrl).href
  }

  return {
    /**
     * Creates an account whose address the operator vouches for. Without a password it cannot sign in until one is chosen
     * by `resetLink`. Throws `conflict`, or `invalid_request` with the reason.
     */
    addUser: async (input: {
      role: Role
      email: string
      name: string
      admin: boolean
      password: string | undefined
    }): Promise<User> => {
      const { role, admin, password } = input
      const address = addressOf(input.email)
      const name = nameOf(input.name)
      if (password !== undefined) checkNewPassword(passwords, password, [address.email, name])
      const passwordHash = password === undefined ? null : await passwords.hash(password)
      const account = await db.write(tx =>
        createAccount(tx, {
          role,
          address,
          name,
          passwordHash,
          admin: role === 'ops' && admin,
          by: 'command_line',
          origin: undefined,
        }),
      )
      return toUser(account)
    },

    /** Everybody, oldest first. */
    listUsers: async (): Promise<User[]> => {
      const rows = await db.read
        .selectFrom('accounts')
        .select(userColumns)
        .orderBy('role', 'desc')
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(toUser)
    },

    /** Throws `not_found`, or `conflict` for the last enabled admin. */
    disableUser: async (role: Role, email: string, disabled: boolean): Promise<User> =>
      setDisabled(role, (await find(role, email)).id, disabled, null),

    /** Chooses a password for somebody, and ends what the old one granted. Throws `not_found`, `invalid_request`. */
    setPassword: async (role: Role, email: string, password: string): Promise<void> =>
      setPassword(await find(role, email), password),

    /** A link to choose a new password, to be handed over by the operator. */
    resetLink,

    /** The accounts of both roles that an id or an address names. */
    idsOf: async (text: string): Promise<string[]> => {
      const query = db.read.selectFrom('accounts').select('id')
      const rows = await (text.includes('@')
        ? query.where('email_key', '=', addressOf(text, 'actor').key)
        : query.where('id', '=', text)
      ).execute()
      return rows.map(({ id }) => id)
    },
  }
}
