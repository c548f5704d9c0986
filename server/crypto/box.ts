import { SealError, UnknownKeyError } from './errors.ts'
import { decrypt, encrypt, NONCE_LENGTH, TAG_LENGTH } from './gcm.ts'
import type { Keyring, KeyringPurpose } from './keyring.ts'
import type { RandomBytes } from './random.ts'

const VERSION = 1
const NONCE_AT = 5
const SEALED_AT = NONCE_AT + NONCE_LENGTH

/** Bytes that a box adds to its content. */
export const BOX_OVERHEAD = SEALED_AT + TAG_LENGTH

/**
 * Seals something small (a mail's body): `01 || kek_id(4) || nonce(12) || AES-256-GCM || tag(16)` under the purpose's
 * active key. `aad` says what it belongs to, such as the mail's id, so that a box cannot be moved to another row.
 */
export function sealBox(options: {
  keyring: Keyring
  purpose: KeyringPurpose
  aad: Uint8Array
  plaintext: Uint8Array
  random: RandomBytes
}): Buffer {
  const { id, key } = options.keyring.keyFor(options.purpose)
  const nonce = options.random(NONCE_LENGTH)
  const { ciphertext, tag } = encrypt({ key, nonce, aad: options.aad, plaintext: [options.plaintext] })
  return Buffer.concat([Buffer.of(VERSION), Buffer.from(id, 'hex'), nonce, ...ciphertext, tag])
}

/** @throws UnknownKeyError if the keyring lacks the key; SealError for everything that is not this box. */
export function openBox(options: {
  keyring: Keyring
  purpose: KeyringPurpose
  aad: Uint8Array
  bytes: Uint8Array
}): Buffer {
  const { bytes } = options
  if (bytes.length < BOX_OVERHEAD || bytes[0] !== VERSION) throw new SealError()
  const id = Buffer.from(bytes.subarray(1, NONCE_AT)).toString('hex')
  const key = options.keyring.keyById(options.purpose, id)
  if (key === undefined) throw new UnknownKeyError(id)
  return decrypt({
    key,
    nonce: bytes.subarray(NONCE_AT, SEALED_AT),
    aad: options.aad,
    ciphertext: bytes.subarray(SEALED_AT, bytes.length - TAG_LENGTH),
    tag: bytes.subarray(bytes.length - TAG_LENGTH),
  })
}
