import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { createLimits, type Limits } from './limits.ts'

const HOUR = 3_600_000

describe('Limits', () => {
  let limits: Limits
  beforeEach(() => {
    // The library reads Date and sets timers itself.
    mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_700_000_000_000 })
    limits = createLimits({ now: Date.now })
  })
  afterEach(() => mock.timers.reset())

  const granted = async (name: Parameters<Limits['take']>[0], key: string, tries: number): Promise<number> => {
    let count = 0
    for (let index = 0; index < tries; index++) if ((await limits.take(name, key)).ok) count++
    return count
  }

  it('grants what the table says, then says when to come back', async () => {
    assert.equal(await granted('mail_recipient', 'a', 10), 3)
    mock.timers.tick(HOUR - 1500)
    assert.deepEqual(await limits.take('mail_recipient', 'a'), { ok: false, retryAfter: 2 })
    mock.timers.tick(1500)
    assert.deepEqual(await limits.take('mail_recipient', 'a'), { ok: true })
  })

  it('counts keys and buckets apart', async () => {
    await granted('mail_recipient', 'a', 10)
    assert.equal(await granted('mail_recipient', 'b', 10), 3)
    assert.equal((await limits.take('sign_in_device', 'a')).ok, true)
  })

  it('never grants the last point twice', async () => {
    const all = await Promise.all(Array.from({ length: 100 }, () => limits.take('mail_recipient', 'a')))
    assert.equal(all.filter(taken => taken.ok).length, 3)
  })

  it('takes several points at once', async () => {
    assert.equal((await limits.take('mail_recipient', 'a', 2)).ok, true)
    assert.equal((await limits.take('mail_recipient', 'a', 2)).ok, false)
    assert.equal((await limits.take('mail_recipient', 'a')).ok, true)
    assert.equal((await limits.take('mail_recipient', 'a')).ok, false)
  })

  it('gives back what was taken, and no more', async () => {
    await granted('mail_recipient', 'a', 10)
    await limits.refund('mail_recipient', 'a')
    assert.equal(await granted('mail_recipient', 'a', 5), 1)
    await limits.refund('mail_recipient', 'never seen')
    assert.equal(await granted('mail_recipient', 'never seen', 10), 3)
    await limits.take('mail_recipient', 'b')
    await limits.refund('mail_recipient', 'b', 50)
    assert.equal(await granted('mail_recipient', 'b', 10), 3)
  })

  it('starts anew after a reset', async () => {
    await granted('mail_recipient', 'a', 10)
    await limits.reset('mail_recipient', 'a')
    await limits.reset('mail_recipient', 'never seen')
    assert.equal(await granted('mail_recipient', 'a', 10), 3)
  })

  it('lets 10,000 guesses from everywhere check fewer than 100 passwords in any hour, and the owner in', async () => {
    // Guessing as cleverly as the windows allow: at the end of one and the beginning of the next.
    await limits.take('sign_in_account', 'client victim')
    mock.timers.tick(HOUR - 1000)
    let checks = await granted('sign_in_account', 'client victim', 5000)
    mock.timers.tick(2000)
    checks += await granted('sign_in_account', 'client victim', 5000)
    assert.ok(checks > 0 && checks <= 100, `${checks} checks`)
    assert.equal((await limits.take('sign_in_device', "the owner's device")).ok, true)
  })

  it('holds a bounded number of counters through a flood of keys, and fails closed', async () => {
    limits = createLimits({ now: Date.now, figures: { sign_in_account: { points: 3, seconds: 3600 } } })
    await granted('sign_in_account', 'victim', 10)
    const timers = mock.method(globalThis, 'setTimeout').mock
    let refused = 0
    for (let index = 0; index < 60_000; index++)
      if (!(await limits.take('sign_in_account', `made up ${index}`)).ok) refused++
    // The library sets one timer per counter that it makes.
    assert.ok(timers.callCount() <= 16_384 + 4096, `${timers.callCount()} counters`)
    assert.ok(refused > 0)
    assert.equal((await limits.take('sign_in_account', 'victim')).ok, false, 'the flood washed away a used-up counter')
    assert.equal((await limits.take('sign_in_account', 'newcomer')).ok, false)
    assert.equal((await limits.take('sign_in_device', 'known')).ok, true)
    mock.timers.tick(HOUR)
    // With a counter of its own again: shared ones give nothing back.
    assert.equal(await granted('sign_in_account', 'newcomer', 10), 3)
    await limits.refund('sign_in_account', 'newcomer')
    assert.equal(await granted('sign_in_account', 'newcomer', 10), 1)
  })

  it('takes other figures when told to', async () => {
    limits = createLimits({ now: Date.now, figures: { mail_recipient: { points: 5, seconds: 1 } } })
    assert.equal(await granted('mail_recipient', 'a', 10), 5)
  })
})
