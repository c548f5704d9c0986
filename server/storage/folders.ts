import { constants, lstatSync } from 'node:fs'
import { chmod, mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { closeFile, openFile, syncFile } from './descriptor.ts'
import { codeOf } from './disk-errors.ts'
import { BLOB_NAME, StorageTamperedError } from './store.ts'

const DIRECTORY = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0)

/**
 * The folders of a disk store: `blobs/ab/<name>`, where `ab` begins the name (64² folders keep each one short, however many
 * blobs there are), and `tmp/<name>` beside it on the same file system, so that a rename is atomic.
 */
export const createFolders = async (folder: string) => {
  if (await mkdir(folder, { recursive: true, mode: 0o700 })) await chmod(folder, 0o700)
  // The operator may link the data folder elsewhere; below it, nothing may be a link.
  const root = await realpath(folder)
  const blobs = join(root, 'blobs')
  const tmp = join(root, 'tmp')
  await makePrivate(blobs)
  await makePrivate(tmp)
  await syncFolder(root)
  /** Folders whose own entry in `blobs` is known to be durable. At most 64². */
  const durable = new Set<string>()

  const shardOf = (name: string): string => join(blobs, checked(name).slice(0, 2))

  return {
    blobs,
    tmp,
    blobPath: (name: string) => join(shardOf(name), name),
    unfinishedPath: (name: string) => join(tmp, checked(name)),
    /** Refuses folders that were swapped for links, on the way to a blob. */
    checkWayTo: (name: string): void => {
      checkTop(blobs)
      checkFolder(shardOf(name))
    },
    checkTmp: () => checkTop(tmp),
    /** Makes the folder for a blob, durably: a blob is only as durable as the entries of all folders above it. */
    makeWayTo: async (name: string): Promise<string> => {
      const shard = shardOf(name)
      checkTop(blobs)
      if (durable.has(shard)) {
        checkFolder(shard)
      } else {
        await makePrivate(shard)
        // Also when another process made it: that one may not have come to its own fsync yet.
        await syncFolder(blobs)
        durable.add(shard)
      }
      return shard
    },
  }
}

export type Folders = Awaited<ReturnType<typeof createFolders>>

/** Makes the entries of a folder durable. Windows cannot open a folder for that and journals entries by itself. */
export const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return
  const fd = await openFile(path, DIRECTORY)
  try {
    await syncFile(fd)
  } finally {
    await closeFile(fd)
  }
}

const checked = (name: string): string => {
  if (!BLOB_NAME.test(name)) throw new TypeError('Not a blob name')
  return name
}

/**
 * A planted link is refused; whoever could swap a folder between this check and the use of it writes with the server's own
 * rights, and would rather read the keyring. Synchronous, since the kernel has these few entries at hand: 2 µs, where a trip
 * through the thread pool would add a fifth to the cost of a small download (measured).
 */
const checkFolder = (path: string): void => {
  if (!lstatSync(path).isDirectory()) throw new StorageTamperedError('a link or a file stands where a folder should')
}

/** The top folders were made at the start. Their absence is no missing blob: it is a disk that is not mounted. */
const checkTop = (path: string): void => {
  try {
    checkFolder(path)
  } catch (error) {
    throw codeOf(error) === 'ENOENT' ? new StorageTamperedError('its folders are gone', { cause: error }) : error
  }
}

/** chmod as well, since the umask may have taken away bits that we need, or the folder may have been there before. */
const makePrivate = async (path: string): Promise<void> => {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  checkFolder(path)
  await chmod(path, 0o700)
}
