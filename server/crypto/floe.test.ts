import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { describe, it } from 'node:test'
import { SealError } from './errors.ts'
import { createFloeSealer, openFloe } from './floe.ts'
import { systemRandom } from './random.ts'

// What a whole message must withstand stands in test/vectors/floe.test.ts.
const key = createSecretKey(Buffer.alloc(32, 9))
const aad = Buffer.from('aad')
const params = { segmentLength: 40, rotationBits: 2 }
const start = () => createFloeSealer({ key, aad, params, random: systemRandom })
const eight = [Buffer.from('12345678')]

describe('a FLOE sealer', () => {
  it('takes full segments and then one final segment', () => {
    const sealer = start()
    assert.throws(() => sealer.sealParts([Buffer.alloc(7)], { final: false }), RangeError)
    assert.throws(() => sealer.sealParts([Buffer.alloc(9)], { final: true }), RangeError)
    sealer.sealParts(eight, { final: false })
    sealer.sealParts([], { final: true })
    assert.throws(() => sealer.sealParts(eight, { final: true }), /final segment/)
    assert.equal(sealer.next(), 2)
  })

  it('draws a new IV per message and a new nonce per segment', () => {
    const seen = new Set<string>()
    for (let message = 0; message < 20; message++) {
      const sealer = start()
      seen.add(sealer.header.toString('hex'))
      for (let i = 0; i < 5; i++) seen.add(sealer.sealParts(eight, { final: false })[0]?.toString('hex') ?? '')
    }
    assert.equal(seen.size, 120)
  })

  it('goes on after a restart where it stopped', () => {
    const before = start()
    const stored = [0, 1, 2, 3, 4].map(() => Buffer.concat(before.sealParts(eight, { final: false })))
    const resume = { header: before.header, index: 5 }
    const after = createFloeSealer({ key, aad, params, random: systemRandom, resume })
    stored.push(Buffer.concat(after.sealParts([Buffer.from('end')], { final: true })))
    const opener = openFloe({ header: before.header, key, aad, params })
    const opened = stored.map((bytes, i) => opener.open(i, bytes, { final: i === 5 }).toString())
    assert.equal(opened.join(''), `${'12345678'.repeat(5)}end`)
    const other = Buffer.from('other')
    assert.throws(() => createFloeSealer({ key, aad: other, params, random: systemRandom, resume }), SealError)
  })
})

describe('a FLOE opener', () => {
  const sealer = start()
  const stored = Buffer.concat(sealer.sealParts(eight, { final: false }))
  const opener = openFloe({ header: sealer.header, key, aad, params })

  it('refuses a segment at every place but its own', () => {
    for (const index of [1, 4, 2 ** 20, 2 ** 40, 2 ** 53, -1, 0.5, Number.NaN]) {
      assert.throws(() => opener.open(index, stored, { final: false }), SealError, String(index))
    }
    assert.throws(() => opener.open(0, stored, { final: true }), SealError)
    assert.equal(opener.open(0, stored, { final: false }).toString(), '12345678')
  })

  it('leaves its input as it was', () => {
    const copy = Buffer.from(stored)
    opener.open(0, stored, { final: false })
    assert.deepEqual(stored, copy)
  })

  it('keeps no hold on a pooled header buffer', () => {
    const pooled = Buffer.from(sealer.header)
    const late = openFloe({ header: pooled, key, aad, params })
    pooled.fill(0)
    assert.equal(late.open(0, stored, { final: false }).toString(), '12345678')
  })

  it('opens what lies anywhere in a larger buffer', () => {
    const pool = new Uint8Array(200)
    pool.set(stored, 77)
    assert.equal(opener.open(0, pool.subarray(77, 117), { final: false }).toString(), '12345678')
  })
})
