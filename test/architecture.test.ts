import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = globSync('{contract,server,cli,web,test,bench,scripts}/**/*.{ts,tsx,mjs}', { cwd: root }).filter(
  file => !file.includes('node_modules'),
)
const shipped = files.filter(file => /^(contract|server|cli|web)\//.test(file) && !/\.test\.tsx?$/.test(file))

type Import = { from: string; target: string; typeOnly: boolean }

const importsOf = (file: string): Import[] => {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(
    /^\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
  )
  return [...found].map(([, typeOnly, named = '', dynamic = '']) => {
    const spec = named || dynamic
    const target = spec.startsWith('.') ? normalize(join(dirname(file), spec)) : spec
    return { from: file, target, typeOnly: Boolean(typeOnly) }
  })
}
const imports = shipped.flatMap(importsOf)

const features = ['events', 'links', 'handoffs', 'files', 'accounts', 'audit']
const capabilities = ['crypto', 'storage', 'db', 'inspect', 'mail', 'limits']
/** Files beside the feature folders that every feature may use: no knowledge of any feature in them. */
const shared = ['server/errors.ts', 'server/paging.ts', 'server/config-types.ts']
/** Know nothing of ours and import nothing of ours: anybody may use them. */
const leaves = ['server/html.ts', 'server/language.ts', 'server/memory.ts', 'server/places.ts']
/** See everything: the composition root, start and stop, and what opens an installation for either. */
const roots = [
  'server/app.ts',
  'server/start.ts',
  'server/main.ts',
  'server/serve.ts',
  'server/mailer.ts',
  'server/installation.ts',
]

const areaOf = (file: string): string => {
  const [top = '', second = ''] = file.split('/')
  if (top !== 'server') return top
  return file.split('/').length > 2 ? second : 'server root'
}

const mayImport = ({ from, target, typeOnly }: Import): boolean => {
  const [here, there] = [areaOf(from), areaOf(target)]
  if (here === there || there === 'contract') return true
  if (here === 'contract' || leaves.includes(from)) return false
  if (here === 'web') return false
  if (leaves.includes(target) || here === 'cli') return target.startsWith('server/')
  if (roots.includes(from)) return true
  // Shapes of rows and of a request's actor are facts everybody shares; types carry no behaviour.
  if (typeOnly && (target === 'server/db/schema.ts' || target === 'server/accounts/policy.ts')) return true
  if (features.includes(here)) {
    if (features.includes(there)) return features.indexOf(there) > features.indexOf(here)
    return (
      capabilities.includes(there) ||
      there === 'http' ||
      shared.includes(target) ||
      (typeOnly && there === 'server root')
    )
  }
  if (capabilities.includes(here)) return false
  // http/ and the files beside it: the policy table is the one thing of a feature they may run.
  if (here === 'http') return shared.includes(target) || target === 'server/accounts/policy.ts'
  return there === 'server root' || there === 'http' || capabilities.includes(there)
}

test('imports go only where the picture of the house allows', () => {
  const wrong = imports.filter(one => /^(contract|server|cli|web)\//.test(one.target) && !mayImport(one))
  assert.deepEqual(
    wrong.map(({ from, target }) => `${from} → ${target}`),
    [],
  )
})

test('every relative import exists', () => {
  const gone = imports.filter(
    ({ target }) => /^(contract|server|cli|web)\//.test(target) && !existsSync(join(root, target)),
  )
  assert.deepEqual(
    gone
      .map(({ from, target }) => `${from} → ${target}`)
      .filter(line => !/\.(css|svg)$/.test(line) && !line.includes('web/')),
    [],
  )
})

test('the contract does no I/O', () => {
  const wrong = imports.filter(
    ({ from, target }) => from.startsWith('contract/') && !target.startsWith('contract/') && target !== 'typebox',
  )
  assert.deepEqual(wrong, [])
})

/** A pattern, and the only files that may match it. */
const confined: [string, RegExp, RegExp][] = [
  ['node:crypto', /['"](?:node:)?crypto['"]/, /^server\/(crypto|audit)\/|^cli\/hash\.ts$/],
  [
    'the global crypto',
    /(?<![.\w'"/-])crypto\.(?:subtle|randomUUID|getRandomValues)|globalThis\.crypto|\bwebcrypto\b/,
    /^server\/(crypto|audit)\//,
  ],
  ['getBuiltinModule', /getBuiltinModule/, /^$/],
  ['process.env', /process\.env|\benv\s*\}\s*=\s*process|process\[['"]env/, /^server\/config\.ts$/],
  ['process.exit', /process\.exit\s*\(/, /^server\/main\.ts$/],
  ['child processes', /['"](?:node:)?child_process['"]/, /^$/],
  ['Math.random', /Math\.random\s*\(/, /^$/],
  ['eval', /\beval\s*\(|new Function\s*\(/, /^$/],
]
for (const [what, pattern, allowed] of confined) {
  test(`${what} stays where it belongs`, () => {
    const found = shipped.filter(file => !allowed.test(file) && pattern.test(readFileSync(join(root, file), 'utf8')))
    assert.deepEqual(found, [])
  })
}

test('no drawers, no barrels, no file above 400 lines', () => {
  assert.deepEqual(
    files.filter(file => /(^|\/)(utils?|helpers?|common|misc|lib)\//.test(file)),
    [],
  )
  assert.deepEqual(
    files.filter(file => /\/index\.tsx?$/.test(file)),
    [],
  )
  assert.deepEqual(
    files.filter(file => readFileSync(join(root, file), 'utf8').split('\n').length > 401),
    [],
  )
})

test('tests do not sleep', () => {
  const sleeping = files.filter(
    file =>
      file.endsWith('.test.ts') &&
      /setTimeout\(\s*(?:resolve|r|done)\b|timers\/promises/.test(readFileSync(join(root, file), 'utf8')),
  )
  assert.deepEqual(sleeping, [])
})
