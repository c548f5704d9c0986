import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AppError } from './errors.ts'
import { decodeCursor, encodeCursor, limitOf, pageOf } from './paging.ts'

const encoded = (text: string) => Buffer.from(text).toString('base64url')
const refuses = (where: string, fn: () => unknown) =>
  assert.throws(fn, error => {
    assert.ok(error instanceof AppError)
    assert.equal(error.code, 'invalid_request')
    assert.equal(error.extra.errors?.[0]?.where, where)
    return true
  })

test('a cursor comes back as it was, whatever it holds', () => {
  const text = fc
    .string({ unit: 'binary', maxLength: 40 })
    .filter(value => !/\p{Cc}/u.test(value) && value.isWellFormed())
  fc.assert(
    fc.property(fc.maxSafeInteger(), text, (number, string) => {
      const position = number === 0 ? 0 : number
      assert.deepEqual(decodeCursor(encodeCursor([position, string]), ['number', 'string']), [position, string])
    }),
  )
})

test('a cursor names its version', () => {
  assert.equal(Buffer.from(encodeCursor([5, 'x']), 'base64url').toString(), '[1,5,"x"]')
  refuses('cursor', () => decodeCursor(encoded('[2,5,"x"]'), ['number', 'string']))
})

test('a cursor of another list is refused', () => {
  const cursor = encodeCursor([5, 'x'])
  refuses('cursor', () => decodeCursor(cursor, ['number']))
  refuses('cursor', () => decodeCursor(cursor, ['string', 'number']))
  refuses('cursor', () => decodeCursor(cursor, ['number', 'string', 'string']))
  refuses('cursor', () => decodeCursor(encodeCursor([]), ['number']))
})

test('what encodeCursor would not have written is refused', () => {
  const cursor = encodeCursor([5])
  const bad = [
    '',
    'x',
    '%00',
    `${cursor}=`,
    ` ${cursor}`,
    `${cursor}\n`,
    cursor.slice(0, -1),
    encoded('[1, 5]'),
    encoded('[1,5.0]'),
    encoded('[1,5.5]'),
    encoded('[1,-0]'),
    encoded('[1,1e3]'),
    encoded('[1,9007199254740993]'),
    encoded('[1,"5"]'),
    encoded('[1,null]'),
    encoded('[1,[5]]'),
    encoded('[1,5'),
    encoded('{"0":1,"1":5}'),
    encoded('null'),
    encoded('5'),
  ]
  for (const text of bad) refuses('cursor', () => decodeCursor(text, ['number']))
})

test('strings with control characters, lone surrogates, bad UTF-8 or too much in them are refused', () => {
  for (const text of ['[1,"\\u0000"]', '[1,"\\n"]', '[1,"\\ud800"]', `[1,"${'x'.repeat(101)}"]`])
    refuses('cursor', () => decodeCursor(encoded(text), ['string']))
  refuses('cursor', () => decodeCursor(Buffer.from('[1,"\xff"]', 'latin1').toString('base64url'), ['string']))
})

test('one position has one cursor: no single changed character decodes to the same place', () => {
  const cursor = encodeCursor([1_767_225_600_000, 'FileFileFileFileFileFA'])
  for (let at = 0; at < cursor.length; at++) {
    for (const other of 'ABCDwxyz0189-_+/=') {
      if (cursor[at] === other) continue
      const changed = cursor.slice(0, at) + other + cursor.slice(at + 1)
      try {
        const parts = decodeCursor(changed, ['number', 'string'])
        assert.equal(encodeCursor(parts), changed)
      } catch (error) {
        assert.ok(error instanceof AppError)
      }
    }
  }
})

test('a cursor of an id and a time fits the 200 characters a query takes', () => {
  assert.ok(encodeCursor([Number.MAX_SAFE_INTEGER, 'x'.repeat(100)]).length <= 200)
})

test('what cannot come back is never handed out', () => {
  for (const part of [1.5, Number.NaN, 2 ** 53, 'a\nb', '\ud800', 'x'.repeat(101)])
    assert.throws(() => encodeCursor([part]), TypeError)
})

test('limit: 1 to 200, 50 unless told', () => {
  assert.equal(limitOf(undefined), 50)
  assert.equal(limitOf('1'), 1)
  assert.equal(limitOf('200'), 200)
  for (const text of ['', '0', '201', '-1', '1.5', '1e2', ' 5', '0x5', '00005', '٣'])
    refuses('limit', () => limitOf(text))
})

test('a page has a next one only if a row was left', () => {
  assert.deepEqual(
    pageOf([], 2, row => [row]),
    { rows: [], next_cursor: null },
  )
  assert.deepEqual(
    pageOf([9, 8], 2, row => [row]),
    { rows: [9, 8], next_cursor: null },
  )
  const { rows, next_cursor } = pageOf([9, 8, 7], 2, row => [row])
  assert.deepEqual(rows, [9, 8])
  assert.deepEqual(next_cursor && decodeCursor(next_cursor, ['number']), [8])
})
