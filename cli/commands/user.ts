import type { User } from '../../contract/accounts.ts'
import { requireAddress, withAccounts } from '../admin/accounts.ts'
import { askPassword } from '../ask.ts'
import { CliError, type Exit } from '../exit.ts'
import { clean, day, say, sayJson, table } from '../terminal.ts'

type Role = User['role']
type Adding = { role: Role; admin?: boolean; email: string; name: string; passwordStdin?: boolean }

/** `valise user add` */
export const addUser = async ({ role, admin = false, email, name, passwordStdin }: Adding): Promise<Exit> => {
  if (admin && role !== 'ops') throw new CliError('usage', '--admin goes with --role ops only.')
  const password = await askPassword({
    fromStdin: passwordStdin,
    question: 'Password for the new account: ',
    repeat: true,
  })
  const user = await withAccounts(accounts => accounts.addUser({ role, email, name, admin, password }), {
    create: true,
  })
  say(`${clean(user.email)} can sign in by the ${role} door${user.admin ? ', as an administrator' : ''}.`)
  return 'done'
}

/** `valise user list` */
export const listUsers = async ({ json = false }: { json?: boolean }): Promise<Exit> => {
  const users = await withAccounts(accounts => accounts.listUsers())
  if (json) for (const user of users) sayJson(user)
  else for (const line of table(users.map(row))) say(line)
  return 'done'
}

const row = (user: User): string[] => [
  user.admin ? 'ops, admin' : user.role,
  clean(user.email),
  clean(user.name),
  user.disabled ? 'disabled' : user.email_verified ? '' : 'not verified',
  day(user.created_at),
]

/** `valise user disable`, `valise user enable` */
export const setDisabled = async (email: string, { role }: { role: Role }, disabled: boolean): Promise<Exit> => {
  const user = await withAccounts(accounts => accounts.disableUser(role, email, disabled))
  say(
    disabled
      ? `${clean(user.email)} is disabled (${role}): sessions, links and running downloads have ended.`
      : `${clean(user.email)} is enabled again (${role}) and has to sign in anew.`,
  )
  return 'done'
}

/** `valise user reset-password` */
export const resetPassword = async (
  email: string,
  { role, passwordStdin = false }: { role: Role; passwordStdin?: boolean },
): Promise<Exit> => {
  await withAccounts(async (accounts, config) => {
    if (passwordStdin) {
      const password = await askPassword({ fromStdin: true })
      await accounts.setPassword(role, email, password)
      say(`${clean(email)} has the new password (${role}); all sessions and links have ended.`)
      return
    }
    requireAddress(config)
    const users = await accounts.listUsers()
    const named = await accounts.idsOf(email)
    const user = users.find(one => one.role === role && named.includes(one.id))
    if (!user) throw new CliError('not_found', `${clean(email)} has no ${role} account.`)
    if (user.disabled) throw new CliError('conflict', `${clean(email)} is disabled; enable the account first.`)
    await accounts.forgot(role, email, '')
    say(`A mail to ${clean(user.email)} with a link to choose a new password will be sent as soon as a server runs.`)
  })
  return 'done'
}
