import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Answer, Client } from '../../client.ts'
import { makeOffice } from '../../office.ts'
import { joinClient, joinOps, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'

let server: TestServer
let admin: Client
let otto: Client
let clara: Client
let group: string
const docx = makeOffice({ type: 'docx' })

before(async () => {
  server = await startServer()
  admin = await setUpAdmin(server)
  otto = await joinOps(server, admin, 'otto@firm.example')
  clara = await joinClient(server, 'clara@customer.example')
  const made = await admin.post('/api/v1/ops/groups', { name: 'Customer Ltd' })
  group = made.body.id
  await admin.put(`/api/v1/ops/groups/${group}/members`, { clients: ['clara@customer.example'] })
  const audiences = [{ everyone: true }, { groups: [group] }, { clients: ['clara@customer.example'] }, {}]
  for (let i = 0; i < 24; i++) {
    const who = i % 3 === 0 ? otto : admin
    // Every grant at once for some: a file that three grants reach is still one file.
    const audience =
      i % 8 === 7 ? { everyone: true, groups: [group], clients: ['clara@customer.example'] } : audiences[i % 4]
    const answer = await who.upload(`Quarterly report ${i} for Müller_GmbH.docx`, docx, audience)
    assert.equal(answer.status, 201, answer.text)
  }
})
after(() => server.stop())

const names = (answer: Answer): string[] => answer.body.items.map((file: { name: string }) => file.name)

const pages = async (client: Client, path: string): Promise<string[]> => {
  const all: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer: Answer = await client.get(
      `${path}${path.includes('?') ? '&' : '?'}limit=5${cursor && `&cursor=${cursor}`}`,
    )
    assert.equal(answer.status, 200, answer.text)
    assert.ok(answer.body.items.length <= 5)
    all.push(...names(answer))
    cursor = answer.body.next_cursor
  }
  return all
}

test('admins see all, other ops their own, clients what was shared; newest first, page by page', async () => {
  const all = await pages(admin, '/api/v1/ops/files')
  assert.equal(all.length, 24)
  assert.deepEqual(all, names(await admin.get('/api/v1/ops/files?limit=200')))
  assert.match(all[0] ?? '', / 23 /)
  assert.equal((await pages(otto, '/api/v1/ops/files')).length, 8)
  const shared = await pages(clara, '/api/v1/client/files')
  assert.equal(shared.length, 21)
  assert.equal(new Set(shared).size, 21)
  assert.deepEqual(shared, names(await clara.get('/api/v1/client/files?limit=200')))
})

test('search by beginnings of words, in any case and form', async () => {
  for (const q of ['quart', 'REPORT', 'müller', 'mu\u0308ller', 'gmbh', 'rep quar']) {
    assert.equal((await pages(admin, `/api/v1/ops/files?q=${encodeURIComponent(q)}`)).length, 24, q)
    assert.equal((await pages(clara, `/api/v1/client/files?q=${encodeURIComponent(q)}`)).length, 21, q)
  }
  assert.deepEqual(names(await admin.get('/api/v1/ops/files?q=report%2017')), [
    'Quarterly report 17 for Müller_GmbH.docx',
  ])
  assert.deepEqual(names(await admin.get('/api/v1/ops/files?q=uarterly')), [])
  assert.deepEqual(names(await admin.get('/api/v1/ops/files?q=%25')).length, 0, 'a search without a word finds nothing')
})

test('filters: uploader by id and address, status, exact name', async () => {
  assert.equal((await pages(admin, '/api/v1/ops/files?uploaded_by=otto@firm.example')).length, 8)
  assert.equal((await pages(admin, '/api/v1/ops/files?uploaded_by=nobody@firm.example')).length, 0)
  const { body: me } = await otto.get('/api/v1/ops/me')
  assert.equal((await pages(admin, `/api/v1/ops/files?uploaded_by=${me.id}`)).length, 8)
  assert.equal((await pages(otto, '/api/v1/ops/files?uploaded_by=admin@firm.example')).length, 0)
  assert.equal((await pages(clara, '/api/v1/client/files?uploaded_by=OTTO@firm.example')).length, 7)
  assert.equal((await pages(admin, '/api/v1/ops/files?status=available')).length, 24)
  assert.equal((await pages(admin, '/api/v1/ops/files?status=pending')).length, 0)
  const exact = `/api/v1/client/files?name=${encodeURIComponent('Quarterly report 4 for Mu\u0308ller_GmbH.docx')}`
  assert.equal((await pages(clara, exact)).length, 1)
})

test('membership decides at once, and a deleted group takes its grants along', async () => {
  await admin.put(`/api/v1/ops/groups/${group}/members`, { clients: [] })
  assert.equal((await pages(clara, '/api/v1/client/files')).length, 15)
  await admin.put(`/api/v1/ops/groups/${group}/members`, { clients: ['clara@customer.example'] })
  assert.equal((await pages(clara, '/api/v1/client/files')).length, 21)
  assert.equal((await admin.delete(`/api/v1/ops/groups/${group}`)).status, 204)
  assert.equal((await pages(clara, '/api/v1/client/files')).length, 15)
})

test('deliveries: who may, who has, who has not', async () => {
  const { body: file } = await admin.upload('Delivered.docx', docx, { clients: ['clara@customer.example'] })
  const path = `/api/v1/ops/files/${file.id}/deliveries`
  const state = async () =>
    (await admin.get(path)).body.items.map((one: { state: string; bytes_sent: number }) => [one.state, one.bytes_sent])
  assert.deepEqual(await state(), [['offered', 0]])
  const { body: link } = await clara.post(`/api/v1/client/files/${file.id}/link`, {})
  assert.deepEqual(await state(), [['opened', 0]])
  await clara.get(new URL(link.download_link).pathname, { headers: { range: 'bytes=0-99' } })
  while ((await state())[0]?.[1] === 0) await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(await state(), [['partial', 100]])
  await clara.get(new URL(link.download_link).pathname)
  while ((await state())[0]?.[0] !== 'delivered') await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(await state(), [['delivered', docx.length]])
  assert.equal((await otto.get(path)).status, 404)
})
