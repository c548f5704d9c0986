import type { BlobSealer } from '../crypto/blob.ts'
import type { Sha256 } from '../crypto/hash.ts'
import { SEGMENT_PLAIN_LENGTH } from '../crypto/segments.ts'
import { passing, release } from '../memory.ts'

/** One write to storage; measured best between syscalls and memory (performance.md). */
const FLUSH = 256 * 1024
/** After so much work on one upload every other request gets its turn (performance.md: p99 36 → 6 ms). */
const YIELD = 128 * 1024

type Needs = {
  sealer: BlobSealer
  /** Has had what the sealer's full segments hold; undefined when nobody wants it, or it was lost. */
  hash: Sha256 | undefined
  write: (pieces: readonly Uint8Array[]) => Promise<void>
  /** After each write has begun, and when one is waited for. */
  onProgress: () => Promise<void>
  /** Nothing of the blob is in storage yet: begin with its header. */
  fresh: boolean
}

/**
 * Seals what arrives and hands it to storage in pieces worth a write, with at most about half a MiB held. The hash follows the
 * full segments, so that both can go on from the same place after an interruption.
 */
export const createSealing = ({ sealer, hash, write, onProgress, fresh }: Needs) => {
  let pieces: Buffer[] = []
  let waiting = 0
  const add = (bytes: Buffer) => {
    pieces.push(bytes)
    waiting += bytes.length
  }
  let headed = !fresh
  // The header goes with the first segment: what has none yet needs no blob.
  const emit = (bytes: Buffer) => {
    if (!headed) add(sealer.header)
    headed = true
    add(bytes)
  }

  // One write in flight: the next segments are sealed while the disk works.
  let writing = Promise.resolve()
  const flush = async () => {
    if (waiting > 0) {
      const full = pieces
      pieces = []
      waiting = 0
      await writing
      writing = write(full).then(() => release(full))
      // Awaited at the next flush; a failure until then must not count as unhandled.
      writing.catch(() => {})
    }
    await onProgress()
  }

  const seal = (chunk: Uint8Array): void => {
    const { length } = sealer.pending()
    const follows = length + chunk.length > SEGMENT_PLAIN_LENGTH
    // Before the push: it reuses the memory of what it held back.
    if (follows) hash?.update(sealer.pending())
    sealer.push(chunk, emit)
    if (follows) hash?.update(chunk.subarray(0, chunk.length - sealer.pending().length))
  }

  let worked = 0
  return {
    /** Takes a chunk; it may be reused afterwards. */
    push: async (chunk: Uint8Array): Promise<void> => {
      seal(chunk)
      if (waiting >= FLUSH) await flush()
      worked += chunk.length
      passing(chunk.length)
      if (worked < YIELD) return
      worked = 0
      await new Promise(resolve => setImmediate(resolve))
    },
    /** Hands everything sealed so far to storage and waits for it: full segments, not what is held back. */
    settle: async (): Promise<void> => {
      await flush()
      await writing
    },
    /** Seals what is held back as the final segment, and waits for storage. */
    finish: async (): Promise<void> => {
      hash?.update(sealer.pending())
      sealer.finish(emit)
      await flush()
      await writing
    },
  }
}
