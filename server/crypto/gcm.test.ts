import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { describe, it } from 'node:test'
import { SealError } from './errors.ts'
import { decrypt, encrypt } from './gcm.ts'

const bytes = (hex: string) => Buffer.from(hex, 'hex')

// Test case 16 of the GCM specification (McGrew and Viega): AES-256, 96-bit IV, with AAD.
const vector = {
  key: createSecretKey(bytes('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308')),
  nonce: bytes('cafebabefacedbaddecaf888'),
  aad: bytes('feedfacedeadbeeffeedfacedeadbeefabaddad2'),
}
const plaintext = bytes(
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
)
const ciphertext = bytes(
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
)
const tag = bytes('76fc6ece0f4e1768cddf8853bb2d551b')

describe('AES-256-GCM', () => {
  it('gives the published ciphertext, in one piece or several', () => {
    for (const pieces of [[plaintext], [plaintext.subarray(0, 7), plaintext.subarray(7, 7), plaintext.subarray(7)]]) {
      const sealed = encrypt({ ...vector, plaintext: pieces })
      assert.deepEqual(Buffer.concat(sealed.ciphertext), ciphertext)
      assert.deepEqual(sealed.tag, tag)
    }
    assert.deepEqual(decrypt({ ...vector, ciphertext, tag }), plaintext)
  })

  it('takes a whole tag only, though Node would take the first four bytes of it', () => {
    for (let length = 0; length < 16; length++) {
      assert.throws(() => decrypt({ ...vector, ciphertext, tag: tag.subarray(0, length) }), SealError)
    }
    assert.throws(() => decrypt({ ...vector, ciphertext, tag: Buffer.concat([tag, Buffer.of(0)]) }), SealError)
  })

  it('takes a nonce of 12 bytes only', () => {
    for (const nonce of [Buffer.alloc(0), vector.nonce.subarray(1), Buffer.alloc(13)]) {
      assert.throws(() => decrypt({ ...vector, nonce, ciphertext, tag }), SealError)
    }
  })

  it('says nothing about why', () => {
    assert.throws(
      () => decrypt({ ...vector, aad: Buffer.alloc(0), ciphertext, tag }),
      error => error instanceof SealError && error.cause === undefined,
    )
  })
})
