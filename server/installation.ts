import { statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Config, ConfigError } from './config.ts'
import { createKeyring, type Keyring } from './crypto/keyring.ts'
import { generateKeyring } from './crypto/keyring-data.ts'
import { KeyringError } from './crypto/keyring-error.ts'
import { createKeyringFile, readKeyringFile } from './crypto/keyring-file.ts'
import { parseKeyring } from './crypto/keyring-parse.ts'
import type { RandomBytes } from './crypto/random.ts'
import type { Db } from './db/schema.ts'
import { openSqlite } from './db/sqlite.ts'
import { InUseError } from './in-use.ts'
import { isThere, makePrivate, makePrivateDatabase } from './private-files.ts'
import { createDiskStore } from './storage/disk.ts'
import type { BlobStore } from './storage/store.ts'

/** The data of one installation, opened: what the server, the worker and the admin commands all stand on. */
export type Installation = { keyring: Keyring; db: Db; store: BlobStore; close: () => Promise<void> }

type Needs = { random: RandomBytes; now: () => number }

/**
 * Opens the data folder, or makes it when there is nothing yet. Throws ConfigError with what to do when the keyring is
 * missing, unsafe or not the one the data was sealed with: nothing is served then.
 */
export const openInstallation = async (config: Config, { random, now }: Needs): Promise<Installation> => {
  makePrivate(config.dataDir)
  makePrivate(dirname(config.database))
  const keyring = openKeyring(config, { random, now })
  makePrivateDatabase(config.database)
  const db = await openDatabase(config.database)
  try {
    await checkKeys(db, keyring)
    makePrivate(config.storage)
    const store = await createDiskStore(config.storage)
    return { keyring, db, store, close: () => db.close() }
  } catch (error) {
    await db.close()
    throw error
  }
}

/** SQLite needs a little room to begin with, and says "disk I/O error" without it. */
const ROOM_TO_START = 1 << 20

const openDatabase = async (path: string): Promise<Db> => {
  try {
    return await openSqlite(path)
  } catch (error) {
    const { bavail, bsize } = await statfs(dirname(path))
    if (bavail * bsize >= ROOM_TO_START) throw error
    throw new ConfigError([
      `The disk that holds ${path} is full; make room on it (64 MiB or more) and start again: nothing is lost`,
    ])
  }
}

const openKeyring = (config: Config, { random, now }: Needs): Keyring => {
  try {
    if (config.keyring !== undefined) return createKeyring(parseKeyring(config.keyring))
    // A database without its keyring is a lost keyring, never a new one: what it sealed would be gone for good.
    if (!isThere(config.keyringFile) && !isThere(config.database)) {
      createKeyringFile(config.keyringFile, generateKeyring(now(), random), random)
    }
    return createKeyring(readKeyringFile(config.keyringFile))
  } catch (error) {
    if (error instanceof KeyringError) throw new ConfigError([error.message])
    throw error
  }
}

const CHECK = 'key_check:'

/** Compares the keyring with the check values in the database, and adds those of keys it has not seen. */
const checkKeys = async (db: Db, keyring: Keyring): Promise<void> => {
  const rows = await db.read.selectFrom('meta').selectAll().where('name', 'like', `${CHECK}%`).execute()
  const known = new Map(rows.map(row => [row.name.slice(CHECK.length), row.value]))
  const states = new Map<string, string>(keyring.ids().map(key => [key.id, key.state]))
  const wrong = keyring.checkValues().filter(({ id, value }) => known.has(id) && known.get(id) !== value)
  const missing = [...known.keys()].filter(id => !states.has(id))
  if (wrong.length > 0 || missing.length > 0) {
    throw new ConfigError([
      'The keyring is not the one this data was sealed with; put back the keyring.json that belongs to it',
    ])
  }
  const fresh = keyring.checkValues().filter(({ id }) => !known.has(id))
  if (fresh.length === 0) return
  await db.write(async tx => {
    for (const { id, value } of fresh)
      await tx
        .insertInto('meta')
        .values({ name: CHECK + id, value })
        .execute()
  })
}

/** SQLite's result code for "somebody else holds the lock" (sqlite.org/rescode.html). */
const SQLITE_BUSY = 5

/**
 * Claims the data for one server (or worker) process: the operating system gives the claim back however the process ends.
 * Two servers on one database would sweep each other's unfinished uploads. Needs no space on the disk. Throws InUseError
 * when another one runs.
 */
export const claim = (config: Config, what: 'server' | 'worker'): { release: () => void } => {
  makePrivate(config.dataDir)
  makePrivate(dirname(config.database))
  const path = join(dirname(config.database), `${what}.lock`)
  makePrivateDatabase(path)
  const lock = new DatabaseSync(path)
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive')
  } catch (error) {
    lock.close()
    if (!(error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY)) throw error
    throw new InUseError(
      `Another Valise ${what} already works on ${config.database}. Stop it first, or choose another VALISE_DATA_DIR.`,
    )
  }
  return { release: () => lock.close() }
}
