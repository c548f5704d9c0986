import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addSpan, coveredBytes, parseSpans, type Span } from './ranges-union.ts'

test('touching and overlapping spans become one', () => {
  assert.deepEqual(addSpan([[0, 5]], [5, 9]), [[0, 9]])
  assert.deepEqual(addSpan([[5, 9]], [0, 5]), [[0, 9]])
  assert.deepEqual(
    addSpan(
      [
        [0, 2],
        [4, 6],
        [8, 10],
      ],
      [1, 9],
    ),
    [[0, 10]],
  )
  assert.deepEqual(
    addSpan(
      [
        [0, 2],
        [8, 10],
      ],
      [4, 6],
    ),
    [
      [0, 2],
      [4, 6],
      [8, 10],
    ],
  )
  assert.deepEqual(addSpan([[0, 10]], [3, 4]), [[0, 10]])
  assert.deepEqual(addSpan([[0, 10]], [12, 12]), [[0, 10]])
  assert.deepEqual(addSpan([], [3, 3]), [])
})

test('the union is that of the bytes, sorted and apart, in whatever order they came', () => {
  const span = fc.tuple(fc.nat(60), fc.nat(20)).map(([from, length]): Span => [from, from + length])
  fc.assert(
    fc.property(fc.array(span, { maxLength: 30 }), spans => {
      let union: Span[] = []
      const bytes = new Set<number>()
      for (const one of spans) {
        union = addSpan(union, one)
        for (let i = one[0]; i < one[1]; i++) bytes.add(i)
      }
      assert.equal(coveredBytes(union), bytes.size)
      const seen = new Set(union.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)))
      assert.deepEqual([...seen].sort(), [...bytes].sort())
      union.forEach(([from, to], i) => {
        assert.ok(from < to && from > (union[i - 1]?.[1] ?? -1))
      })
      assert.deepEqual(parseSpans(JSON.stringify(union)), union)
    }),
  )
})

test('a column that holds something else is a bug, not an empty union', () => {
  for (const bad of ['{}', '[1]', '[[1]]', '[["a",2]]', 'null', '[[1.5,2]]']) assert.throws(() => parseSpans(bad), bad)
})
