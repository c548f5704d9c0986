import { constants } from 'node:fs'
import { copyFile, link, lstat, rename, rm } from 'node:fs/promises'
import { codeOf } from '../server/storage/disk-errors.ts'
import { CliError } from './exit.ts'
import { unwritable } from './local-file.ts'

const inTheWay = (path: string) =>
  new CliError('conflict', `${path} exists already and was left as it is; --force replaces it, -o names another place.`)

/** Ends the command when something stands at `path`: better before a long download than after. */
export const checkFree = async (path: string): Promise<void> => {
  const found = await lstat(path).catch(error => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw unwritable(path, error)
  })
  if (found) throw inTheWay(path)
}

/** Gives a finished file its name. Without `force` whatever stands there is safe, even if it came a moment ago. */
export const place = async (from: string, to: string, { force }: { force: boolean }): Promise<void> => {
  if (force) {
    return rename(from, to).catch(error => {
      throw unwritable(to, error)
    })
  }
  try {
    // A rename would replace what is there.
    await link(from, to)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw inTheWay(to)
    // Some file systems know no hard links.
    await copyFile(from, to, constants.COPYFILE_EXCL).catch(second => {
      throw codeOf(second) === 'EEXIST' ? inTheWay(to) : unwritable(to, second)
    })
  }
  await rm(from, { force: true })
}
