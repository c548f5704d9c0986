import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { select } from './range.ts'

const etag = '"abc"'
const size = 1000
const whole = { status: 200, first: 0, last: 999 }
const get = (range: string, more = {}) => select('GET', { range, ...more }, etag, size)

test('single ranges', () => {
  assert.deepEqual(get('bytes=0-499'), { status: 206, first: 0, last: 499 })
  assert.deepEqual(get('bytes=500-'), { status: 206, first: 500, last: 999 })
  assert.deepEqual(get('bytes=999-999'), { status: 206, first: 999, last: 999 })
  assert.deepEqual(get('bytes=0-99999999999999999999999'), { status: 206, first: 0, last: 999 })
  assert.deepEqual(get('bytes=-1'), { status: 206, first: 999, last: 999 })
  assert.deepEqual(get('bytes=-5000'), { status: 206, first: 0, last: 999 })
  assert.deepEqual(get('Bytes= 1-2 '), { status: 206, first: 1, last: 2 })
})

test('unsatisfiable ranges', () => {
  for (const range of ['bytes=1000-', 'bytes=1000-2000', 'bytes=-0', 'bytes=99999999999999999999999-'])
    assert.deepEqual(get(range), { status: 416 }, range)
  assert.deepEqual(select('GET', { range: 'bytes=0-' }, etag, 0), { status: 416 })
  assert.deepEqual(select('GET', { range: 'bytes=-5' }, etag, 0), { status: 416 })
})

test('what is not one range of bytes gets the whole file', () => {
  const odd = ['bytes=0-1,5-6', 'bytes=0-1,', 'lines=0-1', 'bytes=5-4', 'bytes=-', 'bytes=a-b', 'bytes', '', 'bytes=1']
  for (const range of [...odd, 'bytes=0x1-2', 'bytes=1 -2', 'bytes=+1-2', 'bytes=--1', 'bytes=1.5-2', 'bytes=\u0661-'])
    assert.deepEqual(get(range), whole, range)
})

test('If-Range decides by the strong tag', () => {
  assert.equal(get('bytes=0-1', { 'if-range': etag }).status, 206)
  for (const tag of ['W/"abc"', '"abd"', 'Wed, 21 Oct 2015 07:28:00 GMT', 'abc', ''])
    assert.deepEqual(get('bytes=0-1', { 'if-range': tag }), whole, tag)
})

test('If-None-Match goes before everything', () => {
  for (const tag of ['"abc"', 'W/"abc"', '*', ' * ', '"x", "abc"', '"x",W/"abc"'])
    assert.deepEqual(get('bytes=5000-', { 'if-none-match': tag }), { status: 304 }, tag)
  for (const tag of ['"ab"', 'abc', '"x"', '']) assert.deepEqual(get('bytes=0-0', { 'if-none-match': tag }).status, 206)
  assert.deepEqual(select('HEAD', { 'if-none-match': etag }, etag, size), { status: 304 })
})

test('HEAD knows no ranges', () => {
  assert.deepEqual(select('HEAD', { range: 'bytes=0-1' }, etag, size), whole)
  assert.deepEqual(select('HEAD', { range: 'bytes=5000-' }, etag, size), whole)
})

test('whatever the header says, what is sent lies inside the file', () => {
  const number = fc.oneof(fc.bigInt(0n, 2n ** 70n).map(String), fc.nat(1500).map(String), fc.constant(''))
  const header = fc.oneof(
    fc.string(),
    fc.tuple(number, number).map(([a, b]) => `bytes=${a}-${b}`),
  )
  fc.assert(
    fc.property(header, fc.nat(1200), (range, length) => {
      const answer = select('GET', { range }, etag, length)
      if (answer.status === 416) return true
      if (answer.status === 304) return false
      const { first, last } = answer
      if (answer.status === 200) return first === 0 && last === length - 1
      return first >= 0 && first <= last && last < length
    }),
  )
})
