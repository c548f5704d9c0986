import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { fromBase64url, toBase64url } from './encoding.ts'
import type { RandomBytes } from './random.ts'

/** The Ed25519 pair that signs the ledger's checkpoints, as a JWK (RFC 8037): `d` the seed, `x` the public key. */
export type LedgerKeyData = { kty: 'OKP'; crv: 'Ed25519'; d: string; x: string }

/** `publicKey` is the raw 32 bytes. */
export type LedgerKey = { privateKey: KeyObject; publicKey: Buffer }

// RFC 8410 section 7: the 16 bytes of PKCS #8 before a 32-byte Ed25519 seed.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

export function generateLedgerKey(random: RandomBytes): LedgerKeyData {
  const seed = random(32)
  return { kty: 'OKP', crv: 'Ed25519', d: toBase64url(seed), x: toBase64url(fromSeed(seed).publicKey) }
}

/** The usable pair, or undefined if a part is malformed or `x` is not the public key of `d`. */
export function openLedgerKey(data: LedgerKeyData): LedgerKey | undefined {
  const seed = fromBase64url(data.d, 32)
  const expected = fromBase64url(data.x, 32)
  if (seed === undefined || expected === undefined) return undefined
  const pair = fromSeed(seed)
  return pair.publicKey.equals(expected) ? pair : undefined
}

function fromSeed(seed: Buffer): LedgerKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
  // The last 32 bytes of the SPKI form are the raw key (RFC 8410 section 4).
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32)
  return { privateKey, publicKey }
}
