import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { SealError } from './errors.ts'

export const NONCE_LENGTH = 12
export const TAG_LENGTH = 16

// Without it Node 24 accepts a tag of four bytes, which can be guessed (formats.md, "Rules").
const OPTIONS = { authTagLength: TAG_LENGTH } as const

/**
 * AES-256-GCM. `plaintext` may come in several pieces, which saves the caller a copy; the ciphertext comes back in as
 * many. A nonce must never serve twice under one key: callers draw 12 fresh random bytes for every call.
 */
export function encrypt(message: {
  key: KeyObject
  nonce: Uint8Array
  aad: Uint8Array
  plaintext: readonly Uint8Array[]
}): { ciphertext: Buffer[]; tag: Buffer } {
  const cipher = createCipheriv('aes-256-gcm', message.key, message.nonce, OPTIONS)
  cipher.setAAD(message.aad)
  const ciphertext = message.plaintext.map(piece => cipher.update(piece))
  cipher.final()
  return { ciphertext, tag: cipher.getAuthTag() }
}

/** The plaintext in a buffer of its own, once the tag has verified. @throws SealError for anything else. */
export function decrypt(message: {
  key: KeyObject
  nonce: Uint8Array
  aad: Uint8Array
  ciphertext: Uint8Array
  tag: Uint8Array
}): Buffer {
  if (message.nonce.length !== NONCE_LENGTH || message.tag.length !== TAG_LENGTH) throw new SealError()
  const decipher = createDecipheriv('aes-256-gcm', message.key, message.nonce, OPTIONS)
  decipher.setAAD(message.aad)
  decipher.setAuthTag(message.tag)
  const plaintext = decipher.update(message.ciphertext)
  try {
    decipher.final()
  } catch {
    throw new SealError()
  }
  return plaintext
}
