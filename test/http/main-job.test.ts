import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { makeOffice } from '../office.ts'
import { joinClient, PASSWORD, setUpAdmin, signIn } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'

let server: TestServer
before(async () => {
  server = await startServer()
})
after(() => server.stop())

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const document = makeOffice({ type: 'docx', text: 'Annual accounts', padTo: 300_000 })

test('the whole main job, with bearer tokens', async () => {
  const ops = await setUpAdmin(server)
  const clara = await joinClient(server, 'clara@customer.example')
  const uploaded = await ops.upload('Annual accounts.docx', document, { clients: ['clara@customer.example'] })
  assert.equal(uploaded.status, 201, uploaded.text)
  assert.equal(uploaded.body.sha256, sha256(document))
  assert.equal(uploaded.body.size, document.length)
  assert.equal(uploaded.body.type, 'docx')
  assert.equal(uploaded.body.status, 'available')
  assert.deepEqual(
    uploaded.body.audience.clients.map((one: { email: string }) => one.email),
    ['clara@customer.example'],
  )

  const listed = await clara.get('/api/v1/client/files')
  assert.deepEqual(
    listed.body.items.map((file: { id: string }) => file.id),
    [uploaded.body.id],
  )
  assert.equal('audience' in listed.body.items[0], false)

  const link = await clara.post(`/api/v1/client/files/${uploaded.body.id}/link`, {})
  assert.equal(link.status, 201, link.text)
  assert.equal(link.body.message, 'success')
  assert.ok(link.body.download_link.startsWith(`${server.url}/download/`))

  const download = await clara.get(new URL(link.body.download_link).pathname)
  assert.equal(download.status, 200)
  assert.deepEqual(download.body, document)
  assert.equal(download.headers.get('etag'), `"${sha256(document)}"`)
  assert.match(download.headers.get('content-disposition') ?? '', /^attachment; filename=/)

  const dora = await joinClient(server, 'dora@elsewhere.example')
  assert.equal((await dora.get('/api/v1/client/files')).body.items.length, 0)
  assert.equal((await dora.get(`/api/v1/client/files/${uploaded.body.id}`)).status, 404)
  assert.equal((await dora.post(`/api/v1/client/files/${uploaded.body.id}/link`, {})).status, 404)
  assert.equal((await dora.get(new URL(link.body.download_link).pathname)).status, 404)
  assert.equal((await server.client().get(new URL(link.body.download_link).pathname)).status, 401)
})

test('the main job with cookies, as a browser does it', async () => {
  const browser = server.client()
  const headers = browser.browser
  const email = 'admin@firm.example'
  const signedIn = await browser.post(
    '/api/v1/ops/login',
    { email, password: PASSWORD, transport: 'cookie' },
    { headers },
  )
  assert.equal(signedIn.status, 200, signedIn.text)
  assert.equal('access_token' in signedIn.body, false)
  assert.ok(browser.cookies.has('valise-ops'))
  const uploaded = await browser.upload('Plan.xlsx', makeOffice({ type: 'xlsx' }), { everyone: true }, { headers })
  assert.equal(uploaded.status, 201, uploaded.text)

  const clara = server.client()
  await clara.post(
    '/api/v1/client/login',
    { email: 'clara@customer.example', password: PASSWORD, transport: 'cookie' },
    { headers },
  )
  const listed = await clara.get('/api/v1/client/files?q=plan')
  assert.deepEqual(
    listed.body.items.map((file: { name: string }) => file.name),
    ['Plan.xlsx'],
  )
  const link = await clara.post(`/api/v1/client/files/${uploaded.body.id}/link`, { single_use: true }, { headers })
  assert.equal(link.status, 201, link.text)
  const download = await clara.get(new URL(link.body.download_link).pathname, {
    headers: { 'sec-fetch-mode': 'navigate' },
  })
  assert.equal(sha256(download.body), uploaded.body.sha256)
  const out = await clara.post('/api/v1/client/logout', undefined, { headers })
  assert.equal(out.status, 204, out.text)
  assert.equal((await clara.get('/api/v1/client/files')).status, 401)
})

test('a withdrawn file is gone with the next request', async () => {
  const ops = await signIn(server, 'ops', 'admin@firm.example')
  const clara = await signIn(server, 'client', 'clara@customer.example')
  const { body: file } = await ops.upload('Draft.pptx', makeOffice({ type: 'pptx' }), {
    clients: ['clara@customer.example'],
  })
  const { body: link } = await clara.post(`/api/v1/client/files/${file.id}/link`, {})
  const changed = await ops.put(`/api/v1/ops/files/${file.id}/audience`, {})
  assert.equal(changed.status, 200, changed.text)
  assert.deepEqual(changed.body.audience, { everyone: false, groups: [], clients: [] })
  assert.equal((await clara.get(`/api/v1/client/files/${file.id}`)).status, 404)
  assert.equal((await clara.get(new URL(link.download_link).pathname)).status, 404)
})
