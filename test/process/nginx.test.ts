import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { startRelay } from '../../server/mail/relay.testing.ts'
import { freePort, noNginx, startNginx, throughTls } from '../nginx.ts'
import { makeOffice } from '../office.ts'
import { PASSWORD } from '../people.ts'
import { startServer } from '../server.ts'

test('behind nginx as documented: an upload is cut, goes on, and arrives; nothing rests in the proxy', {
  skip: noNginx,
}, async t => {
  const folder = await mkdtemp(join(tmpdir(), 'valise-nginx-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const relay = await startRelay({ tls: 'none' })
  t.after(() => relay.stop())
  const port = await freePort()
  const server = await startServer({
    env: {
      VALISE_PUBLIC_URL: `https://localhost:${port}`,
      VALISE_TRUSTED_PROXIES: '127.0.0.1',
      VALISE_SMTP_URL: `smtp://127.0.0.1:${relay.port}`,
      VALISE_MAIL_FROM: 'Valise <valise@firm.example>',
    },
  })
  t.after(() => server.stop())
  const address = server.app.http.server.address()
  assert.ok(address !== null && typeof address === 'object')
  await startNginx(t, { folder: join(folder, 'nginx'), port, backend: address.port })
  /** Bytes of blobs that are not complete. */
  const arrived = () => {
    const unfinished = join(server.dataDir, 'tmp')
    return readdirSync(unfinished).reduce((sum, name) => sum + statSync(join(unfinished, name)).size, 0)
  }

  const json = (path: string, body: unknown, token?: string) =>
    throughTls(port, path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    })
  const email = 'ada@firm.example'
  const made = await json('/api/v1/setup', { setup_token: server.setupToken, email, name: 'Ada', password: PASSWORD })
  assert.equal(made.status, 201, made.body.toString())
  const login = JSON.parse((await json('/api/v1/ops/login', { email, password: PASSWORD })).body.toString())
  const authorization = `Bearer ${login.access_token}`

  const document = makeOffice({ type: 'docx', padTo: 6_000_000 })
  const tus = { authorization, 'tus-resumable': '1.0.0' }
  const filename = Buffer.from('Report.docx').toString('base64')
  const created = await throughTls(port, '/api/v1/ops/uploads', {
    method: 'POST',
    headers: { ...tus, 'upload-length': String(document.length), 'upload-metadata': `filename ${filename}` },
  })
  assert.equal(created.status, 201, created.body.toString())
  const { pathname } = new URL(String(created.headers.location), `https://localhost:${port}`)
  const offset = async () =>
    Number((await throughTls(port, pathname, { method: 'HEAD', headers: tus })).headers['upload-offset'])
  const patch = (from: number, body: Readable | Uint8Array) =>
    throughTls(port, pathname, {
      method: 'PATCH',
      body,
      headers: {
        ...tus,
        'upload-offset': String(from),
        'content-type': 'application/offset+octet-stream',
        'content-length': String(document.length - from),
      },
    })

  // Three of six megabytes, then the line is cut.
  const cut = Readable.from(
    (async function* () {
      yield document.subarray(0, 3_000_000)
      // Only once they have gone through the proxy: it does not gather a request.
      while (arrived() < 2_000_000) await new Promise(resolve => setImmediate(resolve))
      throw new Error('cut')
    })(),
  )
  await assert.rejects(patch(0, cut))
  let reached = 0
  while (reached === 0) reached = await offset()
  assert.ok(reached >= 1_000_000 && reached % 65_504 === 0, `${reached}`)
  const done = await patch(reached, document.subarray(reached))
  assert.equal(done.status, 204, done.body.toString())
  const id = pathname.split('/').at(-1)
  const shown = await throughTls(port, `/api/v1/ops/files/${id}`, { headers: { authorization } })
  assert.equal(JSON.parse(shown.body.toString()).size, document.length)
  const temporary = await readdir(folder, { recursive: true, withFileTypes: true })
  assert.deepEqual(
    temporary.filter(entry => entry.isFile() && /client_body|proxy/.test(entry.parentPath)).map(({ name }) => name),
    [],
  )
})
