import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { joinClient, joinOps, PASSWORD, setUpAdmin, signIn } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'

let server: TestServer
let admin: Client
let otto: Client
before(async () => {
  server = await startServer()
  admin = await setUpAdmin(server)
  otto = await joinOps(server, admin, 'otto@firm.example')
})
after(() => server.stop())

const idOf = async (client: Client, role: string): Promise<string> => (await client.get(`/api/v1/${role}/me`)).body.id

test('clients, page by page, and by the beginnings of words', async () => {
  const { addUser } = server.app.accounts
  const names = ['Zoë Ångström', 'Jean-Luc Picard', 'Łukasz Żak', 'Ада Лавлейс', 'Zoe Zimmer', 'Max 2000']
  for (const [i, name] of names.entries()) {
    await addUser({ role: 'client', email: `p${i}@people.example`, name, admin: false, password: undefined })
  }
  const found = async (q: string) => {
    const { body } = await otto.get(`/api/v1/ops/clients?${new URLSearchParams({ q, limit: '200' })}`)
    return body.items.map((user: { name: string }) => user.name)
  }
  assert.deepEqual(await found('PIC jean'), ['Jean-Luc Picard'])
  assert.deepEqual(await found('ångs'), ['Zoë Ångström'])
  assert.deepEqual(await found('zo zi'), ['Zoe Zimmer'])
  assert.deepEqual(await found('ЛАВ'), ['Ада Лавлейс'])
  assert.deepEqual(await found('p1@people.example'), ['Jean-Luc Picard'])
  assert.deepEqual(await found('uc'), [])
  assert.deepEqual(await found('p%'), await found('p'))

  const seen: string[] = []
  let cursor: string | null = null
  do {
    const next = cursor ? `&cursor=${cursor}` : ''
    const { body } = await otto.get(`/api/v1/ops/clients?q=people&limit=2${next}`)
    seen.push(...body.items.map((user: { name: string }) => user.name))
    cursor = body.next_cursor
  } while (cursor)
  assert.deepEqual(seen, names.toReversed())
  refused(await otto.get('/api/v1/ops/clients?admin=1'), 400, 'invalid_request')
})

test('only admins see the team and disable people', async () => {
  const clara = await joinClient(server, 'clara@customer.example')
  const id = await idOf(clara, 'client')
  refused(await otto.get('/api/v1/ops/team'), 403, 'forbidden')
  refused(await otto.patch(`/api/v1/ops/clients/${id}`, { disabled: true }), 403, 'forbidden')
  refused(await otto.patch(`/api/v1/ops/team/${await idOf(admin, 'ops')}`, { disabled: true }), 403, 'forbidden')
  refused(await clara.get('/api/v1/ops/clients'), 403, 'forbidden')
  refused(await admin.patch(`/api/v1/ops/team/${id}`, { disabled: true }), 404, 'not_found')
  refused(await admin.patch(`/api/v1/ops/clients/${'A'.repeat(22)}`, { disabled: true }), 404, 'not_found')
  refused(await admin.patch(`/api/v1/ops/clients/${id}`, { disabled: 'yes' }), 400, 'invalid_request')
  const { body } = await admin.get('/api/v1/ops/team')
  assert.deepEqual(body.items.map((user: { email: string }) => user.email).sort(), [
    'admin@firm.example',
    'otto@firm.example',
  ])
})

test('disabling ends sessions, and enabling does not bring them back', async () => {
  const email = 'off@customer.example'
  const client = await joinClient(server, email)
  const id = await idOf(client, 'client')
  const off = await admin.patch(`/api/v1/ops/clients/${id}`, { disabled: true })
  assert.deepEqual([off.status, off.body.disabled], [200, true])
  refused(await client.get('/api/v1/client/me'), 401, 'unauthenticated')
  refused(await server.client().post('/api/v1/client/login', { email, password: PASSWORD }), 401, 'invalid_credentials')
  assert.equal((await admin.patch(`/api/v1/ops/clients/${id}`, { disabled: true })).status, 200)
  const on = await admin.patch(`/api/v1/ops/clients/${id}`, { disabled: false })
  assert.deepEqual([on.status, on.body.disabled], [200, false])
  refused(await client.get('/api/v1/client/me'), 401, 'unauthenticated')
  await signIn(server, 'client', email)
  const { body } = await admin.get('/api/v1/ops/audit?kind=account.disabled')
  assert.equal(body.items.filter((event: { subject: { email: string } }) => event.subject.email === email).length, 1)
})

test('the last enabled admin stays, also when admins disable each other at once', async () => {
  const { addUser } = server.app.accounts
  const mine = await idOf(admin, 'ops')
  refused(await admin.patch(`/api/v1/ops/team/${mine}`, { disabled: true }), 409, 'conflict')
  const other = await addUser({
    role: 'ops',
    email: 'second@firm.example',
    name: 'Second',
    admin: true,
    password: PASSWORD,
  })
  const { setDisabled } = server.app.accounts
  const outcomes = await Promise.allSettled([other.id, mine].map(id => setDisabled('ops', id, true, null)))
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  const users = await server.app.accounts.listUsers()
  assert.equal(users.filter(user => user.admin && !user.disabled).length, 1)
})
