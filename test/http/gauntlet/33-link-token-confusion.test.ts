import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { CompactEncrypt, compactDecrypt, GeneralEncrypt, SignJWT } from 'jose'
import { createKeyring, type Keyring } from '../../../server/crypto/keyring.ts'
import { parseKeyring } from '../../../server/crypto/keyring-parse.ts'
import { startServer, type TestServer } from '../../server.ts'
import { enlist, linkTo, type Person, upload } from './cast.ts'

let server: TestServer
let clara: Person
let keyring: Keyring
let payload: Uint8Array
before(async () => {
  server = await startServer()
  const ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  clara = await enlist(server, 'client', 'clara@customer.example')
  const path = await linkTo(clara.client, await upload(ada.client, 'Accounts.docx', { everyone: true }))
  keyring = createKeyring(parseKeyring(await readFile(join(server.dataDir, 'keyring.json'), 'utf8')))
  const { key } = keyring.keyFor('valise/link/v1')
  payload = (await compactDecrypt(path.slice('/download/'.length), key)).plaintext
})
after(() => server.stop())

const get = (token: string) => clara.client.get(`/download/${token}`)
const seal = (header: Record<string, unknown>, key = keyring.keyFor('valise/link/v1').key, bytes = payload) =>
  new CompactEncrypt(bytes)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', ...header })
    .encrypt(key, { crit: { 'x-valise': true } })

test('sealed anew with the right key and header it opens: the other cases fail for their own reason', async () => {
  assert.equal((await get(await seal({ kid: keyring.active }))).status, 200)
})

test('the right key under any other header', async () => {
  const kid = keyring.active
  const { key } = keyring.keyFor('valise/link/v1')
  const wrapped = (alg: string) =>
    new CompactEncrypt(payload).setProtectedHeader({ alg, enc: 'A256GCM', kid }).encrypt(key)
  const secret = new Uint8Array(key.export())
  const password = new CompactEncrypt(payload)
    .setProtectedHeader({ alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', kid })
    .setKeyManagementParameters({ p2c: 1000 })
    .encrypt(secret)
  const tokens = await Promise.all([
    seal({}),
    seal({ kid: 'ffffffff' }),
    seal({ kid: ` ${kid}` }),
    seal({ kid: `${kid}0` }),
    seal({ kid, typ: 'JWE' }),
    seal({ kid, jku: 'https://evil.example/keys' }),
    seal({ kid, jwk: { kty: 'oct', k: 'AA' } }),
    seal({ kid, crit: ['x-valise'], 'x-valise': true }),
    seal({ kid, apu: 'AA' }),
    wrapped('A256KW'),
    wrapped('A256GCMKW'),
    password,
  ])
  for (const token of tokens) assert.equal((await get(token)).status, 404, token)
})

test('keys of other purposes', async () => {
  const kid = keyring.active
  for (const purpose of ['valise/kek/v1', 'valise/jwt/v1', 'valise/outbox/v1'] as const) {
    const { key } = keyring.keyFor(purpose)
    assert.equal((await get(await seal({ kid }, key))).status, 404, purpose)
  }
})

test('other payloads under the right key', async () => {
  const kid = keyring.active
  const { key } = keyring.keyFor('valise/link/v1')
  const other = (at: number, value: number) => {
    const bytes = Uint8Array.from(payload)
    bytes[at] = value
    return bytes
  }
  const odd = [other(0, 2), other(1, 2), other(2, 1), other(15, 1), payload.subarray(0, 47), new Uint8Array(48)]
  for (const bytes of odd) assert.equal((await get(await seal({ kid }, key, bytes))).status, 404)
})

test('other kinds of token', async () => {
  const { key } = keyring.keyFor('valise/link/v1')
  const signed = await new SignJWT({ link: 'x' }).setProtectedHeader({ alg: 'HS256', kid: keyring.active }).sign(key)
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`
  const general = await new GeneralEncrypt(payload)
    .setProtectedHeader({ enc: 'A256GCM', alg: 'dir', kid: keyring.active })
    .addRecipient(key)
    .encrypt()
  const json = encodeURIComponent(JSON.stringify(general))
  for (const token of [signed, unsigned, clara.token, json]) assert.equal((await get(token)).status, 404, token)
  assert.equal(
    (await server.client().get('/api/v1/client/me', { token: await seal({ kid: keyring.active }) })).status,
    401,
  )
})
