import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findingLines } from './findings.ts'

test('a sentence stands once, with up to five of its parts', () => {
  const finding = (where: string, severity: 'block' | 'warn' = 'warn') => {
    return { code: 'hidden_content', severity, where, message: 'Something is hidden.' }
  }
  assert.deepEqual(findingLines([finding('')]), ['  note: Something is hidden.'])
  assert.deepEqual(findingLines([finding('a.xml'), finding('a.xml'), finding('b.xml'), finding('c.xml', 'block')]), [
    '  note: Something is hidden. (a.xml, b.xml)',
    '  refused: Something is hidden. (c.xml)',
  ])
  const many = Array.from({ length: 20 }, (_, at) => finding(`p${at}\u001b`))
  assert.deepEqual(findingLines(many), [
    '  note: Something is hidden. (p0\ufffd, p1\ufffd, p2\ufffd, p3\ufffd, p4\ufffd and 15 more)',
  ])
})
