import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { termsOf } from '../../server/files/terms.ts'

type Size = {
  files: number
  clients: number
  groups: number
  uploaders: number
  /** False leaves the planner without statistics, as a young installation has none. */
  analyze: boolean
}

/** The same 22 characters for the same name; looks random, as ids do. */
export const idOf = (name: string): string =>
  createHash('sha256').update(name).digest('base64url').slice(0, 21).concat('A')

/**
 * Words of the names, by number of the file: `report` and `invoice` stand in two fifths each and never together, `ledger` in
 * one in 40, `budget` in one in 70, `legacy` only in the oldest 3 %, `zebra` in a dozen, and a customer's number in some.
 */
const nameOf = (i: number, files: number): string => {
  const words = [
    i % 5 < 2 ? 'Report' : i % 5 > 2 ? 'Invoice' : 'Letter',
    i % 40 === 7 ? 'Ledger' : '',
    i % 70 === 11 ? 'Budget' : '',
    i < files * 0.03 ? 'Legacy' : '',
    i % Math.ceil(files / 12) === 5 ? 'Zebra' : '',
    `Customer${(i * 7919) % Math.max(10, Math.round(files / 200))}`,
  ]
  return `${words.filter(Boolean).join(' ')} ${i}.docx`
}

/** Account ids by number; client 0 has five old files, client 1 is in fifty groups, client 2 has only what everyone has. */
export const clientId = (i: number) => idOf(`client ${i}`)
export const uploaderId = (i: number) => idOf(`uploader ${i}`)
export const groupId = (i: number) => idOf(`group ${i}`)
export const fileId = (i: number) => idOf(`file ${i}`)

/** Milliseconds of the oldest file; one a minute follows. */
export const BEGIN = Date.UTC(2024, 0, 1)

/** Fills an empty database that has its tables with people, groups, files, words and grants. Not for a server that runs. */
export const fill = (path: string, { files, clients, groups, uploaders, analyze }: Size): void => {
  const database = new DatabaseSync(path)
  try {
    database.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -800000; begin')
    const indexes = database
      .prepare("select name, sql from sqlite_master where type = 'index' and sql is not null")
      .all()
    // Built afterwards, in one go each.
    for (const { name } of indexes) database.exec(`drop index "${name}"`)
    const account = database.prepare(
      'insert into accounts (id, role, email, email_key, name, admin, email_verified_at, created_at) values (?, ?, ?, ?, ?, 0, 1, ?)',
    )
    const person = (id: string, role: string, i: number) =>
      account.run(id, role, `${role}${i}@example.com`, `${role}${i}@example.com`, `Person ${i}`, BEGIN + i)
    for (let i = 0; i < uploaders; i++) person(uploaderId(i), 'ops', i)
    for (let i = 0; i < clients; i++) person(clientId(i), 'client', i)
    const group = database.prepare('insert into groups values (?, ?, ?, ?, ?)')
    for (let i = 0; i < groups; i++) group.run(groupId(i), `Group ${i}`, `group ${i}`, uploaderId(0), BEGIN + i)
    const member = database.prepare('insert or ignore into group_members values (?, ?)')
    for (let i = 0; i < Math.min(50, groups); i++) member.run(groupId(i), clientId(1))
    for (let i = 3; i < clients; i++) member.run(groupId(i % groups), clientId(i))

    const file = database.prepare(`insert into files values
      (?, ?, 'docx', 20000, x'00', ?, ?, ?, null, null, 0, '[]', x'00', 'aaaaaaaa', ?)`)
    const grant = database.prepare('insert into file_audience (subject, uploaded_at, file_id) values (?, ?, ?)')
    const term = database.prepare('insert into file_terms (term, file_id, uploaded_at) values (?, ?, ?)')
    for (let i = 0; i < files; i++) {
      const id = fileId(i)
      const at = BEGIN + i * 60_000
      const name = nameOf(i, files)
      const by = i % 2 === 0 ? 0 : i % 10_007 === 3 ? uploaders - 1 : i % (uploaders - 1)
      file.run(id, name, i % 1009 === 5 ? 'pending' : 'available', uploaderId(by), at, idOf(`blob ${i}`))
      for (const one of termsOf(name)) term.run(one, id, at)
      if (i % 10 === 0) grant.run('everyone', at, id)
      if (i % 10 > 5) grant.run(`group:${groupId(i % groups)}`, at, id)
      if (i % 10 === 5) grant.run(`client:${clientId(3 + (i % (clients - 3)))}`, at, id)
      if (i > 0 && i <= 5) grant.run(`client:${clientId(0)}`, at, id)
    }
    for (const { sql } of indexes) database.exec(String(sql))
    database.exec('commit')
    if (analyze) database.exec('analyze')
  } finally {
    database.close()
  }
}
