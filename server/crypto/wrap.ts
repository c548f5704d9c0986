import { createSecretKey, type KeyObject } from 'node:crypto'
import { SealError, UnknownKeyError } from './errors.ts'
import { fileAad } from './file-aad.ts'
import { decrypt, encrypt, NONCE_LENGTH, TAG_LENGTH } from './gcm.ts'
import type { RandomBytes } from './random.ts'

const VERSION = 1
const KEY_ID_LENGTH = 4
const DATA_KEY_LENGTH = 32
const NONCE_AT = 1 + KEY_ID_LENGTH
const SEALED_AT = NONCE_AT + NONCE_LENGTH

/** `01 || kek_id(4) || nonce(12) || sealed key(32) || tag(16)`. */
export const WRAP_LENGTH = SEALED_AT + DATA_KEY_LENGTH + TAG_LENGTH

/** A new key for one file. It is opaque: it leaves this folder only inside a wrap. */
export function newDataKey(random: RandomBytes): KeyObject {
  return createSecretKey(random(DATA_KEY_LENGTH))
}

/** The 65 bytes kept in the file's row (formats.md, "Key wrap"). `kek` is `keyring.keyFor('valise/kek/v1')`. */
export function wrapKey(options: {
  kek: { id: string; key: KeyObject }
  /** 22-character id. */
  fileId: string
  dataKey: KeyObject
  random: RandomBytes
}): Buffer {
  const keyId = Buffer.from(options.kek.id, 'hex')
  const nonce = options.random(NONCE_LENGTH)
  const aad = fileAad('valise/wrap/v1', options.fileId, keyId)
  const { ciphertext, tag } = encrypt({ key: options.kek.key, nonce, aad, plaintext: [options.dataKey.export()] })
  return Buffer.concat([Buffer.of(VERSION), keyId, nonce, ...ciphertext, tag])
}

/**
 * The file's data key. `keyById` is `id => keyring.keyById('valise/kek/v1', id)`.
 * @throws UnknownKeyError if the wrap names a key the keyring does not hold; SealError if the wrap is not this file's.
 */
export function unwrapKey(options: {
  keyById: (id: string) => KeyObject | undefined
  /** 22-character id. */
  fileId: string
  wrap: Uint8Array
}): KeyObject {
  const { wrap } = options
  if (wrap.length !== WRAP_LENGTH || wrap[0] !== VERSION) throw new SealError()
  const id = wrapKeyId(wrap)
  const kek = options.keyById(id)
  if (kek === undefined) throw new UnknownKeyError(id)
  const plaintext = decrypt({
    key: kek,
    nonce: wrap.subarray(NONCE_AT, SEALED_AT),
    aad: fileAad('valise/wrap/v1', options.fileId, wrap.subarray(1, NONCE_AT)),
    ciphertext: wrap.subarray(SEALED_AT, SEALED_AT + DATA_KEY_LENGTH),
    tag: wrap.subarray(SEALED_AT + DATA_KEY_LENGTH),
  })
  const dataKey = createSecretKey(plaintext)
  plaintext.fill(0)
  return dataKey
}

/** The id (8 hex digits) of the key that made a wrap: which rows a rotation still has to re-wrap. Proves nothing. */
export function wrapKeyId(wrap: Uint8Array): string {
  return Buffer.from(wrap.subarray(1, NONCE_AT)).toString('hex')
}
