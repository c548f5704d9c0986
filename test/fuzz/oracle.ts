import { crc32 } from 'node:zlib'
import type { Verdict } from '../../server/inspect/finding.ts'
import { inspect } from '../../server/inspect/inspect.ts'
import { bufferSource } from '../../server/inspect/source.ts'
import { faultOf } from './content.ts'
import { type Read, readFirst, readFitting, readLast, readStream } from './readers.ts'

export type Candidate = { name: string; bytes: Buffer }

/** `fault` says what is wrong with the inspection of this file, in words whose first one names the kind. */
export type Outcome = { verdict: Verdict; fault?: string }

const MAX_CPU_MS = 5_000
const MAX_GROWTH = 256 << 20

/** Names and contents, in no order. */
const summary = (entries: Read): string =>
  entries
    .map(({ name, data }) => `${name} ${data.length} ${crc32(data)}`)
    .sort()
    .join('\n')

/** How readers that go by other parts of the archive than the inspection see it: undefined if all as the same. */
const disagreement = (bytes: Buffer, type: string): string | undefined => {
  const readers: [string, () => Read | undefined][] = [
    ['stream', () => readStream(bytes).entries],
    ['first end record', () => readFirst(bytes)],
    ['fitting end record', () => readFitting(bytes)],
  ]
  let last: Read
  try {
    last = readLast(bytes)
  } catch (error) {
    return `readers: by the last end record nothing can be read: ${String(error)}`
  }
  const expected = summary(last)
  for (const [reader, read] of readers) {
    try {
      const found = read()
      if (found !== undefined && summary(found) !== expected) return `readers: by ${reader} it is another archive`
    } catch (error) {
      return `readers: by ${reader} nothing can be read: ${String(error)}`
    }
  }
  const names = new Set(last.map(({ name }) => name.replaceAll('\\', '/').toLowerCase()))
  if (names.size !== last.length) return 'readers: two entries of one name'
  const fault = faultOf(last, type)
  return fault && `content: ${fault}`
}

const memory = (): number => {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Inspects one file and judges the inspection: by its cost, its failures, and by other readers what it accepts. */
export const judge = async ({ name, bytes }: Candidate): Promise<Outcome> => {
  const [cpu, before] = [process.cpuUsage(), memory()]
  let failure: unknown
  const verdict = await inspect({ name, source: bufferSource(bytes), failed: error => (failure = error) })
  const { user, system } = process.cpuUsage(cpu)
  const growth = memory() - before
  if (failure !== undefined)
    return { verdict, fault: `crash: ${failure instanceof Error ? failure.stack : String(failure)}` }
  if ((user + system) / 1000 > MAX_CPU_MS)
    return { verdict, fault: `time: ${Math.round((user + system) / 1000)} ms of CPU` }
  if (growth > MAX_GROWTH) return { verdict, fault: `memory: ${Math.round(growth / 2 ** 20)} MiB` }
  if (verdict.verdict === 'refuse') return { verdict }
  return { verdict, fault: disagreement(bytes, verdict.type ?? '') }
}

/** Where a finding stands, roughly: new ones of these are new behaviour of the inspection. */
const kindOf = (where: string): string =>
  /\.rels$/i.test(where) ? 'rels' : (/[^/.>]+$/.exec(where.replace(/\d+/g, ''))?.[0] ?? '').toLowerCase().slice(0, 8)

export const signatureOf = ({ verdict: { verdict, findings } }: Outcome): string =>
  [verdict, ...new Set(findings.map(({ code, severity, where }) => `${code}/${severity}@${kindOf(where)}`))]
    .sort()
    .join(' ')
