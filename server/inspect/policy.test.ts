import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { collectFindings } from './finding.ts'
import { overridableCodes, parsePolicy, rowNames, severityOf } from './policy.ts'
import { policyMarkdown } from './policy-doc.ts'
import { policyTable } from './rows.ts'

test('docs/inspection.md is what the policy table says', () => {
  const written = readFileSync(new URL('../../docs/inspection.md', import.meta.url), 'utf8')
  assert.equal(
    written,
    policyMarkdown(),
    "write it again: node -e \"import('./server/inspect/policy-doc.ts').then(d => require('fs').writeFileSync('docs/inspection.md', d.policyMarkdown()))\"",
  )
})

test('every sentence says something and ends', () => {
  for (const name of rowNames()) assert.match(policyTable[name].message, /^[A-Z{].{30,}[.]$/, name)
})

test('a policy changes what may be changed', () => {
  const { policy, mistakes } = parsePolicy(' zip_names=block ')
  assert.deepEqual(mistakes, [])
  assert.equal(severityOf('zip_names/backslash', policy), 'block')
  assert.equal(severityOf('zip_names/backslash', {}), 'warn')
  assert.deepEqual(parsePolicy(''), { policy: {}, mistakes: [] })
})

test('a row that is not overridable keeps its severity even if its code has one that is', () => {
  assert.equal(severityOf('zip_names', { zip_names: 'info' }), 'block')
})

test('all mistakes in a policy are told together', () => {
  const { policy, mistakes } = parsePolicy(
    'macros=info,nothing=warn zip_names,zip_names=loud,zip_names=warn,zip_names=info',
  )
  assert.equal(mistakes.length, 5, mistakes.join('\n'))
  assert.deepEqual(policy, { zip_names: 'warn' })
})

test('blocking for good: containers, macros and failed inspections cannot be allowed', () => {
  for (const code of [
    'zip_structure',
    'zip_mismatch',
    'zip_bomb',
    'macros',
    'xml_unsafe',
    'inspection_failed',
  ] as const)
    assert.ok(!overridableCodes().includes(code), code)
})

test('findings are bounded, blocking ones come first, and names lose their control characters', () => {
  const { report, findings } = collectFindings({})
  report('zip_structure/tail', '')
  for (let nth = 0; nth < 10_000; nth++) report('macros', `word/${nth}\u202egnp.bin\n`)
  const found = findings()
  assert.equal(found[0]?.code, 'macros')
  assert.equal(found[0]?.where, 'word/0\ufffdgnp.bin\ufffd')
  assert.equal(found.at(-1)?.code, 'zip_structure')
  assert.ok(found.length < 50)
})
