import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTurns } from './turns.ts'

/** Work that starts and ends when told to, and says what has started. */
const watched = (most: number) => {
  const inTurn = createTurns(most)
  const started: string[] = []
  const add = (key: string, name: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const result = inTurn(key, () => {
      started.push(name)
      return promise
    })
    return { result, end: () => resolve(name), fail: () => reject(new Error(name)) }
  }
  return { started, add }
}

test('at most so many of a key at once, the others in order; other keys go on', async () => {
  const { started, add } = watched(2)
  const [a, b, c, d] = [add('x', 'a'), add('x', 'b'), add('x', 'c'), add('x', 'd')]
  const other = add('y', 'other')
  assert.deepEqual(started, ['a', 'b', 'other'])
  b.end()
  assert.equal(await b.result, 'b')
  assert.deepEqual(started, ['a', 'b', 'other', 'c'])
  a.end()
  await a.result
  assert.deepEqual(started, ['a', 'b', 'other', 'c', 'd'])
  for (const work of [c, d, other]) work.end()
  assert.deepEqual(await Promise.all([c.result, d.result, other.result]), ['c', 'd', 'other'])
})

test('work that fails gives its place to the next', async () => {
  const { started, add } = watched(1)
  const [a, b] = [add('x', 'a'), add('x', 'b')]
  a.fail()
  await assert.rejects(a.result, /a/)
  b.end()
  assert.equal(await b.result, 'b')
  assert.deepEqual(started, ['a', 'b'])
})
