import { AsyncLocalStorage } from 'node:async_hooks'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, type KyselyPlugin, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely'
import { Migrator } from 'kysely/migration'
import { migrations } from './migrations/all.ts'
import type { Db, Schema, Tx } from './schema.ts'

/** At most this many transactions share one COMMIT, so that none waits long for its neighbours. */
const BATCH = 64
const STATEMENTS = 256

/**
 * The embedded database: one connection that writes, one that reads (WAL lets them work side by side).
 * `path` is a file in a folder that exists. Throws if it is not a database, or was made by a newer version.
 */
export const openSqlite = async (path: string): Promise<Db> => {
  const writing = connect(path)
  await migrate(writing)
  const reading = connect(path)
  reading.exec('pragma query_only = on')
  const writer = new Kysely<Schema>({ dialect: new SqliteDialect({ database: adapt(writing) }) })
  const read = new Kysely<Schema>({ dialect: new SqliteDialect({ database: adapt(reading) }) })
  const queue = createWriteQueue(writing, writer)
  return {
    read,
    write: queue.write,
    erase: () => queue.between(() => checkpoint(writing)),
    now: async () => Date.now(),
    close: async () => {
      await read.destroy()
      await writer.destroy()
    },
  }
}

/** Milliseconds to wait for another process that writes. */
const PATIENCE = 5000

/** Truncates the WAL if no reader needs it. Waits for nobody: this process would stand still for as long. */
const checkpoint = (database: DatabaseSync): boolean => {
  database.exec('pragma busy_timeout = 0')
  try {
    return database.prepare('pragma wal_checkpoint(truncate)').get()?.busy === 0
  } finally {
    database.exec(`pragma busy_timeout = ${PATIENCE}`)
  }
}

const connect = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: PATIENCE, enableForeignKeyConstraints: true })
  // secure_delete: a deleted key wrap must not survive in free pages. FULL: COMMIT returns after fsync, also in WAL mode.
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on; pragma temp_store = memory',
  )
  return database
}

/**
 * Brings the tables up to date, all of it in one transaction: a process that dies in the middle leaves the tables as they
 * were, and of two that start at once one waits. Kysely by itself takes SQLite for a database that cannot do that.
 */
const migrate = async (database: DatabaseSync): Promise<void> => {
  const known = migrations({ int: 'integer', bytes: 'blob' })
  database.exec('begin immediate')
  try {
    const newer = appliedMigrations(database).filter(name => !(name in known))
    if (newer.length > 0) throw new NewerDatabaseError(newer)
    const { error } = await new Migrator({
      db: new Kysely<unknown>({ dialect: new SqliteDialect({ database: { ...adapt(database), close: () => {} } }) }),
      provider: { getMigrations: async () => known },
    }).migrateToLatest()
    if (error) throw error
    database.exec('commit')
  } catch (error) {
    if (database.isTransaction) database.exec('rollback')
    throw error
  }
}

const appliedMigrations = (database: DatabaseSync): string[] => {
  const table = database.prepare("select 1 from sqlite_master where name = 'kysely_migration'").get()
  return table
    ? database
        .prepare('select name from kysely_migration')
        .all()
        .map(row => String(row.name))
    : []
}

/** The tables were changed by a version that this one does not know: it could misread them. */
export class NewerDatabaseError extends Error {
  constructor(names: string[]) {
    super(`The database was made by a newer version (${names.join(', ')}): upgrade, or restore a backup`)
    this.name = 'NewerDatabaseError'
  }
}

/** Kysely's two-method port over node:sqlite, with prepared statements kept: preparing costs more than most queries. */
const adapt = (database: DatabaseSync): SqliteDatabase => {
  const kept = new Map<string, SqliteStatement>()
  const prepare = (text: string): SqliteStatement => {
    const statement = database.prepare(text)
    const values = (parameters: readonly unknown[]) => parameters.map(toSql)
    return {
      reader: statement.columns().length > 0,
      all: parameters => statement.all(...values(parameters)),
      run: parameters => statement.run(...values(parameters)),
      iterate: parameters => statement.iterate(...values(parameters)),
    }
  }
  return {
    close: () => database.close(),
    prepare: text => {
      const known = kept.get(text)
      if (known) return known
      if (kept.size >= STATEMENTS) kept.clear()
      const made = prepare(text)
      kept.set(text, made)
      return made
    },
  }
}

const toSql = (value: unknown): SQLInputValue => {
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint')
    return value
  if (value instanceof Uint8Array) return value
  throw new TypeError(`A ${typeof value} cannot be stored`)
}

/** `run` gives what to call once COMMIT has returned. */
type Job = { run: (tx: Tx) => Promise<() => void>; fail: (error: unknown) => void }

/**
 * Group commit: transactions asked for in the same turn of the event loop run one after the other, each in its own
 * savepoint, and share one fsync. Nobody is answered before COMMIT returned; a failed COMMIT fails them all.
 */
const createWriteQueue = (database: DatabaseSync, writer: Kysely<Schema>) => {
  const waiting: Job[] = []
  const between: (() => void)[] = []
  let running = false

  const one = async (job: Job): Promise<() => void> => {
    database.exec('savepoint one')
    const { tx, end } = guarded(writer)
    try {
      const answer = await job.run(tx)
      database.exec('release one')
      return answer
    } catch (error) {
      // A full disk can have rolled back everything already; then the whole batch must fail.
      if (!database.isTransaction) throw error
      database.exec('rollback to one; release one')
      return () => job.fail(error)
    } finally {
      end()
    }
  }

  const batch = async (jobs: Job[]): Promise<void> => {
    const answers: (() => void)[] = []
    try {
      database.exec('begin immediate')
      for (const job of jobs) answers.push(await one(job))
      database.exec('commit')
      for (const answer of answers) answer()
    } catch (error) {
      if (database.isOpen && database.isTransaction) database.exec('rollback')
      for (const job of jobs) job.fail(error)
    }
  }

  const drain = async (): Promise<void> => {
    while (waiting.length > 0 || between.length > 0) {
      for (const run of between.splice(0)) run()
      if (waiting.length > 0) await batch(waiting.splice(0, BATCH))
    }
    running = false
  }

  const wake = (): void => {
    if (running) return
    running = true
    setImmediate(drain)
  }

  /** Which transaction the code that asks runs in: one that waited for another would wait for ever. */
  const around = new AsyncLocalStorage<{ open: boolean }>()

  const write: Db['write'] = async fn => {
    if (around.getStore()?.open) throw new Error('A transaction cannot wait for another: pass `tx` on')
    return new Promise((resolve, reject) => {
      waiting.push({
        run: async tx => {
          const inside = { open: true }
          try {
            const value = await around.run(inside, fn, tx)
            return () => resolve(value)
          } finally {
            inside.open = false
          }
        },
        fail: reject,
      })
      wake()
    })
  }

  /** Runs `fn` on the writing connection while no transaction is open. */
  const runBetween = <T>(fn: () => T) =>
    new Promise<T>((resolve, reject) => {
      between.push(() => {
        try {
          resolve(fn())
        } catch (error) {
          reject(error)
        }
      })
      wake()
    })

  return { write, between: runBetween }
}

/** A view of the writing connection that dies with its transaction: a forgotten `await` fails instead of writing elsewhere. */
const guarded = (writer: Kysely<Schema>): { tx: Tx; end: () => void } => {
  let open = true
  const end = () => {
    open = false
  }
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      if (!open) throw new Error('This transaction has ended')
      return node
    },
    transformResult: async ({ result }) => result,
  }
  return { tx: writer.withPlugin(plugin), end }
}
