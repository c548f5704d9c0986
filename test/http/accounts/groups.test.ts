import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { makeOffice } from '../../office.ts'
import { joinClient, joinOps, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'

let server: TestServer
let admin: Client
let otto: Client
let olga: Client
let clara: Client
let claraId: string
before(async () => {
  server = await startServer()
  admin = await setUpAdmin(server)
  otto = await joinOps(server, admin, 'otto@firm.example')
  olga = await joinOps(server, admin, 'olga@firm.example', 'Olga')
  clara = await joinClient(server, 'clara@customer.example')
  claraId = (await clara.get('/api/v1/client/me')).body.id
})
after(() => server.stop())

const PATH = '/api/v1/ops/groups'
const create = async (who: Client, name: string): Promise<string> => {
  const answer = await who.post(PATH, { name })
  assert.equal(answer.status, 201, answer.text)
  assert.deepEqual([answer.body.name, answer.body.members], [name, []])
  return answer.body.id
}

test('members by id or address, all at once; an unknown one changes nothing', async () => {
  const id = await create(otto, 'Members')
  await joinClient(server, 'carl@customer.example', 'Carl')
  const put = (clients: string[]) => otto.put(`${PATH}/${id}/members`, { clients })
  const emails = (answer: { body: { members: { email: string }[] } }) => answer.body.members.map(({ email }) => email)
  const both = await put([claraId, 'CARL@customer.example', 'clara@customer.example'])
  assert.equal(both.status, 200, both.text)
  assert.deepEqual(emails(both), ['carl@customer.example', 'clara@customer.example'])
  const unknown = await put(['nobody@customer.example', claraId])
  refused(unknown, 422, 'unknown_recipient')
  assert.match(unknown.body.detail, /nobody@customer\.example/)
  refused(await put(['otto@firm.example']), 422, 'unknown_recipient')
  refused(await put(['\u0000@customer.example']), 422, 'unknown_recipient')
  const { body } = await otto.get(`${PATH}?limit=200`)
  assert.equal(body.items.find((group: { id: string }) => group.id === id).members.length, 2)
  assert.deepEqual(emails(await put(['carl@customer.example'])), ['carl@customer.example'])
  assert.deepEqual(emails(await put([])), [])
})

test('names that read alike are one name', async () => {
  const id = await create(otto, 'Müller & Söhne')
  await create(otto, 'Other')
  for (const name of ['müller & söhne', '  Müller  &  Söhne ', 'Mu\u0308ller & So\u0308hne']) {
    refused(await olga.post(PATH, { name }), 409, 'conflict')
  }
  refused(await otto.patch(`${PATH}/${id}`, { name: 'OTHER' }), 409, 'conflict')
  const renamed = await otto.patch(`${PATH}/${id}`, { name: 'MÜLLER & SÖHNE' })
  assert.deepEqual([renamed.status, renamed.body.name], [200, 'MÜLLER & SÖHNE'])
  for (const name of ['', ' ', 'a\u0000b', 'x'.repeat(101)])
    refused(await otto.post(PATH, { name }), 400, 'invalid_request')
})

test('everybody inside sees a group; who made it and admins change it; clients nothing', async () => {
  const id = await create(otto, 'Mine')
  const { body } = await olga.get(`${PATH}?limit=200`)
  assert.ok(body.items.some((group: { id: string }) => group.id === id))
  refused(await olga.patch(`${PATH}/${id}`, { name: 'Yours' }), 404, 'not_found')
  refused(await olga.put(`${PATH}/${id}/members`, { clients: [claraId] }), 404, 'not_found')
  refused(await olga.delete(`${PATH}/${id}`), 404, 'not_found')
  refused(await clara.get(PATH), 403, 'forbidden')
  assert.equal((await admin.put(`${PATH}/${id}/members`, { clients: [claraId] })).status, 200)
  assert.equal((await admin.patch(`${PATH}/${id}`, { name: 'Ours' })).body.members.length, 1)
  assert.equal((await admin.delete(`${PATH}/${id}`)).status, 204)
  refused(await otto.delete(`${PATH}/${id}`), 404, 'not_found')
})

test('deleting a group withdraws what was shared with it, and the log says so', async () => {
  const id = await create(otto, 'Withdrawn')
  await otto.put(`${PATH}/${id}/members`, { clients: [claraId] })
  const uploaded = await otto.upload('Report.docx', makeOffice({ type: 'docx', text: 'Report' }), { groups: [id] })
  assert.equal(uploaded.status, 201, uploaded.text)
  const files = async () => (await clara.get('/api/v1/client/files')).body.items.length
  assert.equal(await files(), 1)
  assert.equal((await otto.delete(`${PATH}/${id}`)).status, 204)
  assert.equal(await files(), 0)
  const file = await otto.get(`/api/v1/ops/files/${uploaded.body.id}`)
  assert.deepEqual(file.body.audience, { everyone: false, groups: [], clients: [] })
  const kinds = async (query: string) =>
    (await admin.get(`/api/v1/ops/audit?${query}`)).body.items.map((event: { kind: string }) => event.kind)
  assert.ok((await kinds(`file=${uploaded.body.id}`)).includes('file.withdrawn'))
  assert.ok((await kinds('kind=group.deleted')).length > 0)
})
