import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { join, relative } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { mock } from 'node:test'
import type { Answer } from './client.ts'
import type { TestServer } from './server.ts'

/**
 * What a refused request may leave behind. Everything else in the database and the data folder is compared.
 * A condition names the rows that are left out, a column the value that is.
 */
const mayChange = {
  rows: {
    meta: ["name like 'job:%' or name = 'audit_head'", 'leases of periodic work; the number of the newest event'],
    audit_events: ["kind like '%refused'", 'one counted event per known account, kind and ten minutes (formats.md)'],
    audit_disclosures: [
      "event_id in (select id from audit_events where kind like '%refused')",
      'the personal values of those events',
    ],
    audit_repeats: ['true', 'their counts'],
  },
  columns: {
    sessions: [
      ['last_seen_at'],
      'a refused request of a live session is use of it all the same, at most once a minute',
    ],
    // Refusals above take numbers, and what a later change appends would differ by them.
    audit_events: [['seq'], 'its order stays: rows are compared in it'],
  },
} as const

/** Beside the blobs: the database, which is compared by its rows, and the claim of the running process. */
const notCompared = /^(valise\.sqlite(-wal|-shm)?|(server|worker)\.lock)$/

export type Snapshot = { tables: Record<string, string[]>; files: Record<string, string> }

/**
 * The four zeroes of security.md for one server: 0 unauthorised bytes, 0 changes, 0 answers of 500 and above, 0 outgoing
 * connections. Watches from the call on; `verify` checks the last two and ends watching.
 */
export const watch = (server: TestServer) => {
  const database = new DatabaseSync(join(server.dataDir, 'valise.sqlite'), { readOnly: true, timeout: 5000 })
  const failed: string[] = []
  const { port } = new URL(server.url)
  const ours = server.app.http.server

  const onFinish = (message: unknown): void => {
    const { request, response, server: of } = asExchange(message)
    if (of === ours && response.statusCode >= 500)
      failed.push(`${request.method} ${request.url} ${response.statusCode}`)
  }
  subscribe('http.server.response.finish', onFinish)
  const connects = mock.method(Socket.prototype, 'connect')

  const read = (): Snapshot => ({ tables: readTables(database), files: readFiles(server.dataDir) })

  return {
    /** Everything kept: rows of all tables, and name, mode, size and hash of everything in the data folder. */
    snapshot: async (): Promise<Snapshot> => {
      await settled(server)
      return read()
    },

    /** Runs `attack` and fails if anything that is kept is different afterwards. */
    unchanged: async <T>(what: string, attack: () => Promise<T>): Promise<T> => {
      await settled(server)
      const before = read()
      const result = await attack()
      await settled(server)
      sameSnapshot(before, read(), what)
      return result
    },

    /** Row counts by table, for requests that may change something, to tell how much. */
    counts: async (): Promise<Record<string, number>> => {
      await settled(server)
      return Object.fromEntries(Object.entries(readTables(database)).map(([table, rows]) => [table, rows.length]))
    },

    /** Answers of 500 and above so far that are not in `expected`, each as `METHOD url status`. */
    failures: (): readonly string[] => failed,

    /** Zero answers of 500 and above but for those `excused` (with a reason beside the call), zero outgoing connections. */
    verify: (excused: (line: string) => boolean = () => false): void => {
      unsubscribe('http.server.response.finish', onFinish)
      connects.mock.restore()
      database.close()
      assert.deepEqual(
        failed.filter(line => !excused(line)),
        [],
        'answers of 500 and above',
      )
      const away = connects.mock.calls
        .map(call => targetOf(call.arguments))
        .filter(target => !target.endsWith(`:${port}`))
      assert.deepEqual(away, [], 'outgoing connections')
    },
  }
}

export type Oracle = ReturnType<typeof watch>

