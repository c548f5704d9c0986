import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createClock } from './clock.ts'

/** A clock of 1,000 ms under mocked timers, with the CPU that the worker is said to have spent. */
const watched = (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const called: string[] = []
  const state = { cpu: 0, called }
  const clock = createClock({
    limitMs: 1000,
    spent: async () => state.cpu,
    working: () => void state.called.push('working'),
    reading: () => void state.called.push('reading'),
  })
  const pass = async (ms: number): Promise<void> => {
    t.mock.timers.tick(ms)
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
  }
  return { state, clock, pass }
}

test('the limit is on CPU spent, not on time passed', async t => {
  const { state, pass } = watched(t)
  state.cpu = 400
  await pass(1000)
  assert.deepEqual(state.called, [])
  state.cpu = 1000
  await pass(600)
  assert.deepEqual(state.called, ['working'])
})

test('a worker that gets nowhere is given up in the end', async t => {
  const { state, pass } = watched(t)
  for (let turn = 0; turn < 19; turn++) await pass(1000)
  assert.deepEqual(state.called, [])
  await pass(1000)
  assert.deepEqual(state.called, ['working'])
})

test('waiting for the source has a limit of its own, and none of it counts as work', async t => {
  const { state, clock, pass } = watched(t)
  state.cpu = 5000
  for (let read = 0; read < 5; read++) {
    clock.readStarts()
    await pass(900)
    clock.readEnds()
  }
  assert.deepEqual(state.called, [])
  clock.readStarts()
  await pass(1000)
  assert.deepEqual(state.called, ['reading'])
})

test('a clock that was stopped stays still, also when a read ends later', async t => {
  const { state, clock, pass } = watched(t)
  state.cpu = 5000
  clock.readStarts()
  clock.stop()
  clock.readEnds()
  await pass(10_000)
  assert.deepEqual(state.called, [])
})
