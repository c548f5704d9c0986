import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { sealedLength, segmentAt, segmentCount, segmentsCovering } from './segments.ts'

const anyLength = fc.oneof(
  fc.nat(400_000),
  fc.nat({ max: 2 ** 40 }),
  fc.nat(20).map(n => n * 65_504),
)

describe('segment arithmetic', () => {
  it('follows formats.md: 74 + 32n + L', () => {
    const expected = [
      [0, 106],
      [1, 107],
      [65_503, 65_609],
      [65_504, 65_610],
      [65_505, 65_643],
      [131_008, 131_146],
      [200_000, 200_202],
    ] as const
    for (const [plain, stored] of expected) assert.equal(sealedLength(plain), stored)
  })

  it('places segments end to end', () => {
    fc.assert(
      fc.property(fc.nat(400_000), plain => {
        let at = 74
        for (let i = 0; i < segmentCount(plain); i++) {
          const { offset, length, final } = segmentAt(i, plain)
          assert.equal(offset, at)
          assert.equal(final, i === segmentCount(plain) - 1)
          at += length
        }
        assert.equal(at, sealedLength(plain))
      }),
    )
    for (const index of [-1, 1, 0.5]) assert.throws(() => segmentAt(index, 10), RangeError)
  })

  it('covers a range with no segment too many', () => {
    fc.assert(
      fc.property(anyLength, fc.nat(300_000), (from, more) => {
        const { first, last, skip } = segmentsCovering(from, from + more)
        assert.equal(first * 65_504 + skip, from)
        assert.ok(skip >= 0 && skip < 65_504)
        assert.ok(last * 65_504 <= from + more && from + more < (last + 1) * 65_504)
      }),
    )
    assert.deepEqual(segmentsCovering(65_503, 65_504), { first: 0, last: 1, skip: 65_503 })
    assert.deepEqual(segmentsCovering(65_504, 65_504), { first: 1, last: 1, skip: 0 })
  })
})
