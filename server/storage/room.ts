import { statfs } from 'node:fs/promises'
import { StorageFullError } from './store.ts'

const RESERVE = 64 << 20

/**
 * Bytes that blobs may still take. The last 64 MiB of a file system (the last twelfth of a small one) stay free of them: the
 * database is most often beside the blobs, and without room for it nobody could delete anything to make room.
 */
export const roomIn = async (folder: string): Promise<number> => {
  const { bavail, blocks, bsize } = await statfs(folder)
  return Math.max(0, bavail * bsize - Math.min(RESERVE, Math.floor((blocks * bsize) / 12)))
}

/** As many uploads as may run at once cannot together overrun what one of them saw: each looks again after its share. */
const SHARE = 1 / 64
const MAX_BETWEEN_LOOKS = 1 << 20

/** To be called before so many bytes are written; rejects with StorageFullError when there is no room. */
export const createRoomWatch = (folder: string) => {
  let left = 0
  return async (bytes: number): Promise<void> => {
    left -= bytes
    if (left >= 0) return
    const room = await roomIn(folder)
    if (room < bytes) throw new StorageFullError()
    left = Math.min(MAX_BETWEEN_LOOKS, room * SHARE) - bytes
  }
}
