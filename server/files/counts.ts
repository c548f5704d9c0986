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

/** Counts by file id, in one statement for all of them. Invited people count as clients. */
export const countDeliveries = async (db: Reader, files: readonly string[]): Promise<(id: string) => Counts> => {
  if (files.length === 0) return () => none
  const ids = sql.join(files.map(id => sql`${id}`))
  const from = (text: string) => sql.raw(String(text.length + 1))
  const { rows } = await sql<Counts & { file_id: string }>`
    with told as (
      select distinct handoff_files.file_id, notices.client_id from handoff_files
      join notices on notices.ref = handoff_files.handoff_id and notices.about = 'handoff'
      where handoff_files.file_id in (${ids}) and notices.accepted_at is not null),
    recipient as (
      select file_id, substr(subject, ${from(clientSubject(''))}) as client_id from file_audience
      where file_id in (${ids}) and subject > ${clientSubject('')} and subject < ${clientSubject('~')}
      union
      select file_audience.file_id, group_members.account_id from file_audience
      join group_members on group_members.group_id = substr(file_audience.subject, ${from(groupSubject(''))})
      where file_audience.file_id in (${ids}) and subject > ${groupSubject('')} and subject < ${groupSubject('~')}
      union
      select file_audience.file_id, accounts.id from file_audience join accounts on accounts.role = 'client'
      where file_audience.file_id in (${ids}) and subject = ${everyone})
    select recipient.file_id, count(*) as clients, count(told.client_id) as notified,
      count(deliveries.completed_at) as delivered, count(deliveries.confirmed_at) as confirmed,
      count(deliveries.acknowledged_at) as acknowledged
    from recipient
    left join deliveries on deliveries.file_id = recipient.file_id and deliveries.client_id = recipient.client_id
    left join told on told.file_id = recipient.file_id and told.client_id = recipient.client_id
    group by recipient.file_id`.execute(db)
  const counts = new Map(rows.map(({ file_id, ...row }) => [file_id, row]))
  return id => counts.get(id) ?? none
}
