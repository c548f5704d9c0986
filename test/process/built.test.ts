import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import packageJson from '../../package.json' with { type: 'json' }
import { makeOffice } from '../office.ts'
import { startProcess } from '../process.ts'
import { joined, setUp } from './people.ts'

/** What `npm start` and `npm run valise` run; all other tests run the sources. `npm test` has built it. */
const built = (name: string) => fileURLToPath(new URL(`../../dist/node/${name}.js`, import.meta.url))

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valise-built-'))
})
after(() => rm(folder, { recursive: true, force: true }))

test('the built server does the main job: pages, documentation, inspection in its thread, upload, download', async context => {
  const server = await startProcess({ context, dataDir: join(folder, 'data'), script: built('server') })
  assert.ok(server.ready, server.log())
  const ops = await setUp(server)
  const client = await joined(server, join(folder, 'data', 'mail'))

  const document = makeOffice({ type: 'docx', padTo: 2_000_000 })
  const { status, body, text } = await ops.upload('Report.docx', document, { everyone: true })
  assert.equal(status, 201, text)
  const refused = await ops.upload('Report.docx', Buffer.from('not an Office file'), { everyone: true })
  assert.equal(refused.body.code, 'file_refused', refused.text)
  const link = await client.post(`/api/v1/client/files/${body.id}/link`, {})
  const content = await client.get(new URL(link.body.download_link).pathname)
  assert.equal(content.status, 200, content.text.slice(0, 300))
  assert.ok(document.equals(content.body))

  for (const path of ['/', '/ops', '/docs/', '/openapi.json', '/healthz', '/readyz']) {
    assert.equal((await fetch(server.url + path)).status, 200, path)
  }
  assert.equal(await server.kill('SIGTERM'), 0)
  assert.equal(server.log(), '')
})

test('the built command line inspects a file in its thread', async () => {
  const path = join(folder, 'Report.docx')
  await writeFile(path, makeOffice({ type: 'docx' }))
  const run = (...args: string[]) => execFileSync(process.execPath, [built('valise'), ...args], { encoding: 'utf8' })
  assert.equal(run('--version').trim(), packageJson.version)
  assert.equal(JSON.parse(run('inspect', path, '--json')).verdict, 'accept')
})
