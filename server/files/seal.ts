import type { Readable } from 'node:stream'
import { createBlobSealer } from '../crypto/blob.ts'
import { createSha256 } from '../crypto/hash.ts'
import type { RandomBytes } from '../crypto/random.ts'
import { newDataKey } from '../crypto/wrap.ts'
import type { BlobStore, BlobWriter } from '../storage/store.ts'
import { createSealing } from './sealing.ts'

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
    const sealing = createSealing({ sealer, hash, write: pieces => writer.write(pieces), onProgress, fresh: true })
    for await (const chunk of stream) await sealing.push(chunk)
    await sealing.finish()
    return { blob, dataKey, size: sealer.plainLength, sha256: hash.digest(), writer }
  } catch (error) {
    await writer.abort()
    throw error
  }
}
