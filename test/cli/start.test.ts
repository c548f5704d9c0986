import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Packages that are loaded before a file's first own line, through everything it imports. Types load nothing. */
const packagesOf = (file: string, seen = new Set<string>()): string[] => {
  if (seen.has(file)) return []
  seen.add(file)
  const text = readFileSync(join(root, file), 'utf8')
  const found = [...text.matchAll(/^(?:import|export)\s+(?!type\s)(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]/gm)]
  return found
    .map(([, spec = '']) => spec)
    .flatMap(spec => {
      if (spec.startsWith('node:') || spec.endsWith('.json')) return []
      return spec.startsWith('.') ? packagesOf(join(dirname(file), spec), seen) : [spec]
    })
}

test('help and the commands for people load no schema library, database or server', () => {
  assert.deepEqual([...new Set(packagesOf('cli/run.ts'))], ['commander'])
  for (const name of ['login', 'logout', 'send', 'list', 'get']) {
    const packages = packagesOf(`cli/commands/${name}.ts`)
    assert.deepEqual(
      packages.filter(one => one !== 'cli-progress'),
      [],
      name,
    )
  }
  // The walk sees what it should see.
  assert.ok(packagesOf('cli/commands/user.ts').includes('kysely'))
})

test('every command is its own file, loaded when it runs', () => {
  const declared = globSync('cli/declare-*.ts', { cwd: root }).map(file => readFileSync(join(root, file), 'utf8'))
  for (const file of globSync('cli/commands/*.ts', { cwd: root })) {
    const name = file.replace('cli/', './')
    assert.ok(
      declared.some(text => text.includes(`import('${name}')`)),
      name,
    )
    assert.ok(!declared.some(text => text.includes(`from '${name}'`)), name)
  }
})
