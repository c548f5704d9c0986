/**
 * The known answers published with FLOE, by five implementations of its authors, and by its Java reference with this
 * project's segment length (README.md beside the vectors): each must open, must come out of our own sealer byte for
 * byte when it is given the same random bytes, and must be refused after every change.
 */
import assert from 'node:assert/strict'
import { createHash, createSecretKey, type KeyObject } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { SealError } from '../../server/crypto/errors.ts'
import { createFloeSealer, openFloe } from '../../server/crypto/floe.ts'
import { HEADER_LENGTH, SEGMENT_OVERHEAD } from '../../server/crypto/segments.ts'

type Vector = {
  name: string
  params: { segmentLength: number; rotationBits: number }
  key: KeyObject
  aad: Buffer
  sealed: Buffer
  plainSha256: string
  plainLength: number
}

/** One line of `seg64k.jsonl`; key and AAD are hex. */
type Segment64kEntry = {
  file: string
  segment: number
  key: string
  aad: string
  plaintext_bytes: number
  plaintext_sha256: string
}

/** Above this length mutations are sampled; below, every bit and every length is tried. */
const EXHAUSTIVE = 1200
const SAMPLES = 400

const folder = process.env.VALISE_FLOE_VECTORS
const skip = folder === undefined && 'VALISE_FLOE_VECTORS is not set'
const vectors = folder === undefined ? [] : [...publishedVectors(folder), ...segment64kVectors(folder)]

describe('FLOE vectors', { skip }, () => {
  it('are all there', () => {
    assert.equal(vectors.length, 24)
  })

  for (const vector of vectors) {
    describe(vector.name, () => {
      it('opens', () => {
        const plain = openWhole(vector)
        assert.equal(plain.length, vector.plainLength)
        assert.equal(sha256(plain), vector.plainSha256)
      })

      it('opens segment by segment in any order', () => {
        const opener = openFloe({ ...vector, header: vector.sealed.subarray(0, HEADER_LENGTH) })
        const pieces = segmentsOf(vector)
        const opened = [...pieces.keys()].reverse().map(index => {
          return opener.open(index, pieces[index] ?? Buffer.alloc(0), { final: index === pieces.length - 1 })
        })
        assert.equal(sha256(Buffer.concat(opened.reverse())), vector.plainSha256)
      })

      it('comes out of our sealer byte for byte', () => {
        assert.ok(sealAgain(vector).equals(vector.sealed))
      })

      it('is refused after any bit flip', () => {
        const { length } = vector.sealed
        for (const bit of positions(length * 8, HEADER_LENGTH * 8, length <= EXHAUSTIVE)) {
          const sealed = Buffer.from(vector.sealed)
          sealed[bit >> 3] = (sealed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
          refused({ ...vector, sealed }, `bit ${bit}`)
        }
      })

      it('is refused at any shorter length', () => {
        const { length } = vector.sealed
        for (const end of positions(length, HEADER_LENGTH + SEGMENT_OVERHEAD, length <= EXHAUSTIVE)) {
          refused({ ...vector, sealed: vector.sealed.subarray(0, end) }, `length ${end}`)
        }
        for (let end = HEADER_LENGTH; end < length; end += vector.params.segmentLength) {
          refused({ ...vector, sealed: vector.sealed.subarray(0, end) }, `without the segments after ${end}`)
        }
        refused({ ...vector, sealed: vector.sealed.subarray(0, length - 1) }, 'one byte less')
      })

      it('is refused when something follows', () => {
        const { segmentLength } = vector.params
        const last = segmentsOf(vector).at(-1) ?? Buffer.alloc(0)
        for (const more of [Buffer.alloc(1), Buffer.alloc(segmentLength), last, vector.sealed]) {
          refused({ ...vector, sealed: Buffer.concat([vector.sealed, more]) }, `${more.length} more bytes`)
        }
      })

      it('is refused when two segments have changed places', () => {
        const pieces = segmentsOf(vector)
        for (const [a, b] of pairs(pieces.length)) {
          const swapped = [...pieces]
          const [first, second] = [pieces[a], pieces[b]]
          assert.ok(first !== undefined && second !== undefined)
          swapped[a] = second
          swapped[b] = first
          const sealed = Buffer.concat([vector.sealed.subarray(0, HEADER_LENGTH), ...swapped])
          refused({ ...vector, sealed }, `segments ${a} and ${b}`)
        }
      })

      it('is refused under another key, AAD, segment length or rotation', () => {
        const otherKey = Buffer.from(vector.key.export())
        otherKey[31] = (otherKey[31] ?? 0) ^ 1
        refused({ ...vector, key: createSecretKey(otherKey) }, 'key')
        refused({ ...vector, aad: Buffer.concat([vector.aad, Buffer.alloc(1)]) }, 'longer AAD')
        if (vector.aad.length > 0) refused({ ...vector, aad: vector.aad.subarray(1) }, 'shorter AAD')
        const { segmentLength, rotationBits } = vector.params
        refused({ ...vector, params: { segmentLength: segmentLength + 1, rotationBits } }, 'segment length')
        if (segmentsOf(vector).length > 4)
          refused({ ...vector, params: { segmentLength, rotationBits: 1 } }, 'rotation')
      })
    })
  }
})

describe('our own FLOE messages', () => {
  for (const length of [0, 1, 65_503, 65_504, 65_505, 131_008, 200_000]) {
    it(`open again at ${length} bytes`, () => {
      const plain = pattern(length)
      const key = createSecretKey(Buffer.alloc(32, 7))
      const params = { segmentLength: 65_536, rotationBits: 20 }
      const aad = Buffer.from('any')
      const full = params.segmentLength - SEGMENT_OVERHEAD
      const sealer = createFloeSealer({ key, aad, params, random: counter() })
      const sealed = [sealer.header]
      const count = Math.max(1, Math.ceil(length / full))
      for (let i = 0; i < count; i++) {
        sealed.push(...sealer.sealParts([plain.subarray(i * full, (i + 1) * full)], { final: i === count - 1 }))
      }
      const whole = Buffer.concat(sealed)
      assert.equal(whole.length, 74 + 32 * count + length)
      assert.ok(openWhole({ key, aad, params, sealed: whole }).equals(plain))
    })
  }
})

function openWhole(vector: Pick<Vector, 'sealed' | 'key' | 'aad' | 'params'>): Buffer {
  const opener = openFloe({ ...vector, header: vector.sealed.subarray(0, HEADER_LENGTH) })
  const pieces = segmentsOf(vector)
  // A message has a final segment always; one that is only a header has lost it.
  if (pieces.length === 0) throw new SealError()
  return Buffer.concat(pieces.map((piece, i) => opener.open(i, piece, { final: i === pieces.length - 1 })))
}

/** Seals the vector's plaintext with the random bytes that the vector shows. */
function sealAgain(vector: Vector): Buffer {
  const pieces = segmentsOf(vector)
  const drawn = [vector.sealed.subarray(10, 42), ...pieces.map(piece => piece.subarray(4, 16))]
  const random = (n: number) => {
    const next = drawn.shift()
    assert.equal(next?.length, n)
    return next
  }
  const sealer = createFloeSealer({ ...vector, random })
  const plain = openWhole(vector)
  const full = vector.params.segmentLength - SEGMENT_OVERHEAD
  const sealed = pieces.flatMap((_, i) => {
    const piece = plain.subarray(i * full, (i + 1) * full)
    // In two pieces, since the blob writer seals its segments so.
    const halves = [piece.subarray(0, piece.length >> 1), piece.subarray(piece.length >> 1)]
    return sealer.sealParts(halves, { final: i === pieces.length - 1 })
  })
  return Buffer.concat([sealer.header, ...sealed])
}

function refused(vector: Pick<Vector, 'sealed' | 'key' | 'aad' | 'params'>, what: string): void {
  assert.throws(() => openWhole(vector), sameRefusal, what)
}

function sameRefusal(error: unknown): boolean {
  return error instanceof SealError && error.message === 'sealed data cannot be opened' && error.cause === undefined
}

function segmentsOf({ sealed, params }: Pick<Vector, 'sealed' | 'params'>): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = HEADER_LENGTH; at < sealed.length; at += params.segmentLength) {
    pieces.push(sealed.subarray(at, at + params.segmentLength))
  }
  return pieces
}

