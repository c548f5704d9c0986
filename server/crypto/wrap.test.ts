import assert from 'node:assert/strict'
import { createDecipheriv, createSecretKey } from 'node:crypto'
import { describe, it } from 'node:test'
import { SealError, UnknownKeyError } from './errors.ts'
import { newId, systemRandom } from './random.ts'
import { newDataKey, unwrapKey, WRAP_LENGTH, wrapKey, wrapKeyId } from './wrap.ts'

const kek = { id: '0a1b2c3d', key: createSecretKey(Buffer.alloc(32, 5)) }
const keyById = (id: string) => (id === kek.id ? kek.key : undefined)
const fileId = newId(systemRandom)
const dataKey = newDataKey(systemRandom)
const wrap = wrapKey({ kek, fileId, dataKey, random: systemRandom })

describe('a key wrap', () => {
  it('has the 65 bytes of formats.md', () => {
    assert.equal(WRAP_LENGTH, 65)
    assert.equal(wrap.length, 65)
    assert.equal(wrap.subarray(0, 5).toString('hex'), '010a1b2c3d')
    assert.equal(wrapKeyId(wrap), kek.id)
    const decipher = createDecipheriv('aes-256-gcm', kek.key, wrap.subarray(5, 17), { authTagLength: 16 })
    decipher.setAAD(
      Buffer.concat([Buffer.from('valise/wrap/v1\0'), Buffer.from(kek.id, 'hex'), Buffer.from(fileId, 'base64url')]),
    )
    decipher.setAuthTag(wrap.subarray(49))
    const opened = Buffer.concat([decipher.update(wrap.subarray(17, 49)), decipher.final()])
    assert.ok(opened.equals(dataKey.export()))
  })

  it('opens again, for its file only', () => {
    assert.ok(unwrapKey({ keyById, fileId, wrap }).equals(dataKey))
    assert.throws(() => unwrapKey({ keyById, fileId: newId(systemRandom), wrap }), SealError)
  })

  it('is never the same twice', () => {
    assert.ok(!wrapKey({ kek, fileId, dataKey, random: systemRandom }).equals(wrap))
    assert.ok(!newDataKey(systemRandom).equals(dataKey))
  })

  it('is refused after any bit flip, cut or extension', () => {
    const any = () => kek.key
    for (let bit = 0; bit < 65 * 8; bit++) {
      const forged = Buffer.from(wrap)
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.throws(() => unwrapKey({ keyById: any, fileId, wrap: forged }), SealError, `bit ${bit}`)
    }
    for (let length = 0; length < 65; length++) {
      assert.throws(() => unwrapKey({ keyById: any, fileId, wrap: wrap.subarray(0, length) }), SealError)
    }
    assert.throws(() => unwrapKey({ keyById, fileId, wrap: Buffer.concat([wrap, Buffer.of(0)]) }), SealError)
  })

  it('tells an unknown key from a forgery', () => {
    const error = (() => {
      try {
        return unwrapKey({ keyById: () => undefined, fileId, wrap })
      } catch (thrown) {
        return thrown
      }
    })()
    assert.ok(error instanceof UnknownKeyError)
    assert.equal(error.keyId, kek.id)
  })
})
