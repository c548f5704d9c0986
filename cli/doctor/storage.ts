import { existsSync } from 'node:fs'
import { rm, stat, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../server/config.ts'
import { newId, systemRandom } from '../../server/crypto/random.ts'
import type { Installation } from '../../server/installation.ts'
import { size } from '../terminal.ts'
import { hint, type Line, mend, ok, reason } from './line.ts'

/** Below it even the database's own log soon fails. */
const LEAST = 256 * 1024 * 1024
/** Milliseconds after which the sweep, once a minute, has had its chance. */
const SWEPT = 600_000
/** Milliseconds that a file system on another machine may differ. */
const SKEW = 2000

/** Before the store is opened, which would make its folders: an empty one hides that a disk is not mounted. */
export const checkStorageFolder = ({ storage }: Config): Line[] => {
  if (existsSync(join(storage, 'blobs'))) return []
  return [mend('storage', `${storage} holds no sealed files: is its disk mounted, and VALISE_STORAGE_URL right?`)]
}

/** Writes, reads and removes a blob, as an upload would. */
export const checkStorage = async ({ store }: Installation, { storage, maxUpload }: Config): Promise<Line[]> => {
  const name = newId(systemRandom)
  try {
    const writer = await store.create(name)
    await writer.write([Buffer.from('valise doctor')])
    await writer.commit()
    await store.remove(name)
  } catch (error) {
    return [mend('storage', `${storage} cannot be written: ${reason(error)}`)]
  }
  return [ok('storage', `${storage} can be written`), ...freeLine(await store.freeSpace(), maxUpload)]
}

const freeLine = (free: number | undefined, maxUpload: number): Line[] => {
  if (free === undefined) return []
  if (free < LEAST) return [mend('free space', `only ${size(free)} left: make room, or uploads will fail`)]
  if (free >= maxUpload) return [ok('free space', size(free))]
  return [
    hint('free space', `${size(free)}: less than the largest upload allowed, ${size(maxUpload)} (VALISE_MAX_UPLOAD)`),
  ]
}

/** Every file of the database has its blob, every blob its file, and what was deleted is gone. */
export const checkBlobs = async ({ db, store }: Installation): Promise<Line[]> => {
  const stored = new Set<string>()
  for await (const { name } of store.list()) stored.add(name)
  // After the listing: what was uploaded meanwhile has its row.
  const files = await db.read.selectFrom('files').select(['id', 'name', 'blob']).execute()
  const removals = await db.read.selectFrom('blob_removals').selectAll().execute()
  const missing = files.filter(({ blob }) => !stored.has(blob))
  for (const { blob } of files) stored.delete(blob)
  const waiting = removals.filter(({ blob, after }) => stored.has(blob) && after <= Date.now() - SWEPT)
  for (const { blob } of removals) stored.delete(blob)

  const lines: Line[] = []
  if (missing.length > 0) {
    const names = missing.slice(0, 3).map(({ name, id }) => `${name} (${id})`)
    const more = missing.length > 3 ? ` and ${missing.length - 3} more` : ''
    lines.push(mend('sealed files', `missing from storage: ${names.join(', ')}${more}. Restore them from the backup`))
  } else lines.push(ok('sealed files', `${files.length}, all there`))
  if (waiting.length > 0) {
    const what = `${waiting.length} of deleted files or broken uploads are still there`
    lines.push(
      hint('sealed files', `${what}: the server removes them while it runs; its log says what keeps it from that`),
    )
  }
  if (stored.size > 0) {
    const what = `${stored.size} in storage belong to no file`
    lines.push(hint('sealed files', `${what}, as after restoring an older database; nobody can open or download them`))
  }
  return lines
}

/** This machine's clock against the file system's, the database's and the newest thing recorded. */
export const checkClock = async ({ db }: Installation, { dataDir }: Config): Promise<Line[]> => {
  const lines: Line[] = []
  const probe = join(dataDir, `.clock-${newId(systemRandom)}`)
  try {
    await writeFile(probe, '', { mode: 0o600, flag: 'wx' })
    const skew = Math.abs((await stat(probe)).mtimeMs - Date.now())
    if (skew > SKEW) lines.push(mend('clock', `the file system's clock is ${seconds(skew)} off: use NTP on both`))
  } finally {
    await rm(probe, { force: true })
  }
  const skew = Math.abs((await db.now()) - Date.now())
  if (skew > SKEW) lines.push(mend('clock', `the database's clock is ${seconds(skew)} off: use NTP on both`))
  const newest = await newestRecord(db)
  if (newest > Date.now() + SKEW) {
    const at = new Date(newest).toISOString()
    lines.push(
      mend(
        'clock',
        `it jumped back: something was recorded at ${at}. Sessions and links live longer until then; use NTP`,
      ),
    )
  }
  return lines.length > 0 ? lines : [ok('clock', 'agrees with file system, database and audit log')]
}

const newestRecord = async (db: Installation['db']): Promise<number> => {
  const { newest } = await db.read
    .selectFrom('audit_events')
    .select(eb => eb.fn.max('at').as('newest'))
    .executeTakeFirstOrThrow()
  return Number(newest ?? 0)
}

const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 1000)} s`

/** Room where the database is, when that is another disk than the storage's. */
export const checkDatabaseSpace = async ({ database, storage }: Config): Promise<Line[]> => {
  const [here, there] = await Promise.all([stat(database), stat(storage)])
  if (here.dev === there.dev) return []
  const { bavail, bsize } = await statfs(database)
  return bavail * bsize < LEAST
    ? [mend('free space', `only ${size(bavail * bsize)} left for the database`)]
    : [ok('free space', `${size(bavail * bsize)} for the database`)]
}
