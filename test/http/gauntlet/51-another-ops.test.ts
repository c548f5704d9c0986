import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Answer } from '../../client.ts'
import { holdsNoneOf, type Oracle, watch } from '../../gauntlet-oracle.ts'
import { makeOffice } from '../../office.ts'
import { setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { append, begun, CHUNK, idOf, slowly, TUS, UPLOADS } from '../files/tus.ts'
import { enlist, enter, isProblem, linkTo, type Person, upload } from './cast.ts'

let server: TestServer
let oracle: Oracle
let admin: Person
/** A attacks, B owns. */
let a: Person
let b: Person
let client: Person
let file: string
let group: string
let invitation: string
const secret = 'Merger with Zebra.docx'

before(async () => {
  server = await startServer()
  await setUpAdmin(server)
  admin = await enter(server, 'ops', 'admin@firm.example')
  a = await enlist(server, 'ops', 'anna@firm.example')
  b = await enlist(server, 'ops', 'bert@firm.example')
  client = await enlist(server, 'client', 'clara@customer.example')
  group = (await b.client.post('/api/v1/ops/groups', { name: 'Zebra people' })).body.id
  await b.client.put(`/api/v1/ops/groups/${group}/members`, { clients: [client.id] })
  file = await upload(b.client, secret, { groups: [group] })
  const invited = { email: 'zoe@zebra.example', role: 'client', groups: [group] }
  invitation = (await b.client.post('/api/v1/ops/invitations', invited)).body.id
  assert.equal((await client.client.get(await linkTo(client.client, file))).status, 200)
  oracle = watch(server)
})
after(() => server.stop())

const nobodys = 'AAAAAAAAAAAAAAAAAAAAAA'

/** Everything that can be asked about a file by its id, with bodies that are valid and with some that are not. */
const asked = (id: string): [string, string, unknown?][] => [
  ['GET', `/api/v1/ops/files/${id}`],
  ['HEAD', `/api/v1/ops/files/${id}`],
  ['GET', `/api/v1/ops/files/${id}/deliveries`],
  ['HEAD', `/api/v1/ops/files/${id}/deliveries`],
  ['GET', `/api/v1/ops/files/${id}/deliveries?limit=1`],
  ['PUT', `/api/v1/ops/files/${id}/audience`, { everyone: true }],
  ['PUT', `/api/v1/ops/files/${id}/audience`, { clients: [a.email] }],
  ['PUT', `/api/v1/ops/files/${id}/audience`, { clients: ['nobody@nowhere.example'] }],
  ['PUT', `/api/v1/ops/files/${id}/audience`, { groups: [nobodys] }],
  ['PUT', `/api/v1/ops/files/${id}/audience`, {}],
  ['DELETE', `/api/v1/ops/files/${id}`],
]

const same = (one: Answer, other: Answer, what: string): void => {
  const shown = ({ status, text, headers }: Answer) => ({
    status,
    text,
    headers: [...headers].filter(([name]) => name !== 'date'),
  })
  assert.deepEqual(shown(one), shown(other), what)
}

test('B’s file is for A what nobody’s file is, whatever is asked', async () => {
  await oracle.unchanged('asking for another’s file', async () => {
    for (const [index, [method, path, json]] of asked(file).entries()) {
      const answer = await a.client.request(path, { method, json })
      if (method === 'HEAD') assert.equal(answer.status, 404)
      else isProblem(answer, 404, `${method} ${path}`)
      holdsNoneOf(answer, ['Zebra', b.email, client.email], path)
      const [, nowhere = ''] = asked(nobodys)[index] ?? []
      same(answer, await a.client.request(nowhere, { method, json }), `${method} ${path}`)
    }
  })
})

test('B’s unfinished upload is for A, and for an admin, what nobody’s is', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 100_000 })
  const path = await begun(b.client, bytes.length, { filename: secret })
  assert.equal((await append(b.client, path, 0, bytes.subarray(0, 70_000))).status, 204)
  const tries: Parameters<typeof a.client.request>[1][] = [
    { method: 'HEAD', headers: TUS },
    { method: 'DELETE', headers: TUS },
    ...[0, 70_000, bytes.length].map(offset => ({
      method: 'PATCH',
      headers: { ...CHUNK, 'upload-offset': String(offset) },
      body: 'x',
    })),
  ]
  await oracle.unchanged('another’s upload', async () => {
    for (const person of [a, admin])
      for (const init of tries) {
        const answer = await person.client.request(path, init)
        assert.equal(answer.status, 404, init?.method)
        same(answer, await person.client.request(`${UPLOADS}/${nobodys}`, init), String(init?.method))
      }
    for (const person of [a, admin]) holdsNoneOf(await person.client.get(UPLOADS), ['Zebra', idOf(path)], 'the list')
  })
  assert.equal((await append(b.client, path, 70_000, bytes.subarray(70_000))).status, 204)
  assert.equal((await b.client.delete(`/api/v1/ops/files/${idOf(path)}`)).status, 204)
})

