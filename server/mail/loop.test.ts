import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createLoop } from './loop.ts'

const never = 2 ** 30

it('works until there is nothing more, rests, and works again when woken', async () => {
  let left = 3
  let rounds = 0
  const idle = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const loop = createLoop({
    work: async () => {
      rounds++
      const more = left-- > 0
      if (!more) idle.shift()?.resolve()
      return more
    },
    every: never,
    onError: error => assert.fail(String(error)),
  })
  const [first, second] = idle.map(({ promise }) => promise)
  loop.start()
  await first
  assert.equal(rounds, 4)
  loop.wake()
  await second
  assert.equal(rounds, 5)
  await loop.stop()
})

it('does not sleep over a wake that came during work', async () => {
  let rounds = 0
  const second = Promise.withResolvers<void>()
  const loop = createLoop({
    work: async () => {
      rounds++
      if (rounds === 1) loop.wake()
      if (rounds === 2) second.resolve()
      return false
    },
    every: never,
    onError: error => assert.fail(String(error)),
  })
  loop.start()
  await second.promise
  await loop.stop()
})

it('goes on after a failure, by itself', async () => {
  const errors: unknown[] = []
  const later = Promise.withResolvers<void>()
  const loop = createLoop({
    work: async () => {
      if (errors.length === 0) throw new Error('the database is away')
      later.resolve()
      return false
    },
    every: 1,
    onError: error => errors.push(error),
  })
  loop.start()
  await later.promise
  await loop.stop()
  assert.equal(errors.length, 1)
})

it('stops only when the work under way has ended', async () => {
  const begun = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<boolean>()
  let rounds = 0
  const loop = createLoop({
    work: () => {
      rounds++
      begun.resolve()
      return finish.promise
    },
    every: never,
    onError: error => assert.fail(String(error)),
  })
  loop.start()
  await begun.promise
  let stopped = false
  const stopping = loop.stop().then(() => {
    stopped = true
  })
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(stopped, false)
  finish.resolve(true)
  await stopping
  assert.equal(rounds, 1)
  loop.start()
  await loop.stop()
  assert.equal(rounds, 2)
})
