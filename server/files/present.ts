import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { Finding } from '../../contract/errors.ts'
import type { File, SharedFile } from '../../contract/files.ts'
import type { FileTable, Reader } from '../db/schema.ts'
import { forRecipient } from '../inspect/recipient.ts'
import { everyone } from './granted.ts'

const Findings = Type.Array(Finding)

/** A file's row with its uploader's name and address, as `selectFiles` gives it. */
export type FileRow = Pick<
  FileTable,
  'id' | 'name' | 'type' | 'size' | 'sha256' | 'status' | 'uploaded_at' | 'expires_at' | 'findings'
> & {
  uploader_id: string
  uploader_name: string
  uploader_email: string
}

/** Every query that shows files starts here: what `present` needs, and nothing secret. */
export const selectFiles = (db: Reader) =>
  db
    .selectFrom('files')
    .innerJoin('accounts as uploader', 'uploader.id', 'files.uploaded_by')
    .select([
      'files.id',
      'files.name',
      'files.type',
      'files.size',
      'files.sha256',
      'files.status',
      'files.uploaded_at',
      'files.expires_at',
      'files.findings',
      'uploader.id as uploader_id',
      'uploader.name as uploader_name',
      'uploader.email as uploader_email',
    ])

const time = (ms: number): string => new Date(ms).toISOString()

/** A client's view: of the findings, what concerns a recipient. */
export const presentShared = (row: FileRow): SharedFile => {
  const shown = present(row)
  return { ...shown, findings: forRecipient(shown.findings) }
}

const present = (row: FileRow): SharedFile => ({
  id: row.id,
  name: row.name,
  type: row.type,
  size: row.size,
  sha256: Buffer.from(row.sha256).toString('hex'),
  status: row.status,
  uploaded_at: time(row.uploaded_at),
  expires_at: row.expires_at === null ? null : time(row.expires_at),
  uploaded_by: { id: row.uploader_id, name: row.uploader_name, email: row.uploader_email },
  findings: Value.Parse(Findings, JSON.parse(row.findings)),
})

/** The view of ops, audience included: one query for all rows, not one each. */
export const presentFiles = async (db: Reader, rows: FileRow[]): Promise<File[]> => {
  if (rows.length === 0) return []
  const ids = rows.map(row => row.id)
  const grants = await db
    .selectFrom('file_audience')
    .select(['file_id', 'subject'])
    .where('file_id', 'in', ids)
    .execute()
  const subjectIds = (kind: string) =>
    grants.filter(grant => grant.subject.startsWith(kind)).map(grant => grant.subject.slice(kind.length))
  const groups = await namesOf(db, 'groups', subjectIds('group:'))
  const clients = await namesOf(db, 'accounts', subjectIds('client:'))
  return rows.map(row => {
    const own = grants.filter(grant => grant.file_id === row.id).map(grant => grant.subject)
    const having = (kind: string) =>
      own.filter(subject => subject.startsWith(kind)).map(subject => subject.slice(kind.length))
    return {
      ...present(row),
      audience: {
        everyone: own.includes(everyone),
        groups: having('group:').map(id => ({ id, name: groups.get(id) ?? '' })),
        clients: having('client:').map(id => ({ id, email: clients.get(id) ?? '' })),
      },
    }
  })
}

const namesOf = async (db: Reader, table: 'groups' | 'accounts', all: string[]): Promise<Map<string, string>> => {
  const ids = [...new Set(all)]
  const names = new Map<string, string>()
  // Databases bound how many parameters a statement takes.
  for (let i = 0; i < ids.length; i += 500) {
    const some = ids.slice(i, i + 500)
    const rows =
      table === 'groups'
        ? await db.selectFrom('groups').select(['id', 'name as text']).where('id', 'in', some).execute()
        : await db.selectFrom('accounts').select(['id', 'email as text']).where('id', 'in', some).execute()
    for (const row of rows) names.set(row.id, row.text)
  }
  return names
}
