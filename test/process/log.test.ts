import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeOffice } from '../office.ts'
import { startProcess } from '../process.ts'
import { joined, setUp } from './people.ts'

test('the log names a link token by its digest, never by itself, and leaves the start to the banner', async context => {
  const dataDir = await mkdtemp(join(tmpdir(), 'valise-log-'))
  context.after(() => rm(dataDir, { recursive: true, force: true }))
  const server = await startProcess({ context, dataDir, env: { VALISE_LOG_LEVEL: 'info' } })
  assert.ok(server.ready, server.log())
  assert.equal(server.log(), '')
  const admin = await setUp(server)
  const client = await joined(server, join(dataDir, 'mail'))
  const sent = await admin.upload('report.docx', makeOffice({ type: 'docx' }), { everyone: true })
  assert.equal(sent.status, 201, sent.text)
  const link = await client.post(`/api/v1/client/files/${sent.body.id}/link`, {})
  const { pathname } = new URL(link.body.download_link)
  assert.equal((await client.get(pathname)).status, 200)
  assert.equal(await server.kill('SIGTERM'), 0)

  const token = pathname.split('/').at(-1) ?? ''
  const digest = createHash('sha256').update(token).digest('hex').slice(0, 8)
  assert.ok(server.log().includes(`"token_digest":"${digest}"`), server.log())
  assert.ok(!server.log().includes(token))
})
