import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { SEGMENT_LENGTH } from './segments.ts'

/** `segmentLength`: bytes of a full segment as stored. `rotationBits`: a new key every 2^bits segments. */
export type FloeParams = { segmentLength: number; rotationBits: number }

/** The parameters of our blobs; others exist only in published vectors. */
export const BLOB_PARAMS: FloeParams = { segmentLength: SEGMENT_LENGTH, rotationBits: 20 }

export const IV_LENGTH = 32
export const PARAMS_LENGTH = 10
const TAG_LENGTH = 32
const MESSAGE_KEY_LENGTH = 48

/** AEAD id 0 (AES-256-GCM), KDF id 0 (HKDF-Expand-SHA-384), segment length, IV length: 10 bytes. */
export function encodeParams(params: FloeParams): Buffer {
  const bytes = Buffer.alloc(PARAMS_LENGTH)
  bytes.writeUInt32BE(params.segmentLength, 2)
  bytes.writeUInt32BE(IV_LENGTH, 6)
  return bytes
}

/**
 * The FLOE key schedule (c2sp.org/FLOE; formats.md, "Blob"). `segmentKey(index)` keeps the last key it made, since
 * 2^20 neighbours share one.
 */
export function floeKeys(options: { key: KeyObject; iv: Uint8Array; aad: Uint8Array; params: FloeParams }) {
  const { aad, iv } = options
  const params = encodeParams(options.params)
  const rotation = 2 ** options.params.rotationBits

  // One block of HKDF-Expand (RFC 5869 section 2.3) is one HMAC over info || 01, and no FLOE key is longer than a
  // block. Node's own hkdf would extract first and give other bytes.
  const derive = (prk: KeyObject, purpose: Uint8Array | string, length: number): Buffer => {
    const mac = createHmac('sha384', prk)
    mac.update(params).update(iv).update(purpose).update(aad).update('\x01')
    return mac.digest().subarray(0, length)
  }

  let messageKey: KeyObject | undefined
  let current: { from: number; key: KeyObject } | undefined
  return {
    headerTag: () => derive(options.key, 'HEADER_TAG:', TAG_LENGTH),
    segmentKey(index: number): KeyObject {
      const from = index - (index % rotation)
      if (current?.from === from) return current.key
      messageKey ??= createSecretKey(derive(options.key, 'MESSAGE_KEY:', MESSAGE_KEY_LENGTH))
      const purpose = Buffer.alloc(12)
      purpose.write('DEK:', 0, 'latin1')
      purpose.writeUIntBE(from, 6, 6)
      current = { from, key: createSecretKey(derive(messageKey, purpose, 32)) }
      return current.key
    },
  }
}
