import type { KeyObject } from 'node:crypto'
import { SealError } from './errors.ts'
import { BLOB_PARAMS, encodeParams, type FloeParams, floeKeys, IV_LENGTH, PARAMS_LENGTH } from './floe-keys.ts'
import { decrypt, encrypt, NONCE_LENGTH, TAG_LENGTH } from './gcm.ts'
import { sameBytes } from './hash.ts'
import type { RandomBytes } from './random.ts'
import { HEADER_LENGTH, SEGMENT_OVERHEAD } from './segments.ts'

const NOT_FINAL = 0xffff_ffff
const PREFIX_LENGTH = 4 + NONCE_LENGTH
/** FLOE's bound for AES-256-GCM. */
const MAX_SEGMENTS = 2 ** 40

export type FloeSealer = {
  header: Buffer
  /** The index the next segment will have. */
  next(): number
  /**
   * Seals the next segment, given in pieces, and returns it in pieces for a vectored write: prefix, ciphertexts, tag.
   * A segment that is not final must be full. @throws RangeError for a wrong length, Error after the final segment.
   */
  sealParts(plaintext: readonly Uint8Array[], options: { final: boolean }): Buffer[]
}

/**
 * Seals one FLOE message from its first segment to its last; every position once. `resume` continues a message whose
 * first `index` segments are stored already, under the header it began with. @throws SealError if that header is not
 * of this key, AAD and parameters.
 */
export function createFloeSealer(options: {
  key: KeyObject
  aad: Uint8Array
  random: RandomBytes
  params?: FloeParams
  resume?: { header: Uint8Array; index: number }
}): FloeSealer {
  const { key, aad, random, params = BLOB_PARAMS, resume } = options
  const { header, keys } = resume ? checkHeader({ header: resume.header, key, aad, params }) : newHeader()
  const full = params.segmentLength - SEGMENT_OVERHEAD
  let index = resume?.index ?? 0
  let finished = false

  function newHeader() {
    const iv = random(IV_LENGTH)
    const keys = floeKeys({ key, iv, aad, params })
    return { header: Buffer.concat([encodeParams(params), iv, keys.headerTag()]), keys }
  }

  return {
    header,
    next: () => index,
    sealParts(plaintext, { final }) {
      if (finished) throw new Error('the final segment has been sealed')
      const length = plaintext.reduce((sum, piece) => sum + piece.length, 0)
      if (final ? length > full : length !== full) throw new RangeError(`a segment cannot hold ${length} bytes`)
      if (index >= MAX_SEGMENTS) throw new RangeError('too many segments')
      const prefix = Buffer.allocUnsafe(PREFIX_LENGTH)
      prefix.writeUInt32BE(final ? length + SEGMENT_OVERHEAD : NOT_FINAL, 0)
      prefix.set(random(NONCE_LENGTH), 4)
      const nonce = prefix.subarray(4)
      const sealed = encrypt({ key: keys.segmentKey(index), nonce, aad: segmentAad(index, final), plaintext })
      index += 1
      finished = final
      return [prefix, ...sealed.ciphertext, sealed.tag]
    },
  }
}

export type FloeOpener = {
  /**
   * Opens the segment stored at `index` (any order) without copying it. `final` must come from somewhere the writer of
   * the storage cannot change, such as the length in the database. @throws SealError for all that is not that segment.
   */
  open(index: number, bytes: Uint8Array, options: { final: boolean }): Buffer
}

/** Checks the 74-byte header against key, AAD and parameters before anything else. @throws SealError */
export function openFloe(options: {
  header: Uint8Array
  key: KeyObject
  aad: Uint8Array
  params?: FloeParams
}): FloeOpener {
  const { header, key, aad, params = BLOB_PARAMS } = options
  const { keys } = checkHeader({ header, key, aad, params })

  return {
    open(index, bytes, { final }) {
      if (!Number.isSafeInteger(index) || index < 0 || index >= MAX_SEGMENTS) throw new SealError()
      const { length } = bytes
      if (final ? length < SEGMENT_OVERHEAD || length > params.segmentLength : length !== params.segmentLength) {
        throw new SealError()
      }
      const view = Buffer.from(bytes.buffer, bytes.byteOffset, length)
      if (view.readUInt32BE(0) !== (final ? length : NOT_FINAL)) throw new SealError()
      return decrypt({
        key: keys.segmentKey(index),
        nonce: view.subarray(4, PREFIX_LENGTH),
        aad: segmentAad(index, final),
        ciphertext: view.subarray(PREFIX_LENGTH, length - TAG_LENGTH),
        tag: view.subarray(length - TAG_LENGTH),
      })
    },
  }
}

function checkHeader(options: { header: Uint8Array; key: KeyObject; aad: Uint8Array; params: FloeParams }) {
  if (options.header.length !== HEADER_LENGTH) throw new SealError()
  // The caller's buffer may be pooled, and keys are derived from the IV later on.
  const header = Buffer.from(options.header)
  const iv = header.subarray(PARAMS_LENGTH, PARAMS_LENGTH + IV_LENGTH)
  const keys = floeKeys({ key: options.key, iv, aad: options.aad, params: options.params })
  const tagged = sameBytes(header.subarray(PARAMS_LENGTH + IV_LENGTH), keys.headerTag())
  // The tag covers the parameters expected, not those in the header: compare those too.
  const known = sameBytes(header.subarray(0, PARAMS_LENGTH), encodeParams(options.params))
  if (!tagged || !known) throw new SealError()
  return { header, keys }
}

function segmentAad(index: number, final: boolean): Buffer {
  const aad = Buffer.allocUnsafe(9)
  aad.writeUInt16BE(0, 0)
  aad.writeUIntBE(index, 2, 6)
  aad[8] = final ? 1 : 0
  return aad
}