/** All numbers below `limit`, or the first `always` of them and a seeded sample of the others. */
function* positions(limit: number, always: number, all: boolean): Generator<number> {
  for (let i = 0; i < (all ? limit : Math.min(always, limit)); i++) yield i
  if (all) return
  let state = limit
  for (let i = 0; i < SAMPLES; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield always + (state % (limit - always))
  }
}

/** Neighbours, and the first with the last. */
function pairs(count: number): [number, number][] {
  const found: [number, number][] = []
  for (let i = 0; i + 1 < Math.min(count, 12); i++) found.push([i, i + 1])
  if (count > 2) found.push([0, count - 1])
  return found
}

function publishedVectors(path: string): Vector[] {
  return readdirSync(path)
    .filter(file => file.endsWith('_ct.txt'))
    .map(file => {
      const hex = (name: string) => Buffer.from(readFileSync(join(path, name), 'utf8').trim(), 'hex')
      const plain = hex(file.replace('_ct', '_pt'))
      return {
        name: file.replace('_ct.txt', ''),
        params: publishedParams(file),
        key: createSecretKey(Buffer.alloc(32)),
        aad: Buffer.from('This is AAD'),
        sealed: hex(file),
        plainSha256: sha256(plain),
        plainLength: plain.length,
      }
    })
}

function publishedParams(file: string) {
  if (file.includes('_4K_')) return { segmentLength: 4096, rotationBits: 20 }
  if (file.includes('IV256_64_')) return { segmentLength: 64, rotationBits: 20 }
  return { segmentLength: 40, rotationBits: file.includes('rotation') ? 2 : 20 }
}

function segment64kVectors(path: string): Vector[] {
  const lines = readFileSync(join(path, 'seg64k.jsonl'), 'utf8').trim().split('\n')
  return lines.map(line => {
    const entry: Segment64kEntry = JSON.parse(line)
    const { file, segment, key, aad, plaintext_bytes, plaintext_sha256 } = entry
    assert.equal(sha256(pattern(plaintext_bytes)), plaintext_sha256)
    return {
      name: file,
      params: { segmentLength: segment, rotationBits: 20 },
      key: createSecretKey(Buffer.from(key, 'hex')),
      aad: Buffer.from(aad, 'hex'),
      sealed: readFileSync(join(path, file)),
      plainSha256: plaintext_sha256,
      plainLength: plaintext_bytes,
    }
  })
}

function pattern(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + Math.floor(i / 257)) & 0xff
  return bytes
}

function counter(): (n: number) => Buffer {
  let calls = 0
  return n => {
    calls += 1
    return Buffer.alloc(n, calls)
  }
}

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
