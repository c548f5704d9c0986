import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createSlots } from './slots.ts'

it('lets as many in as there are slots, per key', () => {
  const slots = createSlots(2)
  const first = slots.tryEnter('a')
  assert.ok(first)
  assert.ok(slots.tryEnter('a'))
  assert.equal(slots.tryEnter('a'), undefined)
  assert.ok(slots.tryEnter('b'))
  first()
  assert.ok(slots.tryEnter('a'))
  assert.equal(slots.tryEnter('a'), undefined)
})

it('frees a slot once, however often it is left', () => {
  const slots = createSlots(2)
  const first = slots.tryEnter('a')
  slots.tryEnter('a')
  first?.()
  first?.()
  assert.ok(slots.tryEnter('a'))
  assert.equal(slots.tryEnter('a'), undefined)
})
