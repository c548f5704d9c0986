import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mutate } from '../fuzz/mutate.ts'
import { judge } from '../fuzz/oracle.ts'
import { createRandom } from '../fuzz/random.ts'
import { madeSeeds } from '../fuzz/seeds.ts'

const SEED = 20_250_813
const LIMIT_MS = 25_000

test('changed documents: never a crash, nothing slow or large, and what is accepted all readers see alike', async t => {
  const seeds = madeSeeds()
  let [runs, accepted] = [0, 0]
  for (const seed of seeds) assert.equal((await judge(seed)).fault, undefined, seed.name)
  await fc.assert(
    fc.asyncProperty(fc.nat(2 ** 31), async number => {
      const { verdict, fault } = await judge(mutate(seeds, seeds, createRandom(number)))
      runs++
      if (verdict.verdict === 'accept') accepted++
      assert.equal(fault, undefined)
    }),
    // A number is a file already: there is nothing to shrink. What fails here, `npm run fuzz` makes smaller.
    { seed: SEED, numRuns: 1_000_000, interruptAfterTimeLimit: LIMIT_MS, endOnFailure: true },
  )
  t.diagnostic(`seed ${SEED}: ${runs} files, ${accepted} of them accepted`)
  assert.ok(runs > 1_000 && accepted > 50 && accepted < runs / 2, `${accepted} of ${runs}`)
})