test('no list shows it to A, by whatever filter', async () => {
  const filters = [
    '',
    '?q=merger',
    '?q=zebra',
    `?uploaded_by=${b.id}`,
    `?uploaded_by=${b.email}`,
    `?uploaded_by=${admin.id}`,
  ].concat(['?status=available', '?limit=200', `?uploaded_by=${b.email.toUpperCase()}`, `?q=zebra&uploaded_by=${b.id}`])
  await oracle.unchanged('listing', async () => {
    for (const filter of filters) {
      const answer = await a.client.get(`/api/v1/ops/files${filter}`)
      assert.deepEqual([answer.status, answer.body.items], [200, []], filter)
      holdsNoneOf(answer, ['Zebra', file], filter)
    }
    // The place in the list where B's file stands, as a cursor of another list would name it.
    const { body } = await b.client.get('/api/v1/ops/files')
    const cursor = Buffer.from(JSON.stringify([1, Date.parse(body.items[0].uploaded_at) + 1, nobodys])).toString(
      'base64url',
    )
    assert.deepEqual((await a.client.get(`/api/v1/ops/files?cursor=${cursor}`)).body.items, [])
  })
})

test('the audit log shows A nothing of it', async () => {
  const filters = [
    '',
    `?file=${file}`,
    `?actor=${b.id}`,
    `?actor=${b.email}`,
    '?kind=file.uploaded',
    '?kind=file.shared',
  ]
    .concat([
      '?kind=link.issued',
      '?kind=file.download_started',
      '?kind=file.delivered',
      '?since=2020-01-01T00:00:00Z',
      '?limit=200',
    ])
    .concat([`?actor=${client.email}`, `?actor=${admin.email}`, '?kind=session.started', '?kind=account.created'])
  for (const filter of filters) {
    const answer = await a.client.get(`/api/v1/ops/audit${filter}`)
    assert.equal(answer.status, 200, filter)
    assert.deepEqual(answer.body.items, [], filter)
  }
  const own = await b.client.get(`/api/v1/ops/audit?file=${file}`)
  assert.ok(own.body.items.length >= 4, 'B sees what happened to it')
  assert.ok((await admin.client.get(`/api/v1/ops/audit?file=${file}`)).body.items.length >= 4, 'admins, too')
})