/** Two snapshots are equal, or the first few rows and files that differ stand in the message. */
export const sameSnapshot = (before: Snapshot, after: Snapshot, what: string): void => {
  const differences: string[] = []
  for (const table of new Set([...Object.keys(before.tables), ...Object.keys(after.tables)])) {
    const [had, has] = [before.tables[table] ?? [], after.tables[table] ?? []]
    if (had.length === has.length && had.every((row, index) => row === has[index])) continue
    const [old, now] = [new Set(had), new Set(has)]
    differences.push(`${table}: ${had.length} rows, then ${has.length}`)
    for (const row of had) if (!now.has(row)) differences.push(`- ${table} ${row}`)
    for (const row of has) if (!old.has(row)) differences.push(`+ ${table} ${row}`)
  }
  for (const path of new Set([...Object.keys(before.files), ...Object.keys(after.files)])) {
    if (before.files[path] !== after.files[path])
      differences.push(`${path}: ${before.files[path] ?? 'absent'}, then ${after.files[path] ?? 'absent'}`)
  }
  assert.equal(differences.slice(0, 10).join('\n'), '', `${what} changed something`)
}

/** None of these bytes stand in an answer: its headers, its body. Texts count in any case. */
export const holdsNoneOf = (answer: Answer, forbidden: readonly (string | Uint8Array)[], what: string): void => {
  const bytes = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.text)
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n')
  const text = `${headers}\n${bytes.toString('latin1')}`.toLowerCase()
  for (const one of forbidden) {
    const found = typeof one === 'string' ? text.includes(latin(one)) : bytes.includes(Buffer.from(one))
    assert.equal(found, false, `${what}: ${typeof one === 'string' ? one : 'bytes of the file'} in the answer`)
  }
}

/**
 * Until what runs beside requests has been written, so that it does not look like a change: mails, notes of use, refusals,
 * and the ends of downloads, which are recorded after their last byte.
 */
const settled = async ({ app, db }: TestServer): Promise<void> => {
  await app.accounts.settled()
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; ) {
    const mail = await db.read.selectFrom('outbox').select('id').where('sealed', 'is not', null).executeTakeFirst()
    const download = await db.read
      .selectFrom('downloads')
      .select('id')
      .where('ended_at', 'is', null)
      .where('bytes_sent', '=', 0)
      .executeTakeFirst()
    if (mail === undefined && download === undefined) return
    await new Promise(resolve => setImmediate(resolve))
  }
  throw new Error('Something beside the requests did not come to its end')
}

const readTables = (database: DatabaseSync): Record<string, string[]> => {
  const names = database.prepare("select name from sqlite_master where type = 'table' order by name").all()
  const schema = database.prepare('select type, name, sql from sqlite_master order by name').all()
  const tables: Record<string, string[]> = { sqlite_master: schema.map(row => JSON.stringify(row)) }
  // One transaction: one state of the whole, whoever writes meanwhile.
  database.exec('begin')
  for (const { name } of names) {
    const table = String(name)
    const [left] = lookUp(mayChange.rows, table) ?? ['false']
    const [columns] = lookUp(mayChange.columns, table) ?? [[]]
    const order = table === 'audit_events' ? 'order by seq' : ''
    const rows = database.prepare(`select * from "${table}" where not (${left}) ${order}`).all()
    tables[table] = rows.map(row => {
      for (const column of columns) delete row[column]
      return JSON.stringify(row, (_key, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      )
    })
  }
  database.exec('commit')
  return tables
}

const lookUp = <T>(table: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

const readFiles = (folder: string): Record<string, string> => {
  const files: Record<string, string> = {}
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path)
    if (notCompared.test(name)) continue
    const { size, mode } = lstatSync(path)
    const kind = entry.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'not a file'
    files[name] = entry.isDirectory() ? `folder ${mode.toString(8)}` : `${size} bytes ${mode.toString(8)} ${kind}`
  }
  return files
}

type Exchange = { request: IncomingMessage; response: ServerResponse; server: Server }

const asExchange = (message: unknown): Exchange =>
  // The shape that nodejs.org/api/diagnostics_channel.html documents for http.server.response.finish.
  message as Exchange

/** `host:port` of any of the forms that `connect` takes. */
const targetOf = (args: readonly unknown[]): string => {
  const [first, second] = args.flat()
  if (typeof first === 'object' && first !== null) {
    const {
      host = 'localhost',
      port,
      path,
    } = Object.assign({ host: undefined, port: undefined, path: undefined }, first)
    return path == null ? `${host}:${port}` : String(path)
  }
  return `${typeof second === 'string' ? second : 'localhost'}:${String(first)}`
}

/** UTF-8 as the bytes that stand in a body read as latin1. */
const latin = (text: string): string => Buffer.from(text.toLowerCase()).toString('latin1')
