/**
 * Where things stand in a FLOE blob of ours (formats.md, "Blob"): header, then segments of 64 KiB each holding 65504
 * bytes of plaintext, the last one shorter or full. Pure arithmetic; every length is in bytes.
 */

export const HEADER_LENGTH = 74
/** Of a full segment as stored. */
export const SEGMENT_LENGTH = 65_536
/** Length or marker (4), nonce (12), tag (16). */
export const SEGMENT_OVERHEAD = 32
/** Of plaintext in a full segment. */
export const SEGMENT_PLAIN_LENGTH = SEGMENT_LENGTH - SEGMENT_OVERHEAD

/** How many segments hold that much plaintext: at least one, for an empty file too. */
export function segmentCount(plainLength: number): number {
  return Math.max(1, Math.ceil(plainLength / SEGMENT_PLAIN_LENGTH))
}

/** The only length a blob of that much plaintext may have. */
export function sealedLength(plainLength: number): number {
  return HEADER_LENGTH + SEGMENT_OVERHEAD * segmentCount(plainLength) + plainLength
}

/** Where segment `index` stands in the stored blob. `index` must be below `segmentCount(plainLength)`. */
export function segmentAt(index: number, plainLength: number): { offset: number; length: number; final: boolean } {
  const last = segmentCount(plainLength) - 1
  if (!Number.isSafeInteger(index) || index < 0 || index > last) throw new RangeError(`no segment ${index}`)
  const plain = index === last ? plainLength - last * SEGMENT_PLAIN_LENGTH : SEGMENT_PLAIN_LENGTH
  return { offset: HEADER_LENGTH + index * SEGMENT_LENGTH, length: plain + SEGMENT_OVERHEAD, final: index === last }
}

/**
 * Which segments cover the plaintext bytes `first` to `last` (inclusive, as in a Range header; 0 <= first <= last). The
 * opened segments, joined, hold `skip` bytes before the first one wanted; after that take `last - first + 1`.
 */
export function segmentsCovering(first: number, last: number): { first: number; last: number; skip: number } {
  const start = Math.floor(first / SEGMENT_PLAIN_LENGTH)
  return {
    first: start,
    last: Math.floor(last / SEGMENT_PLAIN_LENGTH),
    skip: first - start * SEGMENT_PLAIN_LENGTH,
  }
}
