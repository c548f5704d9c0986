import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  statSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ConfigError } from './config.ts'

/**
 * A folder that only this user may enter, whatever the umask. One that is there already is the operator's, and stays. Throws
 * ConfigError where none can be made.
 */
export const makePrivate = (folder: string): void => {
  if (existsSync(folder)) return
  try {
    makeFolders(resolve(folder))
    chmodSync(folder, 0o700)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const why = typeof code === 'string' ? reasons.get(code) : undefined
    if (why === undefined) throw error
    throw new ConfigError([`The folder ${folder} cannot be made: ${why}`])
  }
}

/** errno(3), for mkdir(2). A full disk is not among them: its own sentence says what to do. */
const reasons = new Map([
  ['EACCES', 'this user may not write there'],
  ['EPERM', 'this user may not write there'],
  ['EROFS', 'the file system is read-only'],
  ['ENOTDIR', 'what stands above it is no folder'],
  ['EEXIST', 'a file, or a link to nowhere, has that name'],
  ['ENOENT', 'the file system takes no folders there'],
  ['ENAMETOOLONG', 'the name is too long'],
])

/** One by one: Node's recursive mkdir tries for ever where mkdir(2) answers ENOENT below a folder that is there (/proc). */
const makeFolders = (folder: string): void => {
  if (existsSync(folder)) return
  if (dirname(folder) !== folder) makeFolders(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process may have been quicker.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

const NEW = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)

/**
 * Prepares the place of a SQLite database. SQLite follows links, and makes its file with whatever the umask leaves to
 * others; so the file is made here, and the files that SQLite adds beside it take its mode. Throws ConfigError where a link or
 * anything but a file stands.
 */
export const makePrivateDatabase = (path: string): void => {
  for (const one of [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]) {
    const stats = lstatSync(one, { throwIfNoEntry: false })
    if (stats && !stats.isFile())
      throw new ConfigError([`${one} is ${stats.isSymbolicLink() ? 'a link' : 'no file'}: put the file itself there`])
    if (stats && (stats.mode & 0o777) !== 0o600) chmodSync(one, 0o600)
  }
  if (existsSync(path)) return
  const file = openSync(path, NEW, 0o600)
  try {
    fchmodSync(file, 0o600)
  } finally {
    closeSync(file)
  }
}

/** Whether anything stands there, a link to nowhere included. */
export const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined
