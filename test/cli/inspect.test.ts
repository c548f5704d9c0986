import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeOffice } from '../office.ts'
import { jsonLines, run, scratch } from './command.ts'

test('inspect --json: one object per file and line, in order, with the exit code of the worst', async t => {
  const folder = await scratch(t)
  const honest = makeOffice({ type: 'docx' })
  const files = {
    'honest.docx': honest,
    'fake.xlsx': Buffer.from('MZ'),
    'slides.pptx': makeOffice({ type: 'pptx' }),
    'program.exe': Buffer.from('MZ'),
    'renamed.xlsx': honest,
    'figures.xlsx': makeOffice({ type: 'xlsx' }),
  }
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes)

  const all = await run(['inspect', '--json', ...Object.keys(files)], { cwd: folder })
  assert.equal(all.code, 1, all.stderr)
  const lines = jsonLines(all.stdout)
  assert.deepEqual(
    lines.map(({ file, verdict }) => [file, verdict]),
    [
      ['honest.docx', 'accept'],
      ['fake.xlsx', 'refuse'],
      ['slides.pptx', 'accept'],
      ['program.exe', 'refuse'],
      ['renamed.xlsx', 'refuse'],
      ['figures.xlsx', 'accept'],
    ],
  )
  for (const line of lines) {
    assert.deepEqual(Object.keys(line), ['file', 'verdict', 'type', 'sha256', 'findings'])
  }
  assert.equal(lines[0]?.type, 'docx')
  assert.equal(lines[0]?.sha256, createHash('sha256').update(honest).digest('hex'))
  assert.equal(lines[3]?.type, null)
  const [finding] = Array.isArray(lines[1]?.findings) ? lines[1].findings : []
  assert.deepEqual(Object.keys(finding), ['code', 'severity', 'where', 'message'])

  const good = await run(['inspect', '--json', 'honest.docx', 'slides.pptx'], { cwd: folder })
  assert.equal(good.code, 0)
})

test('inspect: what cannot be read ends with 2, and the others are still judged', async t => {
  const folder = await scratch(t)
  await writeFile(join(folder, 'honest.docx'), makeOffice({ type: 'docx' }))
  const ended = await run(['inspect', '--json', 'gone.docx', '.', 'honest.docx'], { cwd: folder })
  assert.equal(ended.code, 2)
  assert.deepEqual(
    jsonLines(ended.stdout).map(({ file }) => file),
    ['honest.docx'],
  )
  assert.equal(ended.stderr, 'gone.docx does not exist.\n. is not a file.\n')
  assert.doesNotMatch(ended.stderr, /\n\s+at /)
})

test('inspect for people: sentences, and nothing that steers the terminal', async t => {
  const folder = await scratch(t)
  const name = '\u001b[31mred\u009b31m\u202ecod.exe'
  await writeFile(join(folder, name), 'MZ')
  const plain = await run(['inspect', name], { cwd: folder })
  assert.equal(plain.code, 1)
  assert.match(plain.stdout, /REFUSED/)
  assert.match(plain.stdout, /Only Word, Excel and PowerPoint documents/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  assert.doesNotMatch(plain.stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  const json = await run(['inspect', '--json', name], { cwd: folder })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  assert.doesNotMatch(json.stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  assert.equal(jsonLines(json.stdout)[0]?.file, name)
})

test('inspect: the policy of the settings counts, and a mistake in it is told', async t => {
  const folder = await scratch(t)
  await writeFile(join(folder, 'honest.docx'), makeOffice({ type: 'docx' }))
  const ended = await run(['inspect', 'honest.docx'], { cwd: folder, env: { VALISE_INSPECT_POLICY: 'nonsense=block' } })
  assert.equal(ended.code, 2)
  assert.match(ended.stderr, /nonsense/)
})
