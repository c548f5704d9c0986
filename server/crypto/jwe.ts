import type { KeyObject } from 'node:crypto'
import { decodeBase64url, fromBase64url, toBase64url } from './encoding.ts'
import { SealError } from './errors.ts'
import { decrypt, encrypt, NONCE_LENGTH, TAG_LENGTH } from './gcm.ts'
import type { RandomBytes } from './random.ts'

/** Longer tokens are not read at all (formats.md, "Link token"). */
const MAX_LENGTH = 512
const HEADER = /^\{"alg":"dir","enc":"A256GCM","kid":"([0-9a-f]{8})"\}$/
const headerFor = (kid: string) => toBase64url(Buffer.from(`{"alg":"dir","enc":"A256GCM","kid":"${kid}"}`))

/**
 * A compact JWE (RFC 7516, `dir` with `A256GCM`) around a few bytes. Synchronous, because it stands on the way of every
 * download: jose's asynchronous one halves the rate (performance.md), and the tests prove each against the other.
 * @throws RangeError if the token would be too long to be opened again, or the payload is empty.
 */
export function sealCompact(key: { id: string; key: KeyObject }, payload: Uint8Array, random: RandomBytes): string {
  if (payload.length === 0) throw new RangeError('nothing to seal')
  const header = headerFor(key.id)
  const nonce = random(NONCE_LENGTH)
  const { ciphertext, tag } = encrypt({ key: key.key, nonce, aad: ascii(header), plaintext: [payload] })
  const token = `${header}..${toBase64url(nonce)}.${toBase64url(Buffer.concat(ciphertext))}.${toBase64url(tag)}`
  if (token.length > MAX_LENGTH) throw new RangeError('too much to seal in a token')
  return token
}

/**
 * The payload, or undefined for every token that is not letter for letter one of ours: other header, a key part,
 * a second spelling of any part, an unknown key. A caller sees no difference between these and a forgery.
 */
export function openCompact(token: string, keyById: (kid: string) => KeyObject | undefined): Buffer | undefined {
  if (token.length > MAX_LENGTH) return undefined
  const [header, encryptedKey, iv, sealed, mac, ...more] = token.split('.')
  if (header === undefined || iv === undefined || sealed === undefined || mac === undefined) return undefined
  if (encryptedKey !== '' || more.length > 0) return undefined
  const kid = HEADER.exec(Buffer.from(header, 'base64url').toString('latin1'))?.[1]
  if (kid === undefined || headerFor(kid) !== header) return undefined
  const nonce = fromBase64url(iv, NONCE_LENGTH)
  const ciphertext = decodeBase64url(sealed)
  const tag = fromBase64url(mac, TAG_LENGTH)
  const key = keyById(kid)
  if (nonce === undefined || ciphertext === undefined || tag === undefined || key === undefined) return undefined
  try {
    return decrypt({ key, nonce, aad: ascii(header), ciphertext, tag })
  } catch (error) {
    if (error instanceof SealError) return undefined
    throw error
  }
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
