import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** What a key may be derived for. A key made for one purpose opens nothing that was made for another (formats.md). */
export type Purpose =
  | 'valise/kek/v1'
  | 'valise/jwt/v1'
  | 'valise/link/v1'
  | 'valise/outbox/v1'
  | 'valise/tail/v1'
  | 'valise/check/v1'

/**
 * HKDF-SHA-256 (RFC 5869: extract and expand, empty salt, info = the purpose): 32 bytes, as an opaque key. Opaque keys
 * never print, and OpenSSL prepares them once: raw bytes cost 20 µs more at every use.
 */
export function deriveKey(secret: KeyObject, purpose: Purpose): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)))
}
