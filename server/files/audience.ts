import type { Audience } from '../../contract/files.ts'
import { type Personal, personal } from '../audit/event.ts'
import type { Reader, Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { clientSubject, everyone, groupSubject } from './granted.ts'
import { invitedByIds, invitedId } from './invited.ts'

type Grant =
  | { everyone: true }
  | { group: { group: string; name: Personal } }
  | { client: { id: Personal; email: Personal } }

type Lookups = {
  /** The one form of an address (accounts), or undefined when it is none. */
  emailKey: (text: string) => string | undefined
  now: () => number
}

/**
 * The subjects an audience names; people who are invited and not here yet among them. Throws 422 `unknown_recipient` that lists every group, id or address nobody answers to.
 */
export const resolveAudience = async (
  db: Reader,
  audience: Audience,
  { emailKey, now }: Lookups,
): Promise<string[]> => {
  const groups = [...new Set(audience.groups ?? [])]
  const clients = [...new Set(audience.clients ?? [])]
  const subjects = new Set<string>(audience.everyone ? [everyone] : [])
  const unknown: string[] = []
  for (const group of groups) {
    const row = await db.selectFrom('groups').select('id').where('id', '=', group).executeTakeFirst()
    if (row) subjects.add(groupSubject(row.id))
    else unknown.push(group)
  }
  for (const client of clients) {
    const key = client.includes('@') ? emailKey(client) : undefined
    const query = db.selectFrom('accounts').select('id').where('role', '=', 'client')
    const row = await (key === undefined
      ? query.where('id', '=', client)
      : query.where('email_key', '=', key)
    ).executeTakeFirst()
    const id = row?.id ?? (key === undefined ? undefined : await invitedId(db, key, now()))
    if (id === undefined) unknown.push(client)
    else subjects.add(clientSubject(id))
  }
  if (unknown.length > 0) {
    throw new AppError('unknown_recipient', {
      detail: `There is no account for ${unknown.slice(0, 5).join(', ')}${unknown.length > 5 ? ' and others' : ''}. Invite them first, or correct the spelling.`,
      errors: unknown.slice(0, 100).map(where => ({ where, message: 'has no account' })),
    })
  }
  return [...subjects]
}

/** Subjects as the audit log names them. */
export const describeSubjects = async (db: Reader, subjects: string[]): Promise<Grant[]> => {
  const grants: Grant[] = []
  for (const subject of subjects) {
    const [kind, id = ''] = subject.split(':', 2)
    if (kind === everyone) grants.push({ everyone: true })
    else if (kind === 'group') {
      const row = await db.selectFrom('groups').select('name').where('id', '=', id).executeTakeFirst()
      grants.push({ group: { group: id, name: personal(row?.name ?? '') } })
    } else {
      const row = await db.selectFrom('accounts').select('email').where('id', '=', id).executeTakeFirst()
      const email = row?.email ?? (await invitedByIds(db, [id])).get(id) ?? ''
      grants.push({ client: { id: personal(id), email: personal(email) } })
    }
  }
  return grants
}

/** Replaces a file's grants; answers which came and which went. */
export const replaceGrants = async (tx: Tx, file: { id: string; uploaded_at: number }, subjects: string[]) => {
  const before = await tx.selectFrom('file_audience').select('subject').where('file_id', '=', file.id).execute()
  const had = new Set(before.map(row => row.subject))
  const wanted = new Set(subjects)
  const added = subjects.filter(subject => !had.has(subject))
  const removed = [...had].filter(subject => !wanted.has(subject))
  for (const subject of removed) {
    await tx.deleteFrom('file_audience').where('file_id', '=', file.id).where('subject', '=', subject).execute()
  }
  for (const subject of added) {
    await tx.insertInto('file_audience').values({ subject, file_id: file.id, uploaded_at: file.uploaded_at }).execute()
  }
  return { added, removed }
}
