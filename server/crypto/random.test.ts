import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isId, isSecret, newId, newSecret, systemRandom } from './random.ts'

describe('ids and secrets', () => {
  it('are 16 and 32 bytes of the given source', () => {
    const asked: number[] = []
    const random = (n: number) => {
      asked.push(n)
      return Buffer.alloc(n, 0xff)
    }
    assert.equal(newId(random), '_____________________w')
    assert.equal(newSecret(random), '__________________________________________8')
    assert.deepEqual(asked, [16, 32])
  })

  it('do not repeat', () => {
    const made = new Set<string>()
    for (let i = 0; i < 10_000; i++) made.add(newId(systemRandom)).add(newSecret(systemRandom))
    assert.equal(made.size, 20_000)
    for (const text of made) assert.ok(text.length === 22 ? isId(text) && !isSecret(text) : isSecret(text))
  })

  it('are known from their aliases', () => {
    assert.ok(isId('AAAAAAAAAAAAAAAAAAAAAA'))
    assert.ok(!isId('AAAAAAAAAAAAAAAAAAAAAB'))
    assert.ok(!isId('AAAAAAAAAAAAAAAAAAAAA='))
    assert.ok(!isSecret(`${'A'.repeat(42)}B`))
  })
})
