import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from '../server/storage/disk-errors.ts'
import { CliError } from './exit.ts'

const unreadable: Record<string, string> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read by you',
  EPERM: 'may not be read by you',
}

/** Opens a plain file on this machine for reading; the caller closes it. Ends the command with a sentence for anything else. */
export const openLocal = async (path: string): Promise<{ file: FileHandle; size: number; modified: number }> => {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (cause) {
    const why = unreadable[String(codeOf(cause))] ?? 'cannot be read'
    throw new CliError('usage', `${path} ${why}.`, { cause })
  }
  try {
    const status = await file.stat()
    if (!status.isFile()) throw new CliError('usage', `${path} is not a file.`)
    return { file, size: status.size, modified: status.mtimeMs }
  } catch (error) {
    await file.close()
    throw error
  }
}

const unwritten: Record<string, string> = {
  ENOTDIR: 'what stands above it is not a folder',
  EISDIR: 'a folder has that name',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  ELOOP: 'a link stands there',
  ENAMETOOLONG: 'the name is too long',
}

/** The sentence for a file that could not be made, written or given its name; `cause` is what the system answered. */
export const unwritable = (path: string, cause: unknown): CliError => {
  const code = codeOf(cause)
  if (code === 'ENOENT') return new CliError('usage', `The folder ${dirname(path)} does not exist.`, { cause })
  const why = unwritten[String(code)] ?? (cause instanceof Error ? cause.message : 'unknown')
  return new CliError('usage', `${path} cannot be written: ${why}.`, { cause })
}
