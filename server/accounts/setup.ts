import type { User } from '../../contract/accounts.ts'
import { person } from '../audit/event.ts'
import { sameBytes, sha256 } from '../crypto/hash.ts'
import { newSecret } from '../crypto/random.ts'
import type { Reader } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { addressOf, checkNewPassword, nameOf } from './input.ts'
import type { CreateAccount } from './new-account.ts'
import type { Origin, Parts } from './parts.ts'
import { auditActor, toUser } from './user.ts'

/** Row of `meta` with the hex SHA-256 of the set-up token. */
const TOKEN = 'setup_token'

type Needs = Pick<Parts, 'db' | 'passwords' | 'audit' | 'random'> & { publicUrl: URL; createAccount: CreateAccount }

/** The first administrator: by a token that only who starts the server can read, and only while there is none. */
export const createSetup = ({ db, passwords, audit, random, publicUrl, createAccount }: Needs) => {
  const adminExists = async (reader: Reader): Promise<boolean> => {
    const admin = await reader
      .selectFrom('accounts')
      .select('id')
      .where('role', '=', 'ops')
      .where('admin', '=', 1)
      .limit(1)
      .executeTakeFirst()
    return admin !== undefined
  }

  const checkToken = async (reader: Reader, token: string): Promise<void> => {
    const row = await reader.selectFrom('meta').select('value').where('name', '=', TOKEN).executeTakeFirst()
    if (row === undefined || !sameBytes(sha256(token), Buffer.from(row.value, 'hex'))) {
      throw new AppError('setup_token_invalid', { detail: 'Use the link the server printed at its latest start.' })
    }
  }

  return {
    /** Whether set-up is over, for ever: even a disabled administrator counts. */
    setupDone: (): Promise<boolean> => adminExists(db.read),

    /** The link to print at start, with a new token that replaces the one before; undefined once there is an admin. */
    setupLink: async (): Promise<string | undefined> => {
      if (await adminExists(db.read)) return undefined
      const token = newSecret(random)
      const value = sha256(token).toString('hex')
      await db.write(async tx => {
        await tx
          .insertInto('meta')
          .values({ name: TOKEN, value })
          .onConflict(on => on.column('name').doUpdateSet({ value }))
          .execute()
      })
      return new URL(`/setup#${token}`, publicUrl).href
    },

    /** Creates the first admin. Throws `setup_token_invalid`, or `not_found` when another request was first. */
    setup: async (input: {
      setup_token: string
      email: string
      name: string
      password: string
      origin: Origin
    }): Promise<User> => {
      await checkToken(db.read, input.setup_token)
      const address = addressOf(input.email)
      const name = nameOf(input.name)
      checkNewPassword(passwords, input.password, [address.email, name])
      const passwordHash = await passwords.hash(input.password)
      const account = await db.write(async tx => {
        if (await adminExists(tx)) throw new AppError('not_found')
        await checkToken(tx, input.setup_token)
        await tx.deleteFrom('meta').where('name', '=', TOKEN).execute()
        const { origin } = input
        const created = await createAccount(tx, {
          role: 'ops',
          address,
          name,
          passwordHash,
          admin: true,
          by: 'setup',
          origin,
        })
        await audit.append(tx, {
          kind: 'setup.completed',
          actor: auditActor(created, origin),
          subject: person(created),
        })
        return created
      })
      return toUser(account)
    },
  }
}
