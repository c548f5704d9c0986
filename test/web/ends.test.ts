import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayOf, endOfFile, momentOf, wrongWith } from '../../web/files/ends.ts'
import { cleanNote, excessOf } from '../../web/files/note-length.ts'

const now = new Date(2026, 1, 27, 15, 30)
const on = (date: string) => ({ choice: 'date' as const, date })

test('an end is the last moment of a day where the reader is', () => {
  assert.equal(momentOf({ choice: 'none', date: '' }, now), null)
  assert.deepEqual(momentOf({ choice: 'week', date: '' }, now), new Date(2026, 2, 6, 23, 59, 59, 999))
  assert.deepEqual(momentOf({ choice: 'month', date: '' }, now), new Date(2026, 2, 29, 23, 59, 59, 999))
  assert.deepEqual(momentOf(on('2028-02-29'), now), new Date(2028, 1, 29, 23, 59, 59, 999))
  assert.equal(momentOf(on(''), now), undefined)
  assert.deepEqual(endOfFile(new Date(2026, 4, 1, 8).toISOString()), on('2026-05-01'))
  assert.equal(dayOf(new Date(2026, 0, 5)), '2026-01-05')
})

test('what cannot be sent is known beforehand', () => {
  assert.equal(wrongWith({ choice: 'none', date: '' }, now), undefined)
  assert.equal(wrongWith(on('2026-02-27'), now), undefined, 'today has not ended')
  assert.equal(wrongWith(on('2026-02-26'), now), 'over')
  assert.equal(wrongWith(on(''), now), 'missing')
  assert.equal(wrongWith(on('20260-01-01'), now), 'missing')
  assert.equal(wrongWith(on('2036-02-27'), now), undefined)
  assert.equal(wrongWith(on('2036-02-28'), now), 'far')
})

test('a note is sent without what nobody can see, and counted as people count', () => {
  assert.equal(cleanNote(' Dear\tall,\r\n\u0000see\u0085 below\u2028 '), 'Dear all,\nsee below')
  assert.equal(excessOf('👩🏽'), 2 - 2000)
  assert.equal(excessOf('x'.repeat(2001)), 1)
})
