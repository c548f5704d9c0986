import { createHash, hash, timingSafeEqual } from 'node:crypto'
import { toBase64url } from './encoding.ts'

/** SHA-256 of bytes, or of the UTF-8 of a text: 32 bytes. */
export function sha256(data: string | Uint8Array): Buffer {
  return hash('sha256', data, 'buffer')
}

/** SHA-256 of the UTF-8 of a text as 43 characters: what the database keeps in place of a token. */
export function sha256Base64url(text: string): string {
  return toBase64url(sha256(text))
}

export type Sha256 = {
  update(chunk: Uint8Array): void
  /** 32 bytes. Once only; a second call throws. */
  digest(): Buffer
}

/** SHA-256 over a stream. Its state cannot be stored: after a restart, feed it the bytes again from the sealed blob. */
export function createSha256(): Sha256 {
  const state = createHash('sha256')
  return {
    update(chunk) {
      state.update(chunk)
    },
    digest: () => state.digest(),
  }
}

/** Equality in a time that depends on the lengths only, for anything that proves knowledge of a secret. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
