import { fromBase64url, toBase64url } from '../crypto/encoding.ts'
import { openCompact, sealCompact } from '../crypto/jwe.ts'
import type { Keyring } from '../crypto/keyring.ts'
import type { RandomBytes } from '../crypto/random.ts'

const KEY = 'valise/link/v1'

const VERSION = 1
const PURPOSE = 1
const EXP_AT = 4
const LINK_AT = 16
const CLIENT_AT = 32
const LENGTH = 48

export type LinkClaims = {
  /** 22-character id of the row that decides everything. */
  linkId: string
  clientId: string
  /** Seconds since 1970, rounded up: the row has the exact time. */
  exp: number
}

/**
 * A link token (formats.md, "Link token"): the claims as 48 bytes in a compact JWE, 160 characters.
 * @throws RangeError for ids that are not 22-character ids: they come from our rows.
 */
export const sealLink = (
  { keyring, random }: { keyring: Pick<Keyring, 'keyFor'>; random: RandomBytes },
  { linkId, clientId, exp }: LinkClaims,
): string => {
  const link = fromBase64url(linkId, 16)
  const client = fromBase64url(clientId, 16)
  if (!link || !client) throw new RangeError('not an id')
  const payload = Buffer.alloc(LENGTH)
  payload[0] = VERSION
  payload[1] = PURPOSE
  payload.writeUIntBE(exp, EXP_AT, 6)
  payload.set(link, LINK_AT)
  payload.set(client, CLIENT_AT)
  return sealCompact(keyring.keyFor(KEY), payload, random)
}

/**
 * The claims of a token of ours, or undefined for everything else: forged, cut, respelled, of another purpose or
 * version, or under a key that was destroyed. Expiry is not judged here.
 */
export const openLink = (keyring: Pick<Keyring, 'keyById'>, token: string): LinkClaims | undefined => {
  const payload = openCompact(token, kid => keyring.keyById(KEY, kid))
  if (payload?.length !== LENGTH || payload[0] !== VERSION || payload[1] !== PURPOSE) return undefined
  // Bytes without a meaning yet: a later version may give them one, and this one must not read past it.
  if (payload.readUInt16BE(2) !== 0 || payload.readUIntBE(10, 6) !== 0) return undefined
  return {
    linkId: toBase64url(payload.subarray(LINK_AT, CLIENT_AT)),
    clientId: toBase64url(payload.subarray(CLIENT_AT, LENGTH)),
    exp: payload.readUIntBE(EXP_AT, 6),
  }
}
