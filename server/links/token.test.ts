import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { compactDecrypt } from 'jose'
import { sealCompact } from '../crypto/jwe.ts'
import { createKeyring } from '../crypto/keyring.ts'
import { generateKeyring } from '../crypto/keyring-data.ts'
import { openLink, sealLink } from './token.ts'

const random = (n: number) => randomBytes(n)
const newKeyring = () => createKeyring(generateKeyring(0, random))
const keyring = newKeyring()
const claims = {
  linkId: Buffer.alloc(16, 0xa5).toString('base64url'),
  clientId: Buffer.alloc(16, 0x5a).toString('base64url'),
  exp: 1_800_000_000,
}

test('a token opens to what was sealed, and its payload has the layout of formats.md', async () => {
  const token = sealLink({ keyring, random }, claims)
  assert.deepEqual(openLink(keyring, token), claims)
  assert.ok(token.length <= 512)
  const { key } = keyring.keyFor('valise/link/v1')
  const { plaintext, protectedHeader } = await compactDecrypt(token, key)
  assert.deepEqual(protectedHeader, { alg: 'dir', enc: 'A256GCM', kid: keyring.active })
  const layout = `01010000${'00006b49d200'}${'00'.repeat(6)}${'a5'.repeat(16)}${'5a'.repeat(16)}`
  assert.equal(Buffer.from(plaintext).toString('hex'), layout)
})

test('two installations accept nothing of each other', () => {
  assert.equal(openLink(newKeyring(), sealLink({ keyring, random }, claims)), undefined)
})

test('a sealed payload with any other version, purpose, length or filler is not a link', () => {
  const good = Buffer.from(`01010000${'00006b49d200'}${'00'.repeat(6)}${'a5'.repeat(16)}${'5a'.repeat(16)}`, 'hex')
  const open = (payload: Buffer) => openLink(keyring, sealCompact(keyring.keyFor('valise/link/v1'), payload, random))
  assert.deepEqual(open(good), claims)
  for (const at of [0, 1, 2, 3, 10, 11, 12, 13, 14, 15]) {
    const bad = Buffer.from(good)
    bad[at] = (bad[at] ?? 0) ^ 1
    assert.equal(open(bad), undefined, `byte ${at}`)
  }
  assert.equal(open(good.subarray(0, 47)), undefined)
  assert.equal(open(Buffer.concat([good, Buffer.of(0)])), undefined)
})

test('keys of other purposes open and seal no links', () => {
  const token = sealLink({ keyring, random }, claims)
  const elsewhere = { keyById: (_purpose: string, id: string) => keyring.keyById('valise/kek/v1', id) }
  assert.equal(openLink(elsewhere, token), undefined)
})

test('every single changed character is refused', () => {
  const token = sealLink({ keyring, random }, claims)
  const letters = 'ABab01-_.'
  for (let at = 0; at < token.length; at++) {
    for (const letter of letters) {
      if (token[at] === letter) continue
      assert.equal(openLink(keyring, token.slice(0, at) + letter + token.slice(at + 1)), undefined)
    }
  }
})

test('what is not an id is not sealed', () => {
  assert.throws(() => sealLink({ keyring, random }, { ...claims, linkId: 'short' }), RangeError)
})
