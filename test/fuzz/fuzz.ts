/** `npm run fuzz -- --minutes N [--seed S]`, or `-- --file PATH` for one saved file. See docs/development.md. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { crc32 } from 'node:zlib'
import { minimise } from './minimise.ts'
import { mutate } from './mutate.ts'
import { type Candidate, judge, signatureOf } from './oracle.ts'
import { compareWithPython, hasPython } from './python.ts'
import { createRandom } from './random.ts'
import { corpusSeeds, madeSeeds, type Seed, seedOf } from './seeds.ts'
import { createWatchdog } from './watchdog.ts'

const FOLDER = 'fuzz-findings'
const HANG_MS = 60_000
/** Inputs kept because they showed something new; beyond the bound the oldest makes room. */
const MAX_KEPT = 2_000
const MAX_SEED = 256 << 10
const MAX_CANDIDATE = 4 << 20
const BATCH = 200

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' }, file: { type: 'string' } },
})

const describe = async (candidate: Candidate): Promise<string> => {
  const outcome = await judge(candidate)
  return `${signatureOf(outcome)}\n${outcome.fault ?? 'no fault'}`
}

const fuzz = async (minutes: number, seed: number): Promise<number> => {
  const corpus = process.env.VALISE_CORPUS
  const honest: Seed[] = [
    ...madeSeeds(),
    ...(corpus !== undefined && existsSync(corpus) ? corpusSeeds(corpus, { maxBytes: 40_000, step: 6 }) : []),
  ]
  const python = hasPython()
  console.log(
    `seed ${seed}, ${minutes} min, ${honest.length} files to start from, ${python ? 'with' : 'without'} python3`,
  )
  mkdirSync(FOLDER, { recursive: true })
  const watchdog = createWatchdog({ limitMs: HANG_MS, path: join(FOLDER, `hang-${seed}.zip`) })
  const kept: Seed[] = []
  const counts = new Map<string, number>()
  const outcomes = new Set<string>()
  const findings = new Map<string, number>()
  const waiting: Candidate[] = []
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1)

  const find = async (candidate: Candidate, fault: string, run: number): Promise<void> => {
    const kind = fault.split('\n', 1)[0]?.slice(0, 120) ?? ''
    const times = (findings.get(kind) ?? 0) + 1
    findings.set(kind, times)
    if (times > 5) return
    const small = await minimise(candidate, fault)
    const path = join(FOLDER, `${seed}-${run}-${crc32(small.bytes).toString(16)}${extname(candidate.name)}`)
    writeFileSync(path, small.bytes)
    console.log(`\nfinding (seed ${seed}, run ${run}), saved as ${path}\n  ${fault.slice(0, 2000)}`)
  }

  const started = performance.now()
  let [runs, told] = [0, started]
  for (; performance.now() - started < minutes * 60_000; runs++) {
    const random = createRandom(seed + runs)
    const pool = kept.length > 0 && random.chance(0.6) ? kept : honest
    const candidate = mutate(pool, honest, random)
    if (candidate.bytes.length > MAX_CANDIDATE) continue
    watchdog.starts(candidate.bytes)
    const outcome = await judge(candidate)
    watchdog.ends()
    const { verdict, findings: found } = outcome.verdict
    count(verdict === 'accept' ? 'accepted' : (found[0]?.code ?? 'refused'))
    if (outcome.fault !== undefined) await find(candidate, outcome.fault, runs)
    const signature = signatureOf(outcome)
    if (!outcomes.has(signature)) {
      outcomes.add(signature)
      if (candidate.bytes.length <= MAX_SEED) kept.push(seedOf(candidate.name, candidate.bytes))
      if (kept.length > MAX_KEPT) kept.shift()
    }
    if (python && verdict === 'accept') waiting.push(candidate)
    if (waiting.length >= BATCH)
      for (const { candidate: other, fault } of compareWithPython(waiting.splice(0), crc32))
        await find(other, fault, runs)
    if (performance.now() - told > (process.stdout.isTTY ? 1_000 : 60_000)) {
      told = performance.now()
      const line = `${Math.round((told - started) / 1000)} s, ${runs} runs (${Math.round((runs / (told - started)) * 1000)}/s), ${outcomes.size} outcomes, ${kept.length} kept, accepted ${counts.get('accepted') ?? 0}, findings ${[...findings.values()].reduce((sum, times) => sum + times, 0)}`
      process.stdout.write(process.stdout.isTTY ? `\r${line}   ` : `${line}\n`)
    }
  }
  await watchdog.stop()
  console.log(`\n${runs} runs in ${minutes} min, ${outcomes.size} distinct outcomes`)
  for (const [what, times] of [...counts].sort(([, a], [, b]) => b - a)) console.log(`  ${what}: ${times}`)
  console.log(findings.size === 0 ? 'no findings' : 'findings:')
  for (const [kind, times] of findings) console.log(`  ${times} × ${kind}`)
  return findings.size
}

if (values.file !== undefined)
  console.log(await describe({ name: `a${extname(basename(values.file))}`, bytes: readFileSync(values.file) }))
else process.exitCode = (await fuzz(Number(values.minutes), Number(values.seed ?? Date.now() % 1e9))) > 0 ? 1 : 0
