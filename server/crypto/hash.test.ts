import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSha256, sameBytes, sha256, sha256Base64url } from './hash.ts'

// FIPS 180-2, appendix B.1.
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

describe('SHA-256', () => {
  it('gives the published digest in one go and in pieces', () => {
    assert.equal(sha256('abc').toString('hex'), ABC)
    assert.equal(sha256(Buffer.from('abc')).toString('hex'), ABC)
    assert.equal(sha256Base64url('abc'), Buffer.from(ABC, 'hex').toString('base64url'))
    const pieces = createSha256()
    for (const piece of ['a', '', 'bc']) pieces.update(Buffer.from(piece))
    assert.equal(pieces.digest().toString('hex'), ABC)
    assert.throws(() => pieces.digest())
  })
})

describe('sameBytes', () => {
  it('compares content and length', () => {
    assert.ok(sameBytes(Buffer.from('abc'), new Uint8Array([97, 98, 99])))
    assert.ok(!sameBytes(Buffer.from('abc'), Buffer.from('abd')))
    assert.ok(!sameBytes(Buffer.from('abc'), Buffer.from('ab')))
    assert.ok(sameBytes(Buffer.alloc(0), Buffer.alloc(0)))
  })
})
