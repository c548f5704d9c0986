import type { Readable } from 'node:stream'
import { createBlobSealer } from '../crypto/blob.ts'
import { createSha256 } from '../crypto/hash.ts'
import type { RandomBytes } from '../crypto/random.ts'
import { newDataKey } from '../crypto/wrap.ts'
import { passing, release } from '../memory.ts'
import type { BlobStore, BlobWriter } from '../storage/store.ts'

/** One write to storage; measured best between syscalls and memory (performance.md). */
const FLUSH = 256 * 1024
/** After so much work on one upload every other request gets its turn (performance.md: p99 36 → 6 ms). */
const YIELD = 128 * 1024

/** A file's own key; opaque. */
export type DataKey = ReturnType<typeof newDataKey>

/** A file that has arrived and is sealed, but not yet durable and not yet anybody's. */
export type SealedUpload = {
  blob: string
  dataKey: DataKey
  size: number
  sha256: Buffer
  writer: BlobWriter
}

type Sealing = { store: BlobStore; random: RandomBytes; fileId: string; blob: string; onProgress: () => Promise<void> }

/**
 * Seals a stream as it arrives: SHA-256 of the plaintext alongside, at most about half a MiB held. Rejects with the
 * stream's or the storage's error, and then nothing of it is left in storage.
 */
export const sealStream = async (
  stream: Readable,
  { store, random, fileId, blob, onProgress }: Sealing,
): Promise<SealedUpload> => {
  const dataKey = newDataKey(random)
  const writer = await store.create(blob)
  try {
    const sealer = createBlobSealer({ dataKey, fileId, random })
    const hash = createSha256()
    let pieces: Buffer[] = [sealer.header]
    let waiting = sealer.header.length
    const emit = (bytes: Buffer) => {
      pieces.push(bytes)
      waiting += bytes.length
    }
    // One write in flight: the next segments are sealed while the disk works.
    let writing = Promise.resolve()
    const flush = async () => {
      const full = pieces
      pieces = []
      waiting = 0
      await writing
      writing = writer.write(full).then(() => release(full))
      // Awaited at the next flush; a failure until then must not count as unhandled.
      writing.catch(() => {})
      await onProgress()
    }
    let worked = 0
    for await (const chunk of stream) {
      hash.update(chunk)
      sealer.push(chunk, emit)
      if (waiting >= FLUSH) await flush()
      worked += chunk.length
      passing(chunk.length)
      if (worked >= YIELD) {
        worked = 0
        await new Promise(resolve => setImmediate(resolve))
      }
    }
    sealer.finish(emit)
    await flush()
    await writing
    return { blob, dataKey, size: sealer.plainLength, sha256: hash.digest(), writer }
  } catch (error) {
    await writer.abort()
    throw error
  }
}
