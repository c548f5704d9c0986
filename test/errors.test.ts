import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type ErrorCode, errorTable } from '../contract/errors.ts'
import { AppError, toProblem } from '../server/errors.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const codes = Object.keys(errorTable) as ErrorCode[] // the table's own keys

/** `### `code` · status · title`, one per code. */
const explained = [...read('docs/errors.md').matchAll(/^### `([a-z_]+)` · (\d{3}) · (.+)$/gm)].map(
  ([, code = '', status, title]) => ({ code, status: Number(status), title }),
)

test('docs/errors.md explains every code, once, with its status and title', () => {
  const table = codes.map(code => ({ code, ...errorTable[code] }))
  const byCode = (a: { code: string }, b: { code: string }) => (a.code < b.code ? -1 : 1)
  assert.deepEqual(explained.toSorted(byCode), table.toSorted(byCode))
})

test('every heading of docs/errors.md has the form that is compared', () => {
  assert.equal([...read('docs/errors.md').matchAll(/^### /gm)].length, explained.length)
})

test('every code is one the server answers with', () => {
  const sources = globSync('server/**/*.ts', { cwd: root })
    .filter(file => !file.endsWith('.test.ts'))
    .map(read)
    .join('\n')
  assert.deepEqual(
    codes.filter(code => !sources.includes(`'${code}'`)),
    [],
  )
})

test('a status says the same as its code: 4xx for what the other side can mend, 5xx for what it cannot', () => {
  for (const code of codes) {
    const { status, code: sent, title, type } = toProblem(new AppError(code))
    assert.equal(sent, code)
    assert.equal(title, errorTable[code].title)
    assert.equal(type, `urn:valise:problem:${code}`)
    assert.ok(status >= 400 && status < 600, code)
  }
})
