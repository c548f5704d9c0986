import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BusyError, createLanes, type Lane } from './lanes.ts'

/** Work that ends when told to; `started` says in what order it began. */
function bench(limits: { slots: number; queue: number }) {
  const lanes = createLanes(limits)
  const started: string[] = []
  const endings = new Map<string, () => void>()
  const settle = () => new Promise<void>(resolve => setImmediate(resolve))
  return {
    started,
    settle,
    start(lane: Lane, name: string): Promise<string> {
      return lanes.run(lane, () => {
        started.push(name)
        return new Promise(resolve => endings.set(name, () => resolve(name)))
      })
    },
    async end(name: string) {
      endings.get(name)?.()
      await settle()
    },
  }
}

describe('lanes', () => {
  it('run no more than the slots at once, in order', async () => {
    const { start, end, started, settle } = bench({ slots: 2, queue: 10 })
    for (const name of ['a', 'b', 'c', 'd']) start('known', name)
    await settle()
    assert.deepEqual(started, ['a', 'b'])
    await end('b')
    assert.deepEqual(started, ['a', 'b', 'c'])
    await end('a')
    assert.deepEqual(started, ['a', 'b', 'c', 'd'])
  })

  it('leave strangers half of the slots and known devices all', async () => {
    const { start, end, started, settle } = bench({ slots: 4, queue: 10 })
    for (const name of ['u1', 'u2', 'u3']) start('unknown', name)
    for (const name of ['k1', 'k2', 'k3']) start('known', name)
    await settle()
    assert.deepEqual(started, ['u1', 'u2', 'k1', 'k2'])
    await end('k1')
    assert.deepEqual(started.slice(4), ['k3'])
    await end('u1')
    assert.deepEqual(started.slice(5), ['u3'])
  })

  it('take turns where there is one slot', async () => {
    const { start, end, started, settle } = bench({ slots: 1, queue: 10 })
    for (const name of ['u1', 'u2', 'u3']) start('unknown', name)
    for (const name of ['k1', 'k2']) start('known', name)
    await settle()
    for (const name of ['u1', 'k1', 'u2', 'k2', 'u3']) await end(name)
    assert.deepEqual(started, ['u1', 'k1', 'u2', 'k2', 'u3'])
  })

  it('refuse strangers beyond half of the queue and everybody beyond all of it', async () => {
    const { start, settle } = bench({ slots: 1, queue: 4 })
    start('unknown', 'running')
    await settle()
    start('unknown', 'u1')
    start('unknown', 'u2')
    await assert.rejects(start('unknown', 'u3'), BusyError)
    start('known', 'k1')
    start('known', 'k2')
    await assert.rejects(start('known', 'k3'), BusyError)
  })

  it('give the whole queue to known devices while no stranger waits', async () => {
    const { start, settle } = bench({ slots: 1, queue: 4 })
    for (const name of ['running', 'k1', 'k2', 'k3', 'k4']) start('known', name)
    await settle()
    await assert.rejects(start('known', 'k5'), BusyError)
    await assert.rejects(start('unknown', 'u1'), BusyError)
  })

  it('go on after work that failed', async () => {
    const lanes = createLanes({ slots: 1, queue: 1 })
    const failing = lanes.run('known', () => Promise.reject(new Error('no')))
    const next = lanes.run('unknown', () => Promise.resolve('yes')).catch((error: unknown) => error)
    await assert.rejects(failing, /no/)
    // Half of a queue of one is none.
    assert.ok((await next) instanceof BusyError)
    assert.equal(await lanes.run('unknown', () => Promise.resolve('yes')), 'yes')
  })
})
