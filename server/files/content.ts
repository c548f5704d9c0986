import { openBlob } from '../crypto/blob.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { HEADER_LENGTH, SEGMENT_LENGTH, segmentAt, segmentsCovering } from '../crypto/segments.ts'
import { unwrapKey } from '../crypto/wrap.ts'
import { release } from '../memory.ts'
import type { BlobStore } from '../storage/store.ts'
import type { DataKey } from './seal.ts'

/** What the database knows of a sealed file. `size` in bytes of plaintext. */
export type Sealed = { id: string; size: number; blob: string; wrap: Uint8Array }

export type Content = {
  size: number
  segments: number
  /**
   * Opens `count` consecutive segments with one read of storage. `into` takes the sealed bytes (at least `count` × 64 KiB)
   * and may be reused once the promise has settled; the plaintext pieces are the caller's, each with memory of its own
   * (`memory.ts`). Rejects with SealError before giving a single byte of a read in which anything was changed.
   */
  read(first: number, count: number, into: Buffer): Promise<Buffer[]>
  close(): Promise<void>
}

export type OpenContent = (file: Sealed) => Promise<Content>

/** Opens sealed files for reading: key from the wrap, header checked, stored length as the database says. */
export const createContent = ({ store, keyring }: { store: BlobStore; keyring: Keyring }) => {
  const open: OpenContent = file => {
    const dataKey = unwrapKey({ keyById: id => keyring.keyById('valise/kek/v1', id), fileId: file.id, wrap: file.wrap })
    return openWithKey({ ...file, dataKey })
  }

  const openWithKey = async (file: { id: string; size: number; blob: string; dataKey: DataKey }): Promise<Content> => {
    const reader = await store.open(file.blob)
    try {
      const header = Buffer.allocUnsafe(HEADER_LENGTH)
      const got = await reader.read(header, 0)
      const opener = openBlob({
        header: header.subarray(0, got),
        dataKey: file.dataKey,
        fileId: file.id,
        plainLength: file.size,
        storedLength: reader.size,
      })
      return {
        size: file.size,
        segments: opener.segments,
        close: () => reader.close(),
        read: async (first, count, into) => {
          const last = segmentAt(first + count - 1, file.size)
          const start = segmentAt(first, file.size).offset
          const length = last.offset + last.length - start
          const bytes = into.subarray(0, length)
          const read = await reader.read(bytes, start)
          const pieces: Buffer[] = []
          for (let i = 0; i < count; i++) {
            const at = i * SEGMENT_LENGTH
            pieces.push(opener.open(first + i, bytes.subarray(at, Math.min(at + SEGMENT_LENGTH, read))))
          }
          return pieces
        },
      }
    } catch (error) {
      await reader.close()
      throw error
    }
  }
  return { open, openWithKey }
}

const WALK = 16

/** The plaintext from its first byte to its last, in pieces of at most 64 KiB with memory of their own. */
export async function* plaintextChunks(content: Content): AsyncGenerator<Buffer> {
  const sealed = Buffer.allocUnsafeSlow(Math.min(WALK, content.segments) * SEGMENT_LENGTH)
  for (let first = 0; first < content.segments; first += WALK) {
    yield* await content.read(first, Math.min(WALK, content.segments - first), sealed)
  }
}

/** Random access to the plaintext, as the inspection reads it: only the bytes asked for, never the whole file. */
export const plaintextSource = (content: Content) => {
  // Sealed bytes live from their read to the decryption right after it, so few buffers serve a whole inspection.
  const idle: Buffer[] = []
  const read = async (position: number, length: number): Promise<Uint8Array> => {
    if (length === 0) return new Uint8Array(0)
    const { first, last, skip } = segmentsCovering(position, position + length - 1)
    const needed = (last - first + 1) * SEGMENT_LENGTH
    const fitting = idle.findIndex(buffer => buffer.length >= needed)
    const sealed = idle.splice(fitting, fitting < 0 ? 0 : 1)[0] ?? Buffer.allocUnsafeSlow(needed)
    const pieces = await content.read(first, last - first + 1, sealed)
    idle.push(sealed)
    // All of its memory, so that it can be moved to another thread.
    const bytes = Buffer.allocUnsafeSlow(length)
    let at = -skip
    for (const piece of pieces) {
      bytes.set(piece.subarray(Math.max(0, -at), length - at), Math.max(0, at))
      at += piece.length
    }
    release(pieces)
    return bytes
  }
  return { size: content.size, read }
}
