import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openBox, sealBox } from './box.ts'
import { SealError, UnknownKeyError } from './errors.ts'
import { createKeyring } from './keyring.ts'
import { generateKeyring } from './keyring-data.ts'
import { systemRandom } from './random.ts'

const data = generateKeyring(0, systemRandom)
const keyring = createKeyring(data)
const purpose = 'valise/outbox/v1'
const aad = Buffer.from('mail 1')
const plaintext = Buffer.from('your link is …')
const bytes = sealBox({ keyring, purpose, aad, plaintext, random: systemRandom })

describe('a box', () => {
  it('opens again under its purpose, AAD and keyring only', () => {
    assert.deepEqual(openBox({ keyring, purpose, aad, bytes }), plaintext)
    assert.throws(() => openBox({ keyring, purpose: 'valise/link/v1', aad, bytes }), SealError)
    assert.throws(() => openBox({ keyring, purpose, aad: Buffer.from('mail 2'), bytes }), SealError)
    const stranger = createKeyring(generateKeyring(0, systemRandom))
    assert.throws(() => openBox({ keyring: stranger, purpose, aad, bytes }), UnknownKeyError)
  })

  it('names its key', () => {
    assert.equal(bytes.subarray(0, 5).toString('hex'), `01${keyring.active}`)
    assert.equal(bytes.length, 33 + plaintext.length)
  })

  it('opens after a rotation and not after the destruction of its key', () => {
    const rotated = createKeyring(keyring.rotated(0, systemRandom))
    assert.deepEqual(openBox({ keyring: rotated, purpose, aad, bytes }), plaintext)
    const without = createKeyring(rotated.without(keyring.active))
    assert.throws(() => openBox({ keyring: without, purpose, aad, bytes }), UnknownKeyError)
  })

  it('is refused after any bit flip or cut', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const forged = Buffer.from(bytes)
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const named = bit >= 8 && bit < 40
      assert.throws(() => openBox({ keyring, purpose, aad, bytes: forged }), named ? UnknownKeyError : SealError)
    }
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => openBox({ keyring, purpose, aad, bytes: bytes.subarray(0, length) }), SealError)
    }
  })
})
