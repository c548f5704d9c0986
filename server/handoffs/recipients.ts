import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../db/schema.ts'
import { clientSubject, everyone, groupSubject } from '../files/granted.ts'

const DAY = 24 * 3_600_000

/** Ids of the clients whom these `subject`s name, each once; the cost follows the audience, not how many clients there are. */
const named = (subjects: RawBuilder<unknown>) => sql`
  select substr(subject, ${clientSubject('').length + 1}) as id from (${subjects}) as named
    where subject > ${clientSubject('')} and subject < ${clientSubject('~')}
  union
  select group_members.account_id from (${subjects}) as named
    join group_members on group_members.group_id = substr(subject, ${groupSubject('').length + 1})
    where subject > ${groupSubject('')} and subject < ${groupSubject('~')}
  union
  select accounts.id from accounts where role = 'client'
    and exists (select 1 from (${subjects}) as named where subject = ${everyone})`

const ofFile = (id: string) => named(sql`select subject from file_audience where file_id = ${id}`)

/** Accounts that can sign in: mail to any other address holds no word that people wrote (formats.md). */
const reachable = sql`accounts.role = 'client' and accounts.disabled_at is null and accounts.email_verified_at is not null`

const changed = ({ numAffectedRows }: { numAffectedRows?: bigint }): number => Number(numAffectedRows ?? 0n)

/** Keeps who a hand-off is for: whoever its file is for now, person by person. */
export const addressTo = async (tx: Tx, { handoff, file }: { handoff: string; file: string }): Promise<void> =>
  void (await sql`insert into handoff_clients (handoff_id, client_id)
    select ${handoff}, id from (${ofFile(file)}) as named`.execute(tx))

/** Everybody a hand-off is for and who has an account is to be told of it once. Gives how many they are. */
export const announce = async (tx: Tx, { id, at }: { id: string; at: number }): Promise<number> =>
  changed(
    await sql`
      insert into notices (about, ref, client_id, created_at, due_at)
      select 'handoff', ${id}, accounts.id, cast(${at} as bigint), cast(${at} as bigint)
      from handoff_clients join accounts on accounts.id = handoff_clients.client_id
      where handoff_clients.handoff_id = ${id} and ${reachable}
      on conflict do nothing`.execute(tx),
  )

type Unfetched = { file: string; clients?: readonly string[] }
type Reminding = Unfetched & { about: 'reminder' | 'expiry'; at: number }

/** Who may see a file, can be told by mail and has not fetched it whole; of `clients`, or of all. */
const unfetched = ({ file, clients }: Unfetched) => {
  const only = clients === undefined ? sql`` : sql`and accounts.id in (${sql.join([...clients, ''])})`
  return sql`${reachable} ${only} and accounts.id in (${ofFile(file)})
    and not exists (select 1 from deliveries where deliveries.file_id = ${file}
      and deliveries.client_id = accounts.id and deliveries.completed_at is not null)`
}

export const countUnfetched = async (tx: Tx, of: Unfetched): Promise<number> => {
  const { rows } = await sql<{ n: number }>`select count(*) as n from accounts where ${unfetched(of)}`.execute(tx)
  return rows[0]?.n ?? 0
}

/**
 * Everybody who may see a file and has not fetched it whole is to be reminded: at most once a day on request, once before its
 * end. In one statement, so that two who press at the same time send one mail. Gives how many they are.
 */
export const remindOf = async (tx: Tx, { about, file, at, clients }: Reminding): Promise<number> => {
  const again = about === 'reminder' ? sql`notices.created_at <= ${at - DAY}` : sql`false`
  return changed(
    await sql`
      insert into notices (about, ref, client_id, created_at, due_at)
      select ${about}, ${file}, accounts.id, cast(${at} as bigint), cast(${at} as bigint) from accounts
      where ${unfetched({ file, clients })}
      on conflict (ref, client_id, about) do update set created_at = excluded.created_at, due_at = excluded.due_at,
        settled_at = null
      where ${again}`.execute(tx),
  )
}

/** The uploader of a file is to be told something of a client; `most` often: never again, or once a day. Whether it is so. */
export const tellUploader = async (
  tx: Tx,
  {
    about,
    file,
    client,
    at,
    wait,
  }: { about: 'fetched' | 'asked'; file: string; client: string; at: number; wait: number },
): Promise<boolean> => {
  const again = about === 'asked' ? sql`notices.created_at <= ${at - DAY}` : sql`false`
  return (
    changed(
      await sql`
        insert into notices (about, ref, client_id, created_at, due_at)
        values (${about}, ${file}, ${client}, ${at}, ${at + wait})
        on conflict (ref, client_id, about) do update set created_at = excluded.created_at, due_at = excluded.due_at,
          settled_at = null
        where ${again}`.execute(tx),
    ) > 0
  )
}
