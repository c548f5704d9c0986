import type { KeyObject } from 'node:crypto'
import { deriveKey } from './derive.ts'
import { SealError } from './errors.ts'
import { fileIdBytes } from './file-aad.ts'
import { decrypt, encrypt, NONCE_LENGTH, TAG_LENGTH } from './gcm.ts'
import type { RandomBytes } from './random.ts'

const VERSION = 1

/** What a tail is bound to: the file's data key, its 22-character id and the plaintext offset at which it begins. */
type TailPlace = { dataKey: KeyObject; fileId: string; offset: number }

/** Bytes that sealing adds to a tail. */
export const TAIL_OVERHEAD = 1 + NONCE_LENGTH + TAG_LENGTH

/**
 * Seals what an unfinished upload holds after its last full segment: `01 || nonce(12) || ciphertext || tag(16)`,
 * AES-256-GCM under `valise/tail/v1` of the data key, AAD `file_id(16) || u64(offset)`. The key is not the blob's own,
 * and the nonce is random, so a tail written again (longer, or after a crash) repeats nothing (formats.md, "Blob").
 */
export function sealTail(options: TailPlace & { plaintext: Uint8Array; random: RandomBytes }): Buffer {
  const nonce = options.random(NONCE_LENGTH)
  const { ciphertext, tag } = encrypt({ ...keyAndAad(options), nonce, plaintext: [options.plaintext] })
  return Buffer.concat([Buffer.of(VERSION), nonce, ...ciphertext, tag])
}

/** The bytes a tail holds. @throws SealError if they were sealed for another file or place, or changed. */
export function openTail(options: TailPlace & { bytes: Uint8Array }): Buffer {
  const { bytes } = options
  if (bytes.length < TAIL_OVERHEAD || bytes[0] !== VERSION) throw new SealError()
  return decrypt({
    ...keyAndAad(options),
    nonce: bytes.subarray(1, 1 + NONCE_LENGTH),
    ciphertext: bytes.subarray(1 + NONCE_LENGTH, bytes.length - TAG_LENGTH),
    tag: bytes.subarray(bytes.length - TAG_LENGTH),
  })
}

function keyAndAad({ dataKey, fileId, offset }: TailPlace) {
  const place = Buffer.alloc(8)
  place.writeBigUInt64BE(BigInt(offset))
  return { key: deriveKey(dataKey, 'valise/tail/v1'), aad: Buffer.concat([fileIdBytes(fileId), place]) }
}
