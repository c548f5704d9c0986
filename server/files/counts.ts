import { sql } from 'kysely'
import type { Reader } from '../db/schema.ts'
import { clientSubject, everyone, groupSubject } from './granted.ts'

/** How many of those who may see a file now have come how far. */
export type Counts = {
  clients: number
  notified: number
  delivered: number
  confirmed: number
  acknowledged: number
}

const none: Counts = { clients: 0, notified: 0, delivered: 0, confirmed: 0, acknowledged: 0 }

type Found = { rows: (Counts & { file_id: string })[] }

/** Counts by file id, in one statement for all of them. Invited people count as clients. */
export const countDeliveries = async (db: Reader, files: readonly string[]): Promise<(id: string) => Counts> => {
  if (files.length === 0) return () => none
  const toAll = await db
    .selectFrom('file_audience')
    .select('file_id')
    .where('file_id', 'in', files)
    .where('subject', '=', everyone)
    .execute()
  const open = new Set(toAll.map(({ file_id }) => file_id))
  const found = [
    await ofNamed(
      db,
      files.filter(id => !open.has(id)),
    ),
    await ofEveryone(db, [...open]),
  ]
  const counts = new Map(found.flatMap(({ rows }) => rows.map(({ file_id, ...row }) => [file_id, row])))
  return id => counts.get(id) ?? none
}

const list = (ids: readonly string[]) => sql.join(ids.map(id => sql`${id}`))

/** Who was told of each of the files, as file and client. */
const told = (ids: readonly string[]) => sql`
  select distinct file_id, client_id from mail_files
  where file_id in (${list(ids)}) and about = 'handoff' and accepted_at is not null`

const sums = sql`count(deliveries.completed_at) as delivered, count(deliveries.confirmed_at) as confirmed,
  count(deliveries.acknowledged_at) as acknowledged`

/** The audience of the page's files, each client once: their number is what the statement costs. */
const ofNamed = async (db: Reader, ids: readonly string[]): Promise<Found> => {
  if (ids.length === 0) return { rows: [] }
  return sql<Counts & { file_id: string }>`
    with told as (${told(ids)}), recipient as (
      select file_id, substr(subject, ${clientSubject('').length + 1}) as client_id from file_audience
      where file_id in (${list(ids)}) and subject > ${clientSubject('')} and subject < ${clientSubject('~')}
      union
      select file_audience.file_id, group_members.account_id from file_audience
      join group_members on group_members.group_id = substr(file_audience.subject, ${groupSubject('').length + 1})
      where file_audience.file_id in (${list(ids)}) and subject > ${groupSubject('')} and subject < ${groupSubject('~')})
    select recipient.file_id, count(*) as clients, count(told.client_id) as notified, ${sums}
    from recipient
    left join deliveries on deliveries.file_id = recipient.file_id and deliveries.client_id = recipient.client_id
    left join told on told.file_id = recipient.file_id and told.client_id = recipient.client_id
    group by recipient.file_id`.execute(db)
}

/** Everybody is counted once, not for each file. */
const ofEveryone = async (db: Reader, ids: readonly string[]): Promise<Found> => {
  if (ids.length === 0) return { rows: [] }
  return sql<Counts & { file_id: string }>`
    select files.id as file_id, ${sums},
      (select count(*) from accounts where role = 'client') as clients,
      (select count(*) from (${told(ids)}) as told where told.file_id = files.id) as notified
    from files left join deliveries on deliveries.file_id = files.id
    where files.id in (${list(ids)}) group by files.id`.execute(db)
}
