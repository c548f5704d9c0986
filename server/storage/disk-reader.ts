import { fstatSync } from 'node:fs'
import { closeFile, FOR_READING, openFile, readFully } from './descriptor.ts'
import { typing } from './disk-errors.ts'
import type { Folders } from './folders.ts'
import { BlobClosedError, type BlobReader, StorageTamperedError } from './store.ts'

/** Opens a committed blob. */
export const createDiskReader = (folders: Folders, name: string): Promise<BlobReader> =>
  typing(async () => {
    const path = folders.blobPath(name)
    folders.checkWayTo(name)
    const fd = await openFile(path, FOR_READING)
    try {
      // The inode is in memory since the file was opened: no wait, and no trip through the thread pool.
      const stats = fstatSync(fd)
      if (!stats.isFile()) throw new StorageTamperedError('a blob is not a file')
      return readerOver(fd, stats.size)
    } catch (error) {
      await closeFile(fd)
      throw error
    }
  })

const readerOver = (fd: number, size: number): BlobReader => {
  let reading = 0
  let closing: PromiseWithResolvers<void> | undefined

  // The number is closed after the last read has let go of it: the system may give it to another file at once.
  const closeWhenIdle = (): void => {
    if (closing && reading === 0) closeFile(fd).then(closing.resolve, closing.reject)
  }

  return {
    size,
    read: async (into, position) => {
      if (closing) throw new BlobClosedError('This reader is closed')
      reading++
      try {
        const bytes = await readFully(fd, into, position)
        if (closing) throw new BlobClosedError('This reader is closed')
        return bytes
      } finally {
        reading--
        closeWhenIdle()
      }
    },
    close: () => {
      if (!closing) {
        closing = Promise.withResolvers()
        closeWhenIdle()
      }
      return closing.promise
    },
  }
}
