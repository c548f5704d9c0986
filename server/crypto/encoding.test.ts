import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeBase64url, fromBase64url, toBase64url } from './encoding.ts'

describe('base64url', () => {
  it('gives back every byte string', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), bytes => {
        const text = toBase64url(bytes)
        assert.deepEqual(fromBase64url(text, bytes.length), Buffer.from(bytes))
        assert.deepEqual(decodeBase64url(text), Buffer.from(bytes))
        assert.equal(fromBase64url(text, bytes.length + 1), undefined)
        assert.equal(fromBase64url(text, bytes.length - 1), undefined)
      }),
    )
  })

  it('encodes a view and not the buffer under it', () => {
    assert.equal(toBase64url(new Uint8Array([1, 2, 3, 4]).subarray(1, 3)), 'AgM')
  })

  it('accepts one spelling only', () => {
    // 'AQ' is the byte 01; Buffer.from takes each of the others for it, too.
    const aliases = ['AR', 'Af', 'AQ==', 'AQ=', ' AQ', 'AQ\n', 'A Q', 'AQ.', 'A\0Q']
    for (const alias of aliases) {
      assert.equal(fromBase64url(alias, 1), undefined, JSON.stringify(alias))
      assert.equal(decodeBase64url(alias), undefined, JSON.stringify(alias))
    }
    assert.equal(decodeBase64url('+/8'), undefined)
    assert.deepEqual(decodeBase64url('-_8'), Buffer.of(0xfb, 0xff))
  })

  it('refuses the empty string and lengths that no bytes have', () => {
    for (const text of ['', 'A', 'AAAAA']) assert.equal(decodeBase64url(text), undefined)
    assert.equal(fromBase64url('', 0), undefined)
  })
})
