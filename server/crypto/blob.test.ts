import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createBlobSealer, openBlob } from './blob.ts'
import { SealError } from './errors.ts'
import { createFloeSealer, openFloe } from './floe.ts'
import { newId, systemRandom } from './random.ts'
import { sealedLength, segmentAt } from './segments.ts'
import { newDataKey } from './wrap.ts'

const fileId = newId(systemRandom)
const dataKey = newDataKey(systemRandom)
const EDGES = [0, 1, 65_503, 65_504, 65_505, 131_008, 131_009, 200_000]

function seal(plain: Buffer, chunkLengths: readonly number[]): Buffer {
  const sealer = createBlobSealer({ dataKey, fileId, random: systemRandom })
  const out: Buffer[] = [sealer.header]
  const emit = (bytes: Buffer) => void out.push(bytes)
  let at = 0
  for (let i = 0; at < plain.length; i++) {
    const length = chunkLengths[i % chunkLengths.length] ?? plain.length
    const chunk = Buffer.from(plain.subarray(at, at + length))
    sealer.push(chunk, emit)
    chunk.fill(0xee)
    at += length
    assert.equal(sealer.plainLength, Math.min(at, plain.length))
  }
  sealer.finish(emit)
  const blob = Buffer.concat(out)
  assert.equal(sealer.plainLength, plain.length)
  assert.equal(sealer.sealedLength, blob.length)
  return blob
}

function open(blob: Buffer, plainLength: number): Buffer {
  const header = blob.subarray(0, 74)
  const opener = openBlob({ header, dataKey, fileId, plainLength, storedLength: blob.length })
  const pieces: Buffer[] = []
  for (let i = 0; i < opener.segments; i++) {
    const { offset, length } = segmentAt(i, plainLength)
    pieces.push(opener.open(i, blob.subarray(offset, offset + length)))
  }
  return Buffer.concat(pieces)
}

describe('a blob', () => {
  for (const length of EDGES) {
    it(`of ${length} bytes opens again, however it was cut into chunks`, () => {
      const plain = systemRandom(length)
      for (const chunks of [[1 << 20], [65_536], [65_504], [65_503, 1, 2], [4096, 100_000]]) {
        const blob = seal(plain, chunks)
        assert.equal(blob.length, sealedLength(length))
        assert.ok(open(blob, length).equals(plain))
      }
    })
  }

  it('opens again for any chunks', () => {
    const chunks = fc.array(fc.oneof(fc.integer({ min: 1, max: 70_000 }), fc.constant(65_504)), {
      minLength: 1,
      maxLength: 6,
    })
    fc.assert(
      fc.property(fc.nat(300_000), chunks, (length, cuts) => {
        const plain = Buffer.alloc(length, 'pattern')
        return open(seal(plain, cuts), length).equals(plain)
      }),
      { numRuns: 60 },
    )
  })

  it('is a FLOE message with the AAD of formats.md', () => {
    const blob = seal(Buffer.from('content'), [100])
    const aad = Buffer.concat([Buffer.from('valise/blob/v1\0'), Buffer.from(fileId, 'base64url')])
    const opener = openFloe({ header: blob.subarray(0, 74), key: dataKey, aad })
    assert.equal(opener.open(0, blob.subarray(74), { final: true }).toString(), 'content')
  })

  it('of a resumed upload opens again', () => {
    for (const cut of [0, 5, 65_504, 65_505, 131_008, 150_000]) {
      const plain = systemRandom(200_000)
      const first = createBlobSealer({ dataKey, fileId, random: systemRandom })
      const stored: Buffer[] = [first.header]
      const emit = (bytes: Buffer) => void stored.push(bytes)
      first.push(plain.subarray(0, cut), emit)
      const resume = { header: Buffer.from(first.header), sealedSegments: first.sealedSegments }
      const tail = Buffer.from(first.pending())
      assert.equal(resume.sealedSegments * 65_504 + tail.length, cut)

      const second = createBlobSealer({ dataKey, fileId, random: systemRandom, resume })
      second.push(tail, emit)
      assert.equal(second.plainLength, cut)
      second.push(plain.subarray(cut), emit)
      second.finish(emit)
      assert.ok(open(Buffer.concat(stored), plain.length).equals(plain))
    }
  })

  it('takes nothing after its end', () => {
    const sealer = createBlobSealer({ dataKey, fileId, random: systemRandom })
    sealer.finish(() => {})
    assert.throws(() => sealer.push(Buffer.of(1), () => {}), /finished/)
    assert.throws(() => sealer.finish(() => {}), /finished/)
  })
})

describe('opening a blob', () => {
  const plain = systemRandom(70_000)
  const blob = seal(plain, [65_536])
  const header = blob.subarray(0, 74)
  const given = { header, dataKey, fileId, plainLength: plain.length, storedLength: blob.length }

  it('refuses a stored length that disagrees, before anything is read', () => {
    for (const storedLength of [blob.length - 1, blob.length + 1, blob.length + 32, 0]) {
      assert.throws(() => openBlob({ ...given, storedLength }), SealError)
    }
    for (const plainLength of [-1, 0.5, Number.NaN]) {
      assert.throws(() => openBlob({ ...given, plainLength, storedLength: sealedLength(plainLength) }), SealError)
    }
  })

  it('refuses another file, another key and another header', () => {
    assert.throws(() => openBlob({ ...given, fileId: newId(systemRandom) }), SealError)
    assert.throws(() => openBlob({ ...given, dataKey: createSecretKey(Buffer.alloc(32)) }), SealError)
    assert.throws(() => openBlob({ ...given, header: header.subarray(0, 73) }), SealError)
    assert.throws(() => openBlob({ ...given, fileId: 'short' }), RangeError)
  })

  it('refuses a blob that was cut at a segment with the length in the database adjusted', () => {
    const cut = blob.subarray(0, 74 + 65_536)
    assert.throws(() => open(cut, 65_504), SealError)
  })

  it('refuses the length of a message with an empty last segment, which FLOE itself allows', () => {
    const aad = Buffer.concat([Buffer.from('valise/blob/v1\0'), Buffer.from(fileId, 'base64url')])
    const sealer = createFloeSealer({ key: dataKey, aad, random: systemRandom })
    const message = Buffer.concat([
      sealer.header,
      ...sealer.sealParts([plain.subarray(0, 65_504)], { final: false }),
      ...sealer.sealParts([], { final: true }),
    ])
    assert.throws(() => open(message, 65_504), SealError)
  })
})
