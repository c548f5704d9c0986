import assert from 'node:assert/strict'
import { createDecipheriv, hkdfSync } from 'node:crypto'
import { describe, it } from 'node:test'
import { SealError } from './errors.ts'
import { newId, systemRandom } from './random.ts'
import { openTail, sealTail, TAIL_OVERHEAD } from './tail.ts'
import { newDataKey } from './wrap.ts'

const place = { dataKey: newDataKey(systemRandom), fileId: newId(systemRandom), offset: 3 * 65_504 }
const plaintext = Buffer.from('the last bytes that came')
const bytes = sealTail({ ...place, plaintext, random: systemRandom })

describe('a sealed tail', () => {
  it('opens again at its place only', () => {
    assert.deepEqual(openTail({ ...place, bytes }), plaintext)
    assert.equal(bytes.length, plaintext.length + TAIL_OVERHEAD)
    assert.throws(() => openTail({ ...place, bytes, offset: 2 * 65_504 }), SealError)
    assert.throws(() => openTail({ ...place, bytes, fileId: newId(systemRandom) }), SealError)
    assert.throws(() => openTail({ ...place, bytes, dataKey: newDataKey(systemRandom) }), SealError)
  })

  it('is sealed as formats.md says', () => {
    const key = Buffer.from(hkdfSync('sha256', place.dataKey, '', 'valise/tail/v1', 32))
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13), { authTagLength: 16 })
    decipher.setAAD(Buffer.concat([Buffer.from(place.fileId, 'base64url'), Buffer.from('000000000002ffa0', 'hex')]))
    decipher.setAuthTag(bytes.subarray(-16))
    assert.deepEqual(Buffer.concat([decipher.update(bytes.subarray(13, -16)), decipher.final()]), plaintext)
  })

  it('is refused after any bit flip or cut', () => {
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const forged = Buffer.from(bytes)
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      assert.throws(() => openTail({ ...place, bytes: forged }), SealError, `bit ${bit}`)
    }
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => openTail({ ...place, bytes: bytes.subarray(0, length) }), SealError)
    }
  })
})
