import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Client } from '../client.ts'
import { append, begun, head, idOf, offsetOf, slowly, UPLOADS } from '../http/files/tus.ts'
import { makeOffice } from '../office.ts'
import { startProcess, type TestProcess } from '../process.ts'
import { ADMIN, setUp, signIn } from './people.ts'

let dataDir: string
before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'valise-uploads-'))
})
after(() => rm(dataDir, { recursive: true, force: true }))

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const enter = async (server: TestProcess): Promise<{ client: Client; token: string }> => {
  const client = server.setupToken ? await setUp(server) : await signIn(server, 'ops', ADMIN)
  const session = await client.post('/api/v1/ops/login', { email: ADMIN, password: 'correct horse battery staple' })
  return { client, token: String(session.body.access_token) }
}

test('kill -9 in the middle, five times: what was answered or kept is there, and the file arrives whole', async context => {
  const bytes = makeOffice({ type: 'docx', padTo: 6_000_000 })
  let path = ''
  let answered = 0
  for (let round = 0; round < 5; round++) {
    const server = await startProcess({ context, dataDir })
    assert.ok(server.ready, server.log())
    const { client, token } = await enter(server)
    if (round === 0) path = await begun(client, bytes.length, { filename: 'Report.docx', sha256: sha256(bytes) })
    const from = offsetOf(await head(client, path))
    assert.ok(from >= answered, `${answered} bytes were answered, ${from} are there`)
    // A chunk that ends somewhere in a segment, then half of another while the process dies.
    const to = from + 200_000 + round * 7001
    const answer = await append(client, path, from, bytes.subarray(from, to))
    assert.equal(answer.status, 204, answer.text)
    answered = to
    const sending = slowly({ url: server.url, token, path, offset: to, length: bytes.length - to })
    await sending.write(bytes.subarray(to, to + 150_000))
    await server.kill('SIGKILL')
    await sending.answer
  }
  const server = await startProcess({ context, dataDir })
  const { client } = await enter(server)
  const { body } = await client.get(UPLOADS)
  assert.deepEqual(
    body.items.map(({ id }: { id: string }) => id),
    [idOf(path)],
  )
  const from = offsetOf(await head(client, path))
  assert.ok(from >= answered)
  assert.equal((await append(client, path, from, bytes.subarray(from))).status, 204)
  const file = await client.get(`/api/v1/ops/files/${idOf(path)}`)
  assert.deepEqual([file.body.size, file.body.sha256], [bytes.length, sha256(bytes)])
  assert.equal(await server.kill('SIGTERM'), 0)

  // It opens to its last byte as what was sent.
  const { openInstallation } = await import('../../server/installation.ts')
  const { readConfig } = await import('../../server/config.ts')
  const { systemRandom } = await import('../../server/crypto/random.ts')
  const { createContent } = await import('../../server/files/content.ts')
  const { scanFiles } = await import('../../server/files/scan.ts')
  const needs = { random: systemRandom, now: Date.now }
  const installation = await openInstallation(readConfig({ VALISE_DATA_DIR: dataDir }), needs)
  const { open } = createContent(installation)
  for await (const { ok } of scanFiles({ db: installation.db, open })) assert.ok(ok)
  await installation.close()
})
