import type { Audience } from '../../contract/files.ts'
import { parseAddress } from '../../server/accounts/address.ts'
import { CliError } from '../exit.ts'
import { clean } from '../terminal.ts'
import type { Api } from './api.ts'
import { textOf } from './fields.ts'

type Wanted = { to: readonly string[]; groups: readonly string[]; everyone: boolean }

/**
 * Who the files are for, looked up before a byte of them is sent. Ends the command with everybody who is unknown, all at
 * once. The server judges again: between the two an account can go.
 */
export const findRecipients = async (api: Api, { to, groups, everyone }: Wanted): Promise<Audience> => {
  const unknown: string[] = []
  const clients: string[] = []
  for (const text of to) {
    const id = await findClient(api, text)
    if (id === undefined) unknown.push(`${clean(text)} has no client account here`)
    else clients.push(id)
  }
  const ids: string[] = []
  if (groups.length > 0) {
    const known = await allGroups(api)
    for (const name of groups) {
      const id = known.get(fold(name))
      if (id === undefined) unknown.push(`there is no group ${clean(name)}`)
      else ids.push(id)
    }
  }
  if (unknown.length > 0) {
    const said = unknown.join('; ')
    throw new CliError('not_found', `Nothing was sent: ${said}. Invite them first, or correct the name.`)
  }
  return { everyone, groups: [...new Set(ids)], clients: [...new Set(clients)] }
}

const findClient = async (api: Api, text: string): Promise<string | undefined> => {
  const wanted = parseAddress(text)
  if ('reason' in wanted) throw new CliError('usage', `"${clean(text)}" is no e-mail address: it ${wanted.reason}.`)
  for await (const client of api.list('/api/v1/ops/clients', { q: wanted.email })) {
    const found = parseAddress(textOf(client, 'email'))
    if (!('key' in found) || found.key !== wanted.key) continue
    if (client.get('disabled') !== true) return textOf(client, 'id')
    throw new CliError('not_found', `Nothing was sent: the account of ${clean(text)} is disabled.`)
  }
  for await (const invitation of api.list('/api/v1/ops/invitations')) {
    const found = parseAddress(textOf(invitation, 'email'))
    const open = textOf(invitation, 'status') === 'pending' && textOf(invitation, 'role') === 'client'
    // The server knows the address; its documents are there when its owner comes.
    if (open && 'key' in found && found.key === wanted.key) return wanted.email
  }
  return undefined
}

const allGroups = async (api: Api): Promise<Map<string, string>> => {
  const groups = new Map<string, string>()
  for await (const group of api.list('/api/v1/ops/groups')) groups.set(fold(textOf(group, 'name')), textOf(group, 'id'))
  return groups
}

const fold = (name: string): string => name.normalize('NFKC').trim().toLowerCase()
