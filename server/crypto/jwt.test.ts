import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, it } from 'node:test'
import { EncryptJWT, jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { openSessionToken, type SessionClaims, sealSessionToken } from './jwt.ts'
import { createKeyring } from './keyring.ts'
import { generateKeyring } from './keyring-data.ts'
import { newId, newSecret, systemRandom } from './random.ts'

const NOW = Date.UTC(2026, 0, 1)
const keyring = createKeyring(generateKeyring(NOW, systemRandom))
const { id: kid, key } = keyring.keyFor('valise/jwt/v1')
const header = { alg: 'HS256', kid, typ: 'valise-session+jwt' }
const claims: SessionClaims = {
  iss: 'https://files.example',
  aud: 'client',
  sub: newId(systemRandom),
  sid: newSecret(systemRandom),
  iat: NOW / 1000,
  exp: NOW / 1000 + 3600,
}
const expected = { issuer: claims.iss, audience: claims.aud, now: NOW }
const token = await sealSessionToken(keyring, claims)
const open = (text: string) => openSessionToken(keyring, text, expected)
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token with a right signature over whatever it says. */
function sign(head: unknown, body: unknown, by: KeyObject = key, hash = 'sha256'): string {
  const signed = `${encode(head)}.${encode(body)}`
  return `${signed}.${createHmac(hash, by).update(signed).digest('base64url')}`
}

describe('a session token', () => {
  it('opens again at its door until it expires', async () => {
    assert.deepEqual(await open(token), claims)
    assert.equal(await openSessionToken(keyring, token, { ...expected, now: NOW + 3_600_000 }), undefined)
    assert.equal(await openSessionToken(keyring, token, { ...expected, audience: 'ops' }), undefined)
    assert.equal(await openSessionToken(keyring, token, { ...expected, issuer: 'https://other.example' }), undefined)
  })

  it('has the header of formats.md and is a JWT to others', async () => {
    assert.equal(token.split('.')[0], encode(header))
    const { payload } = await jwtVerify(token, key, { currentDate: new Date(NOW) })
    assert.deepEqual(payload, claims)
  })

  it('opens after a rotation, not once its key is destroyed, and not elsewhere', async () => {
    const rotated = createKeyring(keyring.rotated(NOW, systemRandom))
    assert.deepEqual(await openSessionToken(rotated, token, expected), claims)
    const destroyed = createKeyring(rotated.without(kid))
    assert.equal(await openSessionToken(destroyed, token, expected), undefined)
    const stranger = createKeyring(generateKeyring(NOW, systemRandom))
    assert.equal(await openSessionToken(stranger, token, expected), undefined)
  })

  it('can be signed by hand, so that the refusals below are of what they say', async () => {
    assert.deepEqual(await open(sign(header, claims)), claims)
  })

  it('is refused with any other header, rightly signed', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const others: unknown[] = [
      { ...header, alg: 'none' },
      { ...header, alg: 'HS384' },
      { ...header, alg: 'RS256' },
      { ...header, alg: 'hs256' },
      { ...header, typ: 'JWT' },
      { ...header, typ: 'application/valise-session+jwt' },
      { ...header, typ: 'VALISE-SESSION+JWT' },
      { ...header, kid: 'ffffffff' },
      { ...header, kid: `../${kid}` },
      { ...header, kid: kid.toUpperCase() === kid ? `${kid} ` : kid.toUpperCase() },
      { ...header, b64: true },
      { ...header, b64: false, crit: ['b64'] },
      { ...header, crit: [] },
      { ...header, jku: 'https://attacker.example/keys' },
      { ...header, jwk: publicKey.export({ format: 'jwk' }) },
      { ...header, x5u: 'https://attacker.example/' },
      { ...header, zip: 'DEF' },
      { ...header, cty: 'JWT' },
      { alg: 'HS256', kid },
      { alg: 'HS256', typ: header.typ },
      { typ: header.typ, kid, alg: 'HS256' },
      [],
      null,
      '',
    ]
    for (const other of others) assert.equal(await open(sign(other, claims)), undefined, JSON.stringify(other))
  })

  it('is refused in a second spelling, rightly signed', async () => {
    const [head, body] = token.split('.')
    for (const [first, second] of [
      [`${head}=`, body],
      [`${head}\n`, body],
      [head, `${body}=`],
    ]) {
      const signed = `${first}.${second}`
      const respelt = `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`
      assert.equal(await open(respelt), undefined, JSON.stringify(signed.slice(-3)))
    }
  })

  it('is refused unsigned, by another algorithm, for another purpose and as a JWE', async () => {
    const [head, body] = token.split('.')
    assert.equal(await open(`${head}.${body}.`), undefined)
    assert.equal(await open(`${head}.${body}`), undefined)
    assert.equal(await open(new UnsecuredJWT({ ...claims }).encode()), undefined)
    assert.equal(await open(sign(header, claims, key, 'sha512')), undefined)
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const rsa = new SignJWT({ ...claims }).setProtectedHeader({ ...header, alg: 'RS256' })
    assert.equal(await open(await rsa.sign(privateKey)), undefined)
    for (const purpose of ['valise/kek/v1', 'valise/link/v1', 'valise/outbox/v1'] as const) {
      assert.equal(await open(sign(header, claims, keyring.keyFor(purpose).key)), undefined, purpose)
    }
    const jwe = new EncryptJWT({ ...claims }).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
    assert.equal(await open(await jwe.encrypt(key)), undefined)
  })

  it('is refused with other claims, rightly signed', async () => {
    const { sid: _sid, ...withoutSid } = claims
    const others: unknown[] = [
      { ...claims, admin: true },
      { ...claims, nbf: claims.iat },
      { ...claims, aud: ['client'] },
      { ...claims, aud: ['client', 'ops'] },
      { ...claims, iss: [claims.iss] },
      { ...claims, iss: `${claims.iss}/` },
      { ...claims, sub: 'short' },
      { ...claims, sub: null },
      { ...claims, sid: `${claims.sid}A` },
      { ...claims, sid: 7 },
      { ...claims, iat: `${claims.iat}` },
      { ...claims, iat: claims.exp },
      { ...claims, exp: claims.exp + 0.5 },
      { ...claims, exp: null },
      withoutSid,
      {},
      [],
      null,
      'text',
    ]
    for (const other of others) assert.equal(await open(sign(header, other)), undefined, JSON.stringify(other))
  })

  it('is refused after any change of a character', async () => {
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === 'A' ? 'B' : 'A'
      assert.equal(await open(token.slice(0, at) + other + token.slice(at + 1)), undefined, `character ${at}`)
    }
    const last = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
    const spellings = await Promise.all(last.map(character => open(token.slice(0, -1) + character)))
    assert.equal(spellings.filter(opened => opened !== undefined).length, 1)
    for (const more of ['=', '.', '.A', ' ', '\n']) assert.equal(await open(token + more), undefined)
  })

  it('is not read above 1,024 characters', async () => {
    const long = { ...claims, iss: `https://files.example/${'a'.repeat(800)}` }
    const sealed = await sealSessionToken(keyring, long)
    assert.ok(sealed.length > 1024)
    assert.equal(await openSessionToken(keyring, sealed, { ...expected, issuer: long.iss }), undefined)
  })
})
