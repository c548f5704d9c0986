import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Verdict } from '../../server/inspect/finding.ts'
import { inspect } from '../../server/inspect/inspect.ts'
import { bufferSource } from '../../server/inspect/source.ts'
import { disagreements } from './disagreements.ts'

const folder = process.env.VALISE_CORPUS
const skip = folder === undefined || !existsSync(join(folder, 'manifest.tsv')) ? 'VALISE_CORPUS names no corpus' : false

type Sample = { file: string; expect: string; class: string; ext: string; path: string; sha256: string }

const readManifest = (corpus: string): Sample[] => {
  const [head = '', ...lines] = readFileSync(join(corpus, 'manifest.tsv'), 'utf8').trimEnd().split('\n')
  const columns = head.split('\t')
  return lines.map(line => {
    const cells = line.split('\t')
    const cell = (column: string): string => cells[columns.indexOf(column)] ?? ''
    return {
      file: cell('file'),
      expect: cell('expect'),
      class: cell('class'),
      ext: cell('ext'),
      path: cell('path'),
      sha256: cell('sha256'),
    }
  })
}

const TYPES = ['docx', 'xlsx', 'pptx']

/**
 * What is to be refused must be refused under each of the three names, whatever it was called: the name is the
 * sender's to choose.
 */
const namesFor = ({ expect, ext }: Sample): string[] =>
  expect === 'refuse' && !TYPES.includes(ext) ? TYPES.map(type => `file.${type}`) : [`file.${ext}`]

const describe = ({ class: kind, path }: Sample, name: string, { findings }: Verdict): string =>
  `${kind} ${path} as ${name}: ${findings.map(({ code, severity, where }) => `${code} (${severity}) ${where}`).join(', ') || 'no findings'}`

test('the corpus: what is sound is accepted, what is not is refused', { skip }, async t => {
  const unexpected: string[] = []
  const seen = new Set<string>()
  const counts: Record<string, number> = {}
  for (const sample of readManifest(folder ?? '')) {
    const bytes = readFileSync(join(folder ?? '', sample.file))
    for (const name of namesFor(sample)) {
      const verdict = await inspect({
        name,
        source: bufferSource(bytes),
        failed: error => {
          throw error
        },
      })
      const outcome = `${sample.expect} → ${verdict.verdict}`
      counts[outcome] = (counts[outcome] ?? 0) + 1
      if (sample.expect === 'policy' || verdict.verdict === sample.expect) continue
      const known = Object.keys(disagreements).find(start => sample.sha256.startsWith(start))
      if (known === undefined) unexpected.push(describe(sample, name, verdict))
      else seen.add(known)
    }
  }
  t.diagnostic(
    Object.entries(counts)
      .map(([outcome, count]) => `${outcome}: ${count}`)
      .join(', '),
  )
  assert.deepEqual(unexpected, [])
  assert.deepEqual(
    Object.keys(disagreements).filter(known => !seen.has(known)),
    [],
    'no longer a disagreement',
  )
})
