import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { formatKeyring, type KeyringData } from './keyring-data.ts'
import { KeyringError } from './keyring-error.ts'
import { parseKeyring } from './keyring-parse.ts'
import type { RandomBytes } from './random.ts'

const PRIVATE = 0o600
/** A keyring with a hundred keys is far below it. */
const MAX_LENGTH = 1 << 20
/** Windows has neither these flags nor these permission bits; there the folder's access list protects the file. */
const WINDOWS = process.platform === 'win32'
const NO_FOLLOW = WINDOWS ? 0 : fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK

/**
 * Reads and checks the keyring file. Refused: a symbolic link, anything but a regular file, a file that group or others
 * may read or write. All of it is judged on the opened file, so it cannot be swapped in between.
 * @throws KeyringError (`missing`, `unsafe`, `invalid`); other errors of the file system as they are.
 */
export function readKeyringFile(path: string): KeyringData {
  const file = openForReading(path)
  try {
    const status = fs.fstatSync(file)
    if (!status.isFile()) throw new KeyringError('unsafe', `${path} is not a regular file: put the keyring file there`)
    if (!WINDOWS && (status.mode & 0o077) !== 0) {
      throw new KeyringError('unsafe', `${path} is open to other users of this machine: run chmod 600 on it`)
    }
    if (status.size > MAX_LENGTH) throw new KeyringError('invalid', `${path} is too long to be a keyring`)
    return parseKeyring(fs.readFileSync(file, 'utf8'))
  } finally {
    fs.closeSync(file)
  }
}

/**
 * Writes a new keyring (mode 0600 under any umask), durable when it returns. A crash leaves either no file or a whole
 * one, and a keyring that is already there is never replaced. @throws Error with code EEXIST if there is one.
 */
export function createKeyringFile(path: string, data: KeyringData, random: RandomBytes): void {
  // A hard link fails where something exists; a rename would replace it.
  writeAside({ path, data, random }, aside => {
    fs.linkSync(aside, path)
    fs.unlinkSync(aside)
  })
}

/** Replaces the keyring, as a rotation does: at every moment the path holds the old one or the new one, durably. */
export function rewriteKeyringFile(path: string, data: KeyringData, random: RandomBytes): void {
  removeAsides(path)
  writeAside({ path, data, random }, aside => fs.renameSync(aside, path))
}

function openForReading(path: string): number {
  try {
    return fs.openSync(path, fs.constants.O_RDONLY | NO_FOLLOW)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT')
      throw new KeyringError('missing', `there is no keyring at ${path}: restore it from its backup`)
    if (code === 'ELOOP') {
      throw new KeyringError('unsafe', `${path} is a symbolic link: put the keyring file itself there`)
    }
    throw error
  }
}

/** What a writer that died left beside the keyring: secrets that a later destruction of their key must not miss. */
function removeAsides(path: string): void {
  const aside = new RegExp(`^${RegExp.escape(basename(path))}\\.[0-9a-f]{16}\\.tmp$`)
  for (const name of fs.readdirSync(dirname(path))) if (aside.test(name)) fs.rmSync(join(dirname(path), name))
}

type Writing = { path: string; data: KeyringData; random: RandomBytes }

function writeAside({ path, data, random }: Writing, publish: (aside: string) => void): void {
  const text = formatKeyring(data)
  parseKeyring(text)
  const aside = `${path}.${random(8).toString('hex')}.tmp`
  try {
    const file = fs.openSync(aside, 'wx', PRIVATE)
    try {
      // The mode given to open is narrowed by the umask; this is not.
      fs.fchmodSync(file, PRIVATE)
      fs.writeFileSync(file, text)
      fs.fsyncSync(file)
    } finally {
      fs.closeSync(file)
    }
    publish(aside)
  } catch (error) {
    fs.rmSync(aside, { force: true })
    throw error
  }
  syncFolder(dirname(path))
}

/** Makes the new name durable; Windows has no such call and needs none. */
function syncFolder(folder: string): void {
  if (WINDOWS) return
  const handle = fs.openSync(folder, 'r')
  try {
    fs.fsyncSync(handle)
  } finally {
    fs.closeSync(handle)
  }
}
