import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import type { Client } from '../client.ts'
import { makeOffice } from '../office.ts'
import { PASSWORD } from '../people.ts'
import { startProcess, type TestProcess } from '../process.ts'

const ADMIN = 'admin@firm.example'
let dataDir: string
before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'valise-kill-'))
})
after(() => rm(dataDir, { recursive: true, force: true }))

const signedIn = async (server: TestProcess): Promise<Client> => {
  const client = server.client()
  if (server.setupToken) {
    const made = await client.post('/api/v1/setup', {
      setup_token: server.setupToken,
      email: ADMIN,
      name: 'Ada',
      password: PASSWORD,
    })
    assert.equal(made.status, 201, made.text)
  }
  const answer = await client.post('/api/v1/ops/login', { email: ADMIN, password: PASSWORD })
  assert.equal(answer.status, 200, answer.text)
  client.useToken(answer.body.access_token)
  return client
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Names of everything the storage holds, unfinished blobs included. */
const blobsOn = async (folder: string): Promise<string[]> => {
  const inside = (part: string) => readdir(join(folder, part), { recursive: true, withFileTypes: true })
  const entries = [...(await inside('blobs')), ...(await inside('tmp'))]
  return entries.filter(entry => entry.isFile()).map(entry => entry.name)
}

test('SIGTERM lets a running upload finish, accepts nothing new, and exits 0', async context => {
  const server = await startProcess({ context, dataDir })
  const client = await signedIn(server)
  const document = makeOffice({ type: 'docx', padTo: 3_000_000 })
  let startBody = () => {}
  const begun = new Promise<void>(resolve => {
    startBody = resolve
  })
  let finishBody = () => {}
  const finish = new Promise<void>(resolve => {
    finishBody = resolve
  })
  const boundary = 'valise-test-boundary'
  const head = Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="Slow.docx"\r\n\r\n`)
  async function* body() {
    yield head
    yield document.subarray(0, 1_000_000)
    startBody()
    await finish
    yield document.subarray(1_000_000)
    yield Buffer.from(`\r\n--${boundary}--\r\n`)
  }
  const upload = client.request('/api/v1/ops/files', {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: ReadableStream.from(body()),
    duplex: 'half',
  })
  await begun
  const exit = server.kill('SIGTERM')
  // Once more, as npm and a terminal do together: it must not cut off what the first lets finish.
  void server.kill('SIGTERM')
  // New connections are refused from now on; the one at work is not.
  await assert.rejects(async () => {
    for (;;) await fetch(`${server.url}/healthz`, { headers: { connection: 'close' } })
  })
  finishBody()
  const answer = await upload
  assert.equal(answer.status, 201, answer.text)
  assert.equal(answer.body.sha256, sha256(document))
  assert.equal(await exit, 0)
})

test('kill -9 during 200 uploads: every acknowledged file is intact, none is half there', async context => {
  const acknowledged = new Map<string, { name: string; sha256: string }>()
  let sent = 0
  for (let round = 0; sent < 200; round++) {
    const server = await startProcess({ context, dataDir })
    assert.ok(server.ready, server.log())
    const client = await signedIn(server)
    // A different moment each round: after so many answers the process dies with several uploads on their way.
    const dieAfter = 3 + ((round * 7) % 23)
    let answered = 0
    const lanes = Array.from({ length: 4 }, async (_unused, lane) => {
      for (let i = 0; i < 12 && sent < 200; i++) {
        const name = `Report ${round}-${lane}-${i}.docx`
        const document = makeOffice({
          type: 'docx',
          text: name,
          padTo: 20_000 + ((round * 31 + lane * 17 + i * 13) % 40) * 10_000,
        })
        sent++
        const answer = await client.upload(name, document).catch(() => undefined)
        if (answer?.status !== 201) return
        acknowledged.set(answer.body.id, { name, sha256: sha256(document) })
        assert.equal(answer.body.sha256, sha256(document))
        answered++
        if (answered === dieAfter) server.kill('SIGKILL')
      }
    })
    await Promise.all(lanes)
    await server.kill('SIGKILL')
  }
  assert.ok(acknowledged.size > 50, `only ${acknowledged.size} uploads were acknowledged`)

  const server = await startProcess({ context, dataDir })
  const client = await signedIn(server)
  const listed = new Map<string, { id: string; name: string; sha256: string; size: number }>()
  for (let cursor = ''; ; ) {
    const page = await client.get(`/api/v1/ops/files?limit=200${cursor}`)
    for (const file of page.body.items) listed.set(file.id, file)
    if (page.body.next_cursor === null) break
    cursor = `&cursor=${page.body.next_cursor}`
  }
  for (const [id, { name, sha256: expected }] of acknowledged) assert.equal(listed.get(id)?.sha256, expected, name)
  assert.equal(await server.kill('SIGTERM'), 0)

  // Every listed file opens to its last byte with the SHA-256 in its row; every blob on disk belongs to a listed file.
  const { openInstallation } = await import('../../server/installation.ts')
  const { readConfig } = await import('../../server/config.ts')
  const { systemRandom } = await import('../../server/crypto/random.ts')
  const { createContent } = await import('../../server/files/content.ts')
  const { scanFiles } = await import('../../server/files/scan.ts')
  const installation = await openInstallation(readConfig({ VALISE_DATA_DIR: dataDir }), {
    random: systemRandom,
    now: Date.now,
  })
  const { open } = createContent(installation)
  for await (const { name, ok } of scanFiles({ db: installation.db, open })) assert.ok(ok, name)
  await installation.close()
  const database = new DatabaseSync(join(dataDir, 'valise.sqlite'))
  const named = database
    .prepare('select blob from files')
    .all()
    .map(row => String(row.blob))
  assert.deepEqual((await blobsOn(dataDir)).sort(), named.sort())
  assert.equal(database.prepare('select count(*) as n from blob_removals').get()?.n, 0)
  database.close()
})
