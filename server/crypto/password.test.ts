import assert from 'node:assert/strict'
import { argon2Sync } from 'node:crypto'
import { describe, it } from 'node:test'
import { BusyError } from './lanes.ts'
import { createPasswords } from './password.ts'

const params = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const known = { known: true }
const passwords = createPasswords({ cores: 2, params })

describe('passwords', () => {
  it('are hashed as argon2id with a fresh salt', async () => {
    const made = await Promise.all([passwords.hash('a good secret'), passwords.hash('a good secret')])
    assert.notEqual(made[0], made[1])
    for (const phc of made) assert.match(phc, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    assert.deepEqual(await passwords.verify(made[0], 'a good secret', known), { ok: true, rehash: false })
    assert.deepEqual(await passwords.verify(made[0], 'a good secreT', known), { ok: false, rehash: false })
  })

  it('are what another implementation of RFC 9106 computes', async () => {
    const phc = await passwords.hash('a good secret')
    const [, , , , salt = '', digest = ''] = phc.split('$')
    const expected = argon2Sync('argon2id', {
      message: Buffer.from('a good secret'),
      nonce: Buffer.from(salt, 'base64'),
      memory: params.memoryCost,
      passes: params.timeCost,
      parallelism: params.parallelism,
      tagLength: 32,
    })
    assert.deepEqual(Buffer.from(digest, 'base64'), expected)
  })

  it('cost 64 MiB and three passes unless told otherwise', async () => {
    const phc = await createPasswords({ cores: 2 }).hash('a good secret')
    assert.ok(phc.startsWith('$argon2id$v=19$m=65536,t=3,p=1$'))
    assert.deepEqual(await passwords.verify(phc, 'a good secret', known), { ok: true, rehash: true })
    assert.deepEqual(await passwords.verify(phc, 'another secret', known), { ok: false, rehash: false })
  })

  it('are never hashed below what OWASP asks', () => {
    for (const weak of [{ memoryCost: 19_455 }, { timeCost: 1 }, { parallelism: 0 }, { memoryCost: Number.NaN }]) {
      assert.throws(() => createPasswords({ cores: 2, params: { ...params, ...weak } }), RangeError)
    }
  })

  it('match in both Unicode spellings', async () => {
    const phc = await passwords.hash('Caf\u00e9 au lait')
    assert.equal((await passwords.verify(phc, 'Cafe\u0301 au lait', known)).ok, true)
  })

  it('do not match without a hash, with a malformed one or when unusable', async () => {
    const phc = await passwords.hash('a good secret')
    const others = [
      undefined,
      '',
      'plain',
      phc.slice(0, -1),
      `${phc}A`,
      phc.replace('argon2id', 'argon2i'),
      phc.replace('v=19', 'v=16'),
      '$argon2id$v=19$m=19456,t=2,p=1$$',
      '$2b$10$abcdefghijklmnopqrstuv',
    ]
    for (const stored of others) {
      assert.deepEqual(await passwords.verify(stored, 'a good secret', known), { ok: false, rehash: false }, stored)
    }
    for (const unusable of ['a good secret\0', 'a'.repeat(129), 'x'.repeat(1 << 20), '\ud800']) {
      assert.deepEqual(await passwords.verify(phc, unusable, known), { ok: false, rehash: false })
      await assert.rejects(passwords.hash(unusable), RangeError)
    }
  })

  it('cost as much for an unknown address as for a known one', async () => {
    const phc = await passwords.hash('a good secret')
    const time = async (stored: string | undefined) => {
      const start = process.hrtime.bigint()
      await passwords.verify(stored, 'not that one', known)
      return Number(process.hrtime.bigint() - start)
    }
    const real: number[] = []
    const dummy: number[] = []
    for (let i = 0; i < 15; i++) {
      real.push(await time(phc))
      dummy.push(await time(undefined))
    }
    const best = (times: number[]) => Math.min(...times)
    const ratio = best(dummy) / best(real)
    assert.ok(ratio > 0.8 && ratio < 1.25, `ratio ${ratio}`)
  })

  it('queue, and beyond the queue are refused at once', async () => {
    const few = createPasswords({ cores: 2, params, queue: 2 })
    const tries = Array.from({ length: 6 }, () => few.verify(undefined, 'a good secret', known))
    const results = await Promise.allSettled(tries)
    assert.equal(results.filter(result => result.status === 'fulfilled').length, 3)
    for (const result of results) if (result.status === 'rejected') assert.ok(result.reason instanceof BusyError)
  })
})
