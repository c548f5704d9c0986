import { chmodSync, closeSync, constants, existsSync, fchmodSync, lstatSync, mkdirSync, openSync } from 'node:fs'
import { ConfigError } from './config.ts'

/** A folder that only this user may enter, whatever the umask. One that is there already is the operator's, and stays. */
export const makePrivate = (folder: string): void => {
  if (existsSync(folder)) return
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
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
