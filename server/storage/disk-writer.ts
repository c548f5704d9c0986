import { lstat, rename, rm } from 'node:fs/promises'
import { closeFile, FOR_CREATION, openFile, setMode, syncFile, writeFully } from './descriptor.ts'
import { typing, unlessMissing } from './disk-errors.ts'
import { type Folders, syncFolder } from './folders.ts'
import { createRoomWatch } from './room.ts'
import { BlobClosedError, BlobExistsError, type BlobWriter } from './store.ts'

/**
 * Writes into `tmp` and moves the finished blob to its place. O_EXCL on the temporary name lets one writer at a time hold
 * a name, so what was looked at when it began still holds at the rename, which would replace a blob of that name.
 */
export const createDiskWriter = (folders: Folders, name: string): Promise<BlobWriter> =>
  typing(async () => {
    const unfinished = folders.unfinishedPath(name)
    const finished = folders.blobPath(name)
    folders.checkTmp()
    const fd = await openFile(unfinished, FOR_CREATION)
    try {
      // The umask may have left less than the owner needs; it never adds.
      await setMode(fd, 0o600)
      await refuseTaken(finished)
    } catch (error) {
      await closeFile(fd)
      await rm(unfinished, { force: true })
      throw error
    }
    const refuseWhenFull = createRoomWatch(folders.tmp)
    return writerOver({ fd, unfinished, refuseWhenFull, moveInPlace: () => moveInPlace(folders, name) })
  })

type Unfinished = {
  fd: number
  unfinished: string
  refuseWhenFull: (bytes: number) => Promise<void>
  moveInPlace: () => Promise<void>
}

const writerOver = (file: Unfinished): BlobWriter => {
  let state: 'open' | 'busy' | 'failed' | 'committed' | 'aborted' = 'open'
  let aborting = false
  let closed = false
  let underWay: Promise<unknown> = Promise.resolve()

  const release = async (): Promise<void> => {
    if (closed) return
    closed = true
    await closeFile(file.fd)
  }

  /** One call at a time, and none after a failure. */
  const alone = async (then: 'open' | 'committed', work: () => Promise<void>): Promise<void> => {
    if (aborting || state !== 'open') throw new BlobClosedError(`This writer is ${aborting ? 'aborted' : state}`)
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

  return {
    write: pieces =>
      alone('open', async () => {
        await file.refuseWhenFull(pieces.reduce((sum, piece) => sum + piece.length, 0))
        await writeFully(file.fd, pieces)
      }),
    commit: () =>
      alone('committed', async () => {
        await syncFile(file.fd)
        await release()
        await file.moveInPlace()
      }),
    abort: async () => {
      aborting = true
      // The kernel must have let go of the number first: it could be given to another file.
      await underWay
      if (state === 'committed' || state === 'aborted') return
      state = 'aborted'
      await release()
      await rm(file.unfinished, { force: true })
    },
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
