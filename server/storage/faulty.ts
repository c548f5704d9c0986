import { type BlobStore, type BlobWriter, StorageFullError } from './store.ts'

/**
 * A store with faults, for tests of what stands on it: `fullAfter` bytes written in all, every further write finds the disk
 * full; the other functions run first and may wait (a stalled disk) or throw (a broken one).
 */
export type Faults = {
  fullAfter?: number
  beforeWrite?: () => Promise<void>
  beforeSync?: () => Promise<void>
  beforeCommit?: () => Promise<void>
  beforeOpen?: (name: string) => Promise<void>
  beforeRead?: (position: number) => Promise<void>
}

/** The faults are read at each call, so a test may change them on the way. */
export const createFaultyStore = (store: BlobStore, faults: Faults): BlobStore => {
  let written = 0
  const faulty = (writer: BlobWriter): BlobWriter => ({
    ...writer,
    write: async pieces => {
      // Without a fault the write begins at once, as it does in the store itself.
      if (faults.beforeWrite) await faults.beforeWrite()
      const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0)
      if (faults.fullAfter !== undefined && written + bytes > faults.fullAfter) throw new StorageFullError()
      written += bytes
      await writer.write(pieces)
    },
    sync: async () => {
      await faults.beforeSync?.()
      await writer.sync()
    },
    commit: async () => {
      await faults.beforeCommit?.()
      await writer.commit()
    },
  })
  return {
    ...store,
    create: async name => faulty(await store.create(name)),
    resume: async (name, length) => faulty(await store.resume(name, length)),
    open: async name => {
      await faults.beforeOpen?.(name)
      const reader = await store.open(name)
      return {
        ...reader,
        read: async (into, position) => {
          await faults.beforeRead?.(position)
          return reader.read(into, position)
        },
      }
    },
  }
}
