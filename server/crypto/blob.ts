import type { KeyObject } from 'node:crypto'
import { SealError } from './errors.ts'
import { fileAad } from './file-aad.ts'
import { createFloeSealer, openFloe } from './floe.ts'
import type { RandomBytes } from './random.ts'
import { SEGMENT_PLAIN_LENGTH, sealedLength, segmentAt, segmentCount } from './segments.ts'

const CONTEXT = 'valise/blob/v1'

export type BlobSealer = {
  /** The first 74 bytes of the blob. The caller stores them; everything emitted follows. */
  readonly header: Buffer
  /** Bytes of plaintext taken so far, those of a resumed blob included. */
  readonly plainLength: number
  /** The length of the whole blob, were it finished now. */
  readonly sealedLength: number
  /** How many full segments have been emitted, those of a resumed blob included. */
  readonly sealedSegments: number
  /**
   * Takes plaintext in chunks of any size and emits sealed bytes, in order and in buffers the callee may keep. The
   * chunk is not kept: it may be reused after the call.
   */
  push(chunk: Uint8Array, emit: (bytes: Buffer) => void): void
  /** Emits the final segment; afterwards everything throws. */
  finish(emit: (bytes: Buffer) => void): void
  /**
   * The plaintext after the last full segment (0 to 65504 bytes), which an unfinished upload stores as a sealed tail
   * (`tail.ts`). A view, valid until the next call.
   */
  pending(): Buffer
}

/**
 * Seals a file of unknown length under its own data key. One segment of plaintext is held back, because its AAD says
 * whether it is the last, and that is known only when more follows or none does. `resume` continues a blob whose header
 * and first `sealedSegments` segments are stored; then push what the tail held. @throws SealError on a foreign header.
 */
export function createBlobSealer(options: {
  dataKey: KeyObject
  /** 22-character id. */
  fileId: string
  random: RandomBytes
  resume?: { header: Uint8Array; sealedSegments: number }
}): BlobSealer {
  const { dataKey, fileId, random, resume } = options
  const sealer = createFloeSealer({
    key: dataKey,
    aad: fileAad(CONTEXT, fileId),
    random,
    resume: resume && { header: resume.header, index: resume.sealedSegments },
  })
  let held = Buffer.alloc(0)
  let length = 0
  let finished = false
  const plainLength = () => sealer.next() * SEGMENT_PLAIN_LENGTH + length
  let total: number | undefined

  return {
    header: sealer.header,
    get plainLength() {
      return total ?? plainLength()
    },
    get sealedLength() {
      return sealedLength(this.plainLength)
    },
    get sealedSegments() {
      return finished ? segmentCount(this.plainLength) : sealer.next()
    },
    pending: () => held.subarray(0, length),

    push(chunk, emit) {
      if (finished) throw new Error('the blob is finished')
      let rest = chunk
      while (length + rest.length > SEGMENT_PLAIN_LENGTH) {
        // More follows, so this segment is not the last and what the chunk gives to it need not be copied.
        const taken = SEGMENT_PLAIN_LENGTH - length
        for (const part of sealer.sealParts([held.subarray(0, length), rest.subarray(0, taken)], { final: false })) {
          if (part.length > 0) emit(part)
        }
        length = 0
        rest = rest.subarray(taken)
      }
      if (rest.length === 0) return
      if (held.length === 0) held = Buffer.allocUnsafeSlow(SEGMENT_PLAIN_LENGTH)
      held.set(rest, length)
      length += rest.length
    },

    finish(emit) {
      if (finished) throw new Error('the blob is finished')
      total = plainLength()
      finished = true
      for (const part of sealer.sealParts([held.subarray(0, length)], { final: true })) if (part.length > 0) emit(part)
      held.fill(0)
      length = 0
    },
  }
}

export type BlobOpener = {
  /** How many segments the blob has; `segmentAt` of `segments.ts` says where each stands. */
  readonly segments: number
  /** Opens the stored bytes of segment `index`, in any order. @throws SealError */
  open(index: number, bytes: Uint8Array): Buffer
}

/**
 * Opens a blob of ours. `plainLength` is the one in the database and decides which segment is the last; `storedLength`
 * is what the storage reports. @throws SealError at once if the two disagree or the header is not this file's.
 */
export function openBlob(options: {
  /** The first 74 bytes. */
  header: Uint8Array
  dataKey: KeyObject
  /** 22-character id. */
  fileId: string
  plainLength: number
  storedLength: number
}): BlobOpener {
  const { header, dataKey, fileId, plainLength, storedLength } = options
  if (!Number.isSafeInteger(plainLength) || plainLength < 0) throw new SealError()
  if (sealedLength(plainLength) !== storedLength) throw new SealError()
  const floe = openFloe({ header, key: dataKey, aad: fileAad(CONTEXT, fileId) })
  const segments = segmentCount(plainLength)
  return {
    segments,
    open(index, bytes) {
      const { length, final } = segmentAt(index, plainLength)
      if (bytes.length !== length) throw new SealError()
      return floe.open(index, bytes, { final })
    },
  }
}
