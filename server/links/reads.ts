import { SEGMENT_LENGTH } from '../crypto/segments.ts'
import type { Content } from '../files/content.ts'

/** Sizes of read buffers, in segments of 64 KiB; the largest is one read of 1 MiB (performance.md). */
const SIZES = [2, 4, 8, 16] as const
export const MOST_SEGMENTS = 16

/** Reads of storage under way at a time. They take turns on four threads anyway; more would only hold buffers. */
const READS = 32
/** Bytes of buffers kept for the next read while nobody uses them. */
const KEPT = 8 * 1024 * 1024
/** Reads ahead at a time, over all streams of the process: at most 32 MiB that nobody waits for yet. */
const AHEAD = 32

/**
 * Reads of sealed files into buffers that are used again: a buffer holds sealed bytes only between its read and the
 * decryption that follows at once, so a few serve any number of streams.
 */
export const createReads = () => {
  const free = new Map<number, Buffer[]>(SIZES.map(size => [size, []]))
  const waiting: (() => void)[] = []
  let kept = 0
  let reading = 0
  let ahead = 0

  const take = (segments: number): Buffer => {
    const size = SIZES.find(one => one >= segments) ?? MOST_SEGMENTS
    const buffer = free.get(size)?.pop()
    if (!buffer) return Buffer.allocUnsafeSlow(size * SEGMENT_LENGTH)
    kept -= buffer.length
    return buffer
  }
  const give = (buffer: Buffer): void => {
    if (kept + buffer.length > KEPT) return
    kept += buffer.length
    free.get(buffer.length / SEGMENT_LENGTH)?.push(buffer)
  }

  return {
    /** Opened plaintext of `count` segments (1 to 16) from `first`. Rejects with what the content rejects with. */
    read: async (content: Content, first: number, count: number): Promise<Buffer[]> => {
      if (reading >= READS) await new Promise<void>(resolve => waiting.push(resolve))
      else reading++
      const buffer = take(count)
      try {
        return await content.read(first, count, buffer)
      } finally {
        give(buffer)
        // The place goes straight to whoever waits longest, or is free.
        const next = waiting.shift()
        if (next) next()
        else reading--
      }
    },

    /** Whether one more stream may read ahead; then it owes a `release`. */
    reserveAhead: (): boolean => {
      if (ahead >= AHEAD) return false
      ahead++
      return true
    },
    releaseAhead: (): void => {
      ahead--
    },
  }
}

export type Reads = ReturnType<typeof createReads>
