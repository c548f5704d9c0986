import { JOSEError } from 'jose/errors'
import { SignJWT } from 'jose/jwt/sign'
import { jwtVerify } from 'jose/jwt/verify'
import { decodeBase64url, fromBase64url, toBase64url } from './encoding.ts'
import { UnknownKeyError } from './errors.ts'
import type { Keyring } from './keyring.ts'
import { isId, isSecret } from './random.ts'

const TYPE = 'valise-session+jwt'
const MAX_LENGTH = 1024
const HEADER = /^\{"alg":"HS256","kid":"([0-9a-f]{8})","typ":"valise-session\+jwt"\}$/
const headerFor = (kid: string) => ({ alg: 'HS256', kid, typ: TYPE })
const encodedHeaderFor = (kid: string) => toBase64url(Buffer.from(JSON.stringify(headerFor(kid))))

/** `iss`: the public URL. `sub`: account id. `sid`: session secret. `iat`, `exp`: seconds since 1970. */
export type SessionClaims = {
  iss: string
  aud: 'ops' | 'client'
  sub: string
  sid: string
  iat: number
  exp: number
}

/** The session token of formats.md: JWT, HS256, with the header `{alg, kid, typ}` and exactly these claims. */
export async function sealSessionToken(keyring: Keyring, claims: SessionClaims): Promise<string> {
  const id = keyring.active
  const key = keyring.sessionKeyById(id)
  if (key === undefined) throw new UnknownKeyError(id)
  const { iss, aud, sub, sid, iat, exp } = claims
  return new SignJWT({ iss, aud, sub, sid, iat, exp }).setProtectedHeader(headerFor(id)).sign(key)
}

/**
 * The claims of a session token meant for this door, or undefined for everything else. The header must be letter for
 * letter the one we write, which leaves nothing to choose for whoever made the token: no algorithm, key or extension.
 * That the session still exists is for the caller to look up. `now` in milliseconds since 1970.
 */
export async function openSessionToken(
  keyring: Keyring,
  token: string,
  expected: { issuer: string; audience: 'ops' | 'client'; now: number },
): Promise<SessionClaims | undefined> {
  if (token.length > MAX_LENGTH) return undefined
  const [header, payload, signature, ...more] = token.split('.')
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) return undefined
  const kid = HEADER.exec(Buffer.from(header, 'base64url').toString('latin1'))?.[1]
  if (kid === undefined || encodedHeaderFor(kid) !== header) return undefined
  if (decodeBase64url(payload) === undefined || fromBase64url(signature, 32) === undefined) return undefined
  const key = keyring.sessionKeyById(kid)
  if (key === undefined) return undefined
  try {
    const verified = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      typ: TYPE,
      issuer: expected.issuer,
      audience: expected.audience,
      currentDate: new Date(expected.now),
    })
    return exactClaims(verified.payload, expected.audience)
  } catch (error) {
    if (error instanceof JOSEError) return undefined
    throw error
  }
}

/** `aud` may also be an array for jose; here each claim has its one type and nothing else is there. */
function exactClaims(payload: Record<string, unknown>, audience: 'ops' | 'client'): SessionClaims | undefined {
  const { iss, aud, sub, sid, iat, exp, ...others } = payload
  if (Object.keys(others).length > 0) return undefined
  if (typeof iss !== 'string' || aud !== audience) return undefined
  if (typeof sub !== 'string' || !isId(sub) || typeof sid !== 'string' || !isSecret(sid)) return undefined
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat)) return undefined
  if (typeof exp !== 'number' || !Number.isSafeInteger(exp) || exp <= iat) return undefined
  return { iss, aud: audience, sub, sid, iat, exp }
}
