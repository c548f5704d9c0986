import assert from 'node:assert/strict'
import { it } from 'node:test'
import { nextAttempt } from './backoff.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

it('waits longer and longer, from a minute to two hours', () => {
  const waits = Array.from({ length: 12 }, (_, index) =>
    nextAttempt({ createdAt: 0, attempts: index + 1, now: 0, random: 0.5 }),
  )
  assert.deepEqual(
    waits.slice(0, 4),
    [1, 2, 4, 8].map(minutes => minutes * MINUTE),
  )
  assert.deepEqual(waits.slice(7), Array(5).fill(2 * HOUR))
})

it('spreads retries by a fifth to each side', () => {
  const at = (random: number) => nextAttempt({ createdAt: 0, attempts: 1, now: 0, random })
  assert.deepEqual([at(0), at(1)], [0.8 * MINUTE, 1.2 * MINUTE])
})

it('tries a last time after three days, then gives up', () => {
  const at = (now: number) => nextAttempt({ createdAt: 0, attempts: 40, now, random: 0.5 })
  assert.equal(at(3 * DAY - 1), 3 * DAY)
  assert.equal(at(3 * DAY), undefined)
})
