import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTime } from './time.ts'

test('RFC 3339, section 5.8, its own examples', () => {
  assert.equal(parseTime('1985-04-12T23:20:50.52Z'), Date.UTC(1985, 3, 12, 23, 20, 50, 520))
  assert.equal(parseTime('1996-12-19T16:39:57-08:00'), Date.UTC(1996, 11, 20, 0, 39, 57))
  assert.equal(parseTime('1937-01-01T12:00:27.87+00:20'), Date.UTC(1937, 0, 1, 11, 40, 27, 870))
  assert.equal(parseTime('1990-12-31T23:59:60Z'), undefined, 'a leap second')
})

test('letters may be small, digits beyond milliseconds are dropped', () => {
  assert.equal(parseTime('2026-01-02t03:04:05.123456789z'), Date.UTC(2026, 0, 2, 3, 4, 5, 123))
})

test('only days that exist', () => {
  assert.equal(parseTime('2024-02-29T00:00:00Z'), Date.UTC(2024, 1, 29))
  for (const day of ['2026-02-29', '2026-02-30', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00', '2026-01-32'])
    assert.equal(parseTime(`${day}T00:00:00Z`), undefined, day)
})

test('what Date.parse would also take is refused', () => {
  for (const text of [
    '',
    '1',
    '2026',
    '2026-01-02',
    '2026-01-02T03:04:05',
    '2026-01-02 03:04:05Z',
    '2 Jan 2026',
    '2026-01-02T24:00:00Z',
    '2026-01-02T03:04Z',
    '+002026-01-02T03:04:05Z',
    '2026-01-02T03:04:05Z ',
    '2026-01-02T03:04:05 02:00',
  ])
    assert.equal(parseTime(text), undefined, text)
})