test('B’s group and B’s invitation are not A’s to change, and not to see into', async () => {
  const tries: [string, string, unknown?][] = [
    ['PATCH', `/api/v1/ops/groups/${group}`, { name: 'Mine' }],
    ['PATCH', `/api/v1/ops/groups/${group}`, { name: 'Zebra people' }],
    ['DELETE', `/api/v1/ops/groups/${group}`],
    ['PUT', `/api/v1/ops/groups/${group}/members`, { clients: [client.id] }],
    ['PUT', `/api/v1/ops/groups/${group}/members`, { clients: ['nobody@nowhere.example'] }],
    ['PUT', `/api/v1/ops/groups/${group}/members`, { clients: [] }],
    ['DELETE', `/api/v1/ops/invitations/${invitation}`],
  ]
  await oracle.unchanged('changing another’s group', async () => {
    for (const [method, path, json] of tries) {
      const answer = await a.client.request(path, { method, json })
      isProblem(answer, 404, `${method} ${path}`)
      const id = path.split('/')[5] ?? ''
      same(answer, await a.client.request(path.replace(id, nobodys), { method, json }), path)
    }
    const { body } = await a.client.get('/api/v1/ops/invitations')
    assert.deepEqual(body.items, [])
    // To be in a group is to see what it sees: inviting into it is changing it.
    const invited = await a.client.post('/api/v1/ops/invitations', {
      email: 'a@evil.example',
      role: 'client',
      groups: [group],
    })
    isProblem(invited, 400, 'inviting into another’s group')
  })
})

test('a session of another ops, and of an admin, is not A’s to end', async () => {
  for (const whose of [b, admin]) {
    const { body } = await whose.client.get('/api/v1/ops/sessions')
    await oracle.unchanged('ending', async () => {
      for (const { id } of body.items) isProblem(await a.client.delete(`/api/v1/ops/sessions/${id}`), 404, id)
    })
  }
})

test('what belongs to admins is forbidden, not hidden, and does nothing', async () => {
  const tries: [string, string, unknown?][] = [
    ['GET', '/api/v1/ops/team'],
    ['PATCH', `/api/v1/ops/team/${b.id}`, { disabled: true }],
    ['PATCH', `/api/v1/ops/team/${nobodys}`, { disabled: true }],
    ['PATCH', `/api/v1/ops/clients/${client.id}`, { disabled: true }],
    ['POST', '/api/v1/ops/invitations', { email: 'x@firm.example', role: 'ops' }],
  ]
  await oracle.unchanged('an admin’s action', async () => {
    for (const [method, path, json] of tries) isProblem(await a.client.request(path, { method, json }), 403, path)
  })
})

test('the right to a file does not come by a file of the same bytes and name', async () => {
  const bytes = makeOffice({ type: 'docx', text: secret })
  const twin = await a.client.upload(secret, bytes, {})
  assert.equal(twin.status, 201, twin.text)
  assert.notEqual(twin.body.id, file)
  isProblem(await a.client.get(`/api/v1/ops/files/${file}`), 404, 'still')
  assert.deepEqual((await a.client.get(`/api/v1/ops/files/${twin.body.id}/deliveries`)).body.items, [])
  assert.equal((await a.client.delete(`/api/v1/ops/files/${twin.body.id}`)).status, 204)
  assert.equal(
    (await client.client.get(await linkTo(client.client, file))).status,
    200,
    'B’s bytes are there as before',
  )
})

test('A’s questions do not end what B is sending', async () => {
  const path = await begun(b.client, 300_000, { filename: 'Zebra in the making.docx' })
  const sending = slowly({ url: server.url, token: b.token, path, offset: 0, length: 300_000 })
  await sending.write(Buffer.alloc(100_000))
  for (const method of ['HEAD', 'DELETE'])
    assert.equal((await a.client.request(path, { method, headers: TUS })).status, 404, method)
  await sending.write(Buffer.alloc(50_000))
  sending.cut()
  await sending.answer
  const { headers } = await b.client.request(path, { method: 'HEAD', headers: TUS })
  assert.ok(Number(headers.get('upload-offset')) >= 131_008, String(headers.get('upload-offset')))
  assert.equal((await b.client.request(path, { method: 'DELETE', headers: TUS })).status, 204)
})

test('an admin reaches all of it', async () => {
  for (const [method, path, json] of asked(file)
    .filter(([method]) => method !== 'DELETE')
    .slice(0, 5))
    assert.equal((await admin.client.request(path, { method, json })).status, 200, path)
  assert.equal((await admin.client.get('/api/v1/ops/files?q=zebra')).body.items.length, 1)
  assert.equal((await admin.client.delete(`/api/v1/ops/files/${file}`)).status, 204)
})

test('no answer of 500, no connection away', () => oracle.verify())
