import { personal, type Actor as Who } from '../audit/event.ts'
import type { Reader } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emailKeyOf } from './address.ts'
import { groupSubject, managedGroup, showGroups } from './groups.ts'
import type { Parts } from './parts.ts'

type Needs = Pick<Parts, 'db' | 'audit'>
type Client = { id: string; email: string }

/** Parameters per statement, under any database's bound. */
const MANY = 500

/** Says which clients are in a group, all of them at once. */
export const createGroupMembers =
  ({ db, audit }: Needs) =>
  /**
   * `clients`: ids or addresses. Acts on the next request of everybody concerned. Throws `not_found`, or
   * `unknown_recipient` naming who has no account, and then nothing has changed.
   */
  async (id: string, clients: readonly string[], { owner, who }: { owner: string | undefined; who: Who }) => {
    await managedGroup(db.read, id, owner)
    const wanted = await resolveClients(db.read, clients)
    await db.write(async tx => {
      const group = await managedGroup(tx, id, owner)
      const before = await tx
        .selectFrom('group_members')
        .innerJoin('accounts', 'accounts.id', 'group_members.account_id')
        .select(['accounts.id', 'accounts.email'])
        .where('group_members.group_id', '=', id)
        .execute()
      const had = new Set(before.map(member => member.id))
      const added = [...wanted.values()].filter(client => !had.has(client.id))
      const removed = before.filter(member => !wanted.has(member.id))
      if (added.length === 0 && removed.length === 0) return
      for (const part of inParts(removed)) {
        const ids = part.map(client => client.id)
        await tx.deleteFrom('group_members').where('group_id', '=', id).where('account_id', 'in', ids).execute()
      }
      for (const part of inParts(added)) {
        const rows = part.map(client => ({ group_id: id, account_id: client.id }))
        await tx.insertInto('group_members').values(rows).execute()
      }
      const data = { added: added.map(toPerson), removed: removed.map(toPerson) }
      await audit.append(tx, { kind: 'group.members_changed', actor: who, subject: groupSubject(group), data })
    })
    const [shown] = await showGroups(db.read, [await managedGroup(db.read, id, owner)])
    if (shown === undefined) throw new AppError('not_found')
    return shown
  }

const toPerson = ({ id, email }: Client) => ({ id: personal(id), email: personal(email) })

/** The client accounts these ids and addresses name, by id. Throws `unknown_recipient`. */
const resolveClients = async (db: Reader, texts: readonly string[]): Promise<Map<string, Client>> => {
  const keys = new Map(texts.map(text => [text, text.includes('@') ? (emailKeyOf(text) ?? text) : text]))
  const found = new Map<string, Client>()
  for (const part of inParts([...new Set(keys.values())])) {
    const rows = await db
      .selectFrom('accounts')
      .select(['id', 'email', 'email_key'])
      .where('role', '=', 'client')
      .where(eb => eb.or([eb('id', 'in', part), eb('email_key', 'in', part)]))
      .execute()
    for (const { id, email, email_key } of rows) {
      found.set(id, { id, email })
      found.set(email_key, { id, email })
    }
  }
  const unknown = texts.filter(text => !found.has(keys.get(text) ?? text))
  if (unknown.length > 0) {
    const named = unknown.slice(0, 5).join(', ')
    throw new AppError('unknown_recipient', {
      detail: `No client account for ${named}${unknown.length > 5 ? ' and others' : ''}. Invite them first, or correct the spelling.`,
      errors: unknown.slice(0, 100).map(where => ({ where, message: 'has no client account' })),
    })
  }
  return new Map([...found.values()].map(client => [client.id, client]))
}

const inParts = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / MANY) }, (_, part) => items.slice(part * MANY, (part + 1) * MANY))
