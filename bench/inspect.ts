// `npm run bench:inspect`: what the inspection costs, over the corpus (`VALISE_CORPUS`) and over documents made to be costly.
// CPU and memory are those of a whole process with its worker, as the server has one.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Verdict } from '../server/inspect/finding.ts'
import { createInspector } from '../server/inspect/pool.ts'
import { bufferSource } from '../server/inspect/source.ts'
import { quantile, table } from './figures.ts'
import { costly } from './hostile.ts'

const MiB = 2 ** 20
const inspector = createInspector()

type Cost = { what: string; size: number; cpu: number; wall: number; memory: number; verdict: Verdict }

/** CPU and wall time in milliseconds, memory in MiB above what the process had before. */
const measure = async (what: string, name: string, bytes: Buffer): Promise<Cost> => {
  const before = process.memoryUsage.rss()
  let peak = before
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 5)
  const began = performance.now()
  const cpu = process.cpuUsage()
  const verdict = await inspector.inspect(name, bufferSource(bytes))
  const { user, system } = process.cpuUsage(cpu)
  const wall = performance.now() - began
  clearInterval(timer)
  peak = Math.max(peak, process.memoryUsage.rss())
  return { what, size: bytes.length, cpu: (user + system) / 1000, wall, memory: (peak - before) / MiB, verdict }
}

const size = (bytes: number): string =>
  bytes < MiB ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / MiB).toFixed(1)} MiB`
const outcome = ({ verdict, findings }: Verdict): string => {
  const [worst] = findings
  return verdict === 'refuse' && worst ? `${verdict}: ${worst.code}` : verdict
}
const row = ({ what, size: bytes, cpu, wall, memory, verdict }: Cost): string[] => [
  what,
  size(bytes),
  cpu.toFixed(cpu < 10 ? 1 : 0),
  wall.toFixed(wall < 10 ? 1 : 0),
  memory.toFixed(0),
  outcome(verdict),
]
const HEAD = ['document', 'size', 'CPU, ms', 'time, ms', 'memory, MiB', 'verdict']

const folder = process.env.VALISE_CORPUS
if (folder !== undefined && existsSync(join(folder, 'manifest.tsv'))) {
  const [, ...lines] = readFileSync(join(folder, 'manifest.tsv'), 'utf8').trimEnd().split('\n')
  const files = lines.map(line => line.split('\t')[0] ?? '').filter(file => /\.(docx|xlsx|pptx)$/.test(file))
  const read = (file: string) => readFileSync(join(folder, file))
  // Once to warm up: a server has run for longer than this.
  for (const file of files.slice(0, 200)) await inspector.inspect(file, bufferSource(read(file)))
  const costs: Cost[] = []
  for (const file of files) costs.push(await measure(file, file, read(file)))
  const accepted = costs.filter(({ verdict }) => verdict.verdict === 'accept')
  const cpus = accepted.map(({ cpu }) => cpu)
  const total = accepted.reduce((sum, one) => ({ cpu: sum.cpu + one.cpu, size: sum.size + one.size }), {
    cpu: 0,
    size: 0,
  })
  const by = [...accepted].sort((a, b) => a.cpu - b.cpu)
  const at = (share: number) => by[Math.min(by.length - 1, Math.floor(by.length * share))]
  const largest = [...accepted].sort((a, b) => b.size - a.size)[0]
  console.log(`\n${accepted.length} documents of the corpus accepted, ${costs.length - accepted.length} refused`)
  console.log(
    `CPU ${(total.cpu / (total.size / MiB)).toFixed(1)} ms per MiB; p50 ${quantile(cpus, 0.5).toFixed(1)} ms, p99 ${quantile(cpus, 0.99).toFixed(1)} ms\n`,
  )
  const shown = [at(0.5), at(0.99), by.at(-1), largest].filter(one => one !== undefined)
  const labels = ['median of CPU', '99th of 100', 'most CPU', 'largest']
  console.log(table([HEAD, ...shown.map((one, index) => row({ ...one, what: labels[index] ?? '' }))]))
}

console.log('\nMade to be costly\n')
const costs: Cost[] = []
for (const { what, name, make } of costly) {
  process.stderr.write(`${what} …\n`)
  costs.push(await measure(what, name, make()))
}
console.log(table([HEAD, ...costs.sort((a, b) => b.cpu - a.cpu).map(row)]))
await inspector.close()
