import assert from 'node:assert/strict'
import fs from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import { after, before, mock, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { makeOffice } from '../../office.ts'
import { startServer, type TestServer } from '../../server.ts'
import { FORM_TYPE, formOf } from '../files/form.ts'
import { hostileNames } from './14-names.ts'
import { enlist, type Person } from './cast.ts'
import { type Hit, type Shot, volley } from './volley.ts'

const CANARY = 'canary-that-nobody-may-ever-see'
const names = hostileNames(5000)
const root = fileURLToPath(new URL('../../..', import.meta.url))

let folder: string
let server: TestServer
let ada: Person
let clara: Person
let touched: Set<string>

/** Every function that takes a path and opens, makes, moves or removes what is there. */
const watched = ['open', 'openSync', 'readFile', 'readFileSync', 'writeFile', 'writeFileSync', 'createReadStream']
  .concat([
    'createWriteStream',
    'opendir',
    'readdir',
    'readdirSync',
    'mkdir',
    'mkdirSync',
    'rename',
    'renameSync',
    'rm',
  ])
  .concat([
    'rmSync',
    'unlink',
    'link',
    'linkSync',
    'symlink',
    'copyFile',
    'truncate',
    'chmod',
    'chmodSync',
    'appendFile',
  ])

const watch = (module: Record<string, unknown>): void => {
  for (const name of watched) {
    const real = module[name]
    if (typeof real !== 'function') continue
    mock.method(
      module as Record<string, (...args: unknown[]) => unknown>,
      name,
      function (this: unknown, ...args: unknown[]) {
        for (const arg of args.slice(0, 2)) {
          const path = arg instanceof URL ? fileURLToPath(arg) : arg
          if (typeof path === 'string' && (arg === args[0] || /rename|link|copy/.test(name))) touched.add(resolve(path))
        }
        return Reflect.apply(real, this, args)
      },
    )
  }
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valise-traversal-'))
  await writeFile(join(folder, 'canary.txt'), CANARY)
  server = await startServer({ dataDir: join(folder, 'a', 'data') })
  ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  clara = await enlist(server, 'client', 'clara@customer.example')
  touched = new Set()
  watch(Object(fs))
  watch(Object(fs.promises))
  syncBuiltinESMExports()
})
after(async () => {
  mock.restoreAll()
  syncBuiltinESMExports()
  await server.stop()
  await rm(folder, { recursive: true })
})

/** As a path can be written in a request line: encoded, and also bare where HTTP allows it. */
const spellings = (name: string): string[] => {
  const encoded = encodeURIComponent(name.toWellFormed())
  return /^[!-~]*$/.test(name) && !/[?#]/.test(name) ? [encoded, name] : [encoded]
}

const gets = (paths: string[], token?: string): Shot[] => {
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  return paths.map(path => ({ method: 'GET', path, headers }))
}

const under = (path: string): string[] => names.flatMap(spellings).map(name => path + name)

/** Nothing of this machine: canaries above the data, system files, our own keys and database, other people's packages. */
const shows = [CANARY, 'root:x:0', 'SQLite format 3', '"ledger"', '"dependencies"', 'VALISE_DATA_DIR=', 'PATH=/']

const fire = async (shots: Shot[], allowed: (hit: Hit, shot: Shot) => boolean): Promise<void> => {
  touched.clear()
  await volley(server.url, shots, (hit, shot) => {
    const what = `${shot.method} ${shot.path.slice(0, 200)}: ${hit.status} ${hit.text.slice(0, 200)}`
    assert.ok(allowed(hit, shot), what)
    for (const text of shows) assert.equal(hit.text.includes(text), false, what)
  })
}

const onlyIn = (...folders: string[]): void => {
  const outside = [...touched].filter(path => !folders.some(one => path === one || path.startsWith(one + sep)))
  assert.deepEqual(outside, [])
}

test('5,000 names as a file to upload: most refused, and only the data folder is written to', async () => {
  const docx = makeOffice({ type: 'docx' })
  const around = await readdir(folder, { recursive: true })
  const shots = names.map((name, i): Shot => {
    // Every tenth could be a document by its ending; browsers send these three characters escaped.
    const whole = i % 10 === 0 ? `${name}.docx` : name
    const filename = whole.toWellFormed().replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
    return {
      method: 'POST',
      path: '/api/v1/ops/files',
      headers: { Authorization: `Bearer ${ada.token}`, 'Content-Type': FORM_TYPE },
      body: formOf([{ name: 'file', filename, body: docx }]),
    }
  })
  let refused = 0
  await fire(shots, ({ status, text }) => {
    if (status === 201) {
      const { name } = JSON.parse(text)
      return !/[/\\\p{Cc}]/u.test(name) && name.length <= 255
    }
    refused++
    return status === 400 || status === 422
  })
  assert.ok(refused > 4000, `${refused} refused`)
  assert.ok(touched.size > 100, 'the watch sees what the server opens')
  onlyIn(server.dataDir)
  const strange = (await readdir(folder, { recursive: true })).filter(
    path =>
      !around.includes(path) && !/^a\/data\/(blobs(\/[\w-]{2}(\/[\w-]{22})?)?|tmp|mail|valise\.sqlite.*)$/.test(path),
  )
  assert.deepEqual(strange, [])
  assert.equal(await readFile(join(folder, 'canary.txt'), 'utf8'), CANARY)
})

test('as a name and as words to search for: data, never a path', async () => {
  const fine = ({ status }: Hit) => status === 200 || status === 400
  const queries = (path: string) => names.map(name => path + encodeURIComponent(name.toWellFormed()))
  await fire(gets(queries('/api/v1/client/files?name='), clara.token), fine)
  await fire(gets(queries('/api/v1/client/files?q='), clara.token), fine)
  onlyIn(server.dataDir)
})

test('as a token: the one 404, and nothing is opened', async () => {
  await fire(gets(under('/download/'), clara.token), ({ status }) => status === 404 || status === 414)
  onlyIn()
})

test('as an asset of the pages and of the documentation: only what is there to be served', async () => {
  const there = (hit: Hit, { path }: Shot) =>
    [400, 404, 405, 414].includes(hit.status) ||
    // A path that comes back to where it began, or the page itself.
    (/^\/docs/.test(path) && [200, 302].includes(hit.status))
  await fire(gets(under('/assets/')), there)
  await fire(gets(under('/docs/static/')), there)
  await fire(gets(under('/docs/')), there)
  onlyIn(join(root, 'dist/web'), join(root, 'node_modules/@fastify/swagger-ui/static'))
})
