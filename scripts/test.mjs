// `npm test`: the checks, then every test. Finds the services that are there and says aloud which tests will skip.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = name => join(root, 'node_modules', '.bin', name)
const node = existsSync(bin('node')) ? bin('node') : process.execPath

/** What some tests need beyond Node; where it is not there they skip, except in CI. */
const needs = [
  { what: 'Chromium (browser tests)', there: existsSync('/usr/bin/chromium') },
  { what: 'VALISE_CORPUS (real Office files)', there: Boolean(process.env.VALISE_CORPUS), optional: true },
  {
    what: 'VALISE_FLOE_VECTORS (published test vectors)',
    there: Boolean(process.env.VALISE_FLOE_VECTORS),
    optional: true,
  },
]
for (const { what, there, optional } of needs) {
  if (there) continue
  console.log(`SKIPPED without ${what}`)
  if (process.env.CI && !optional) process.exit(1)
}

const run = (command, args) => {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

const only = process.argv.slice(2)
if (only.length === 0) run('npm', ['run', '--silent', 'check'])
const files = only.length > 0 ? only : globSync(['{contract,server,cli,bench,test}/**/*.test.ts'], { cwd: root }).sort()
run(node, ['--test', '--test-concurrency=2', '--test-timeout=300000', '--test-reporter=spec', ...files])
