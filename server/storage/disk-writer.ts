import { lstat, rename, rm } from 'node:fs/promises'
import {
  closeFile,
  FOR_APPENDING,
  FOR_CREATION,
  openFile,
  setMode,
  statsOf,
  syncFile,
  truncateFile,
  writeFully,
} from './descriptor.ts'
import { codeOf, typing, unlessMissing } from './disk-errors.ts'
import { type Folders, syncFolder } from './folders.ts'
import { createRoomWatch } from './room.ts'
import { BlobClosedError, BlobExistsError, BlobMissingError, type BlobWriter, StorageTamperedError } from './store.ts'

/** `held`: names that a writer of this process has at hand. */
type Place = { folders: Folders; held: Set<string> }

/**
 * Writes into `tmp` and moves the finished blob to its place. O_EXCL on the temporary name lets one writer at a time hold
 * a name, so what was looked at when it began still holds at the rename, which would replace a blob of that name.
 */
export const createDiskWriter = (place: Place, name: string): Promise<BlobWriter> =>
  typing(() => holding(place, name, () => created(place.folders, name)))

/** Goes on with what stands in `tmp` under that name. */
export const resumeDiskWriter = (place: Place, name: string, length: number): Promise<BlobWriter> =>
  typing(() =>
    holding(place, name, async () => {
      if (length > 0) return reopened(place.folders, name, length)
      try {
        return await created(place.folders, name)
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error
        return reopened(place.folders, name, 0)
      }
    }),
  )

type Opened = { fd: number; isNew: boolean }

const holding = async ({ folders, held }: Place, name: string, open: () => Promise<Opened>): Promise<BlobWriter> => {
  const unfinished = folders.unfinishedPath(name)
  if (held.has(name)) throw new BlobExistsError()
  held.add(name)
  try {
    folders.checkTmp()
    const opened = await open()
    return writerOver({
      ...opened,
      unfinished,
      refuseWhenFull: createRoomWatch(folders.tmp),
      syncEntry: () => syncFolder(folders.tmp),
      moveInPlace: () => moveInPlace(folders, name),
      onEnd: () => held.delete(name),
    })
  } catch (error) {
    held.delete(name)
    throw error
  }
}

const created = async (folders: Folders, name: string): Promise<Opened> => {
  const unfinished = folders.unfinishedPath(name)
  const fd = await openFile(unfinished, FOR_CREATION)
  try {
    // The umask may have left less than the owner needs; it never adds.
    await setMode(fd, 0o600)
    await refuseTaken(folders.blobPath(name))
  } catch (error) {
    await closeFile(fd)
    await rm(unfinished, { force: true })
    throw error
  }
  return { fd, isNew: true }
}

const reopened = async (folders: Folders, name: string, length: number): Promise<Opened> => {
  await refuseTaken(folders.blobPath(name))
  const fd = await openFile(folders.unfinishedPath(name), FOR_APPENDING)
  try {
    const stats = await statsOf(fd)
    if (!stats.isFile()) throw new StorageTamperedError('a special file stands where an unfinished blob should')
    if (stats.size < length) throw new BlobMissingError()
    await truncateFile(fd, length)
  } catch (error) {
    await closeFile(fd)
    throw error
  }
  // With nothing kept of it, nobody promised that its entry is durable.
  return { fd, isNew: length === 0 }
}

type Unfinished = Opened & {
  unfinished: string
  refuseWhenFull: (bytes: number) => Promise<void>
  syncEntry: () => Promise<void>
  moveInPlace: () => Promise<void>
  onEnd: () => void
}

const writerOver = (file: Unfinished): BlobWriter => {
  let state: 'open' | 'busy' | 'failed' | 'committed' | 'aborted' = 'open'
  let ending = false
  let closed = false
  let isNew = file.isNew
  let underWay: Promise<unknown> = Promise.resolve()

  const release = async (): Promise<void> => {
    if (closed) return
    closed = true
    try {
      await closeFile(file.fd)
    } finally {
      file.onEnd()
    }
  }

  /** One call at a time, and none after a failure. */
  const alone = async (then: 'open' | 'committed', work: () => Promise<void>): Promise<void> => {
    if (ending || state !== 'open') throw new BlobClosedError(`This writer is ${ending ? 'ended' : state}`)
    state = 'busy'
    const working = typing(work)
    underWay = working.catch(() => {})
    try {
      await working
      state = then
    } catch (error) {
      state = 'failed'
      throw error
    }
  }

  const end = async (forget: boolean): Promise<void> => {
    ending = true
    // The kernel must have let go of the number first: it could be given to another file.
    await underWay
    if (state === 'committed' || state === 'aborted') return
    state = 'aborted'
    await release()
    if (forget) await rm(file.unfinished, { force: true })
  }

  return {
    write: pieces =>
      alone('open', async () => {
        await file.refuseWhenFull(pieces.reduce((sum, piece) => sum + piece.length, 0))
        await writeFully(file.fd, pieces)
      }),
    sync: () =>
      alone('open', async () => {
        await syncFile(file.fd)
        if (!isNew) return
        await file.syncEntry()
        isNew = false
      }),
    commit: () =>
      alone('committed', async () => {
        await syncFile(file.fd)
        await release()
        await file.moveInPlace()
      }),
    abort: () => end(true),
    leave: () => end(false),
  }
}

const moveInPlace = async (folders: Folders, name: string): Promise<void> => {
  const shard = await folders.makeWayTo(name)
  folders.checkTmp()
  await rename(folders.unfinishedPath(name), folders.blobPath(name))
  await syncFolder(shard)
}

const refuseTaken = async (path: string): Promise<void> => {
  if (await unlessMissing(() => lstat(path))) throw new BlobExistsError()
}
