import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { Finding } from '../../contract/errors.ts'
import type { File, SharedFile } from '../../contract/files.ts'
import type { DeliveryTable, FileTable, Reader } from '../db/schema.ts'
import { forRecipient } from '../inspect/recipient.ts'
import { countDeliveries } from './counts.ts'
import { everyone } from './granted.ts'
import { invitedByIds } from './invited.ts'

const Findings = Type.Array(Finding)

/** A file's row with its uploader's name and address, as `selectFiles` gives it. */
export type FileRow = Pick<
  FileTable,
  | 'id'
  | 'name'
  | 'type'
  | 'size'
  | 'sha256'
  | 'status'
  | 'uploaded_at'
  | 'expires_at'
  | 'expired_at'
  | 'tell_uploader'
  | 'findings'
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
      'files.expired_at',
      'files.tell_uploader',
      'files.findings',
      'uploader.id as uploader_id',
      'uploader.name as uploader_name',
      'uploader.email as uploader_email',
    ])

const time = (ms: number): string => new Date(ms).toISOString()
const timeOrNull = (ms: number | null | undefined): string | null => (ms === null || ms === undefined ? null : time(ms))

/** What both sides see. The note is added by each view, since not everybody's is for everybody. */
const present = (row: FileRow) => ({
  id: row.id,
  name: row.name,
  type: row.type,
  size: row.size,
  sha256: Buffer.from(row.sha256).toString('hex'),
  status: row.status,
  uploaded_at: time(row.uploaded_at),
  expires_at: timeOrNull(row.expires_at),
  uploaded_by: { id: row.uploader_id, name: row.uploader_name, email: row.uploader_email },
  findings: Value.Parse(Findings, JSON.parse(row.findings)),
})

/** The newest words that came with each of the files; with `clientId`, of those that were for that client. */
const notesOf = async (db: Reader, ids: readonly string[], clientId?: string): Promise<Map<string, string>> => {
  let query = db
    .selectFrom('handoff_files')
    .innerJoin('handoffs', 'handoffs.id', 'handoff_files.handoff_id')
    .select(['handoff_files.file_id', 'handoffs.at', 'handoffs.note'])
    .where('handoff_files.file_id', 'in', ids)
    .where('handoffs.note', 'is not', null)
  if (clientId !== undefined)
    query = query.where(eb =>
      eb.exists(
        eb
          .selectFrom('handoff_clients')
          .select('handoff_clients.client_id')
          .whereRef('handoff_clients.handoff_id', '=', 'handoffs.id')
          .where('handoff_clients.client_id', '=', clientId),
      ),
    )
  const oldestFirst = (await query.execute()).sort((a, b) => a.at - b.at)
  return new Map(oldestFirst.map(({ file_id, note }) => [file_id, note ?? '']))
}

/** A client's view: of the findings, what concerns a recipient; of the deliveries, their own. */
export const presentShared = async (db: Reader, rows: readonly FileRow[], clientId: string): Promise<SharedFile[]> => {
  if (rows.length === 0) return []
  const ids = rows.map(row => row.id)
  const notes = await notesOf(db, ids, clientId)
  const had = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('client_id', '=', clientId)
    .where('file_id', 'in', ids)
    .execute()
  const asked = await db
    .selectFrom('notices')
    .select(['ref', 'created_at'])
    .where('about', '=', 'asked')
    .where('client_id', '=', clientId)
    .where('ref', 'in', ids)
    .execute()
  return rows.map(row => {
    const asked_at = asked.find(({ ref }) => ref === row.id)?.created_at
    const shown = present(row)
    return {
      ...shown,
      note: notes.get(row.id) ?? null,
      findings: forRecipient(shown.findings),
      delivery: presentDelivery({ ...had.find(({ file_id }) => file_id === row.id), asked_at }),
    }
  })
}

type Had = Partial<{ [name in keyof DeliveryTable]: DeliveryTable[name] | null }> & { asked_at?: number | null }

/** How much of a file one client has had, and what they said of it. */
export const presentDelivery = (row: Had = {}) => ({
  bytes_sent: row.bytes_sent ?? 0,
  first_download_at: timeOrNull(row.first_download_at),
  last_download_at: timeOrNull(row.last_download_at),
  downloads: row.downloads ?? 0,
  delivered_at: timeOrNull(row.completed_at),
  confirmed_at: timeOrNull(row.confirmed_at),
  acknowledged_at: timeOrNull(row.acknowledged_at),
  asked_at: timeOrNull(row.asked_at),
})

/** The view of ops, audience included: one query for all rows, not one each. `grace`: milliseconds from expiry to erasure. */
export const presentFiles = async (db: Reader, rows: FileRow[], { grace }: { grace: number }): Promise<File[]> => {
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
  const clientIds = subjectIds('client:')
  const here = await namesOf(db, 'accounts', clientIds)
  const invited = await invitedByIds(
    db,
    clientIds.filter(id => !here.has(id)),
  )
  const clients = new Map([...here, ...invited])
  const notes = await notesOf(db, ids)
  const countsOf = await countDeliveries(db, ids)
  return rows.map(row => {
    const own = grants.filter(grant => grant.file_id === row.id).map(grant => grant.subject)
    const having = (kind: string) =>
      own.filter(subject => subject.startsWith(kind)).map(subject => subject.slice(kind.length))
    return {
      ...present(row),
      note: notes.get(row.id) ?? null,
      erased_at: row.expired_at === null ? null : time(row.expired_at + grace),
      tell_me: row.tell_uploader === 1,
      deliveries: countsOf(row.id),
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
