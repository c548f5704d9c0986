import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { joinClient, PASSWORD, setUpAdmin, signIn } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'

let server: TestServer
let admin: Client
const clara = 'clara@customer.example'
before(async () => {
  server = await startServer()
  admin = await setUpAdmin(server)
  await joinClient(server, clara)
})
after(() => server.stop())

test('my sessions, page by page, and nobody else’s', async () => {
  const first = await signIn(server, 'client', clara)
  for (let i = 0; i < 3; i++) await signIn(server, 'client', clara)
  const seen: { id: string; current: boolean }[] = []
  let cursor: string | null = null
  do {
    const page = await first.get(`/api/v1/client/sessions?limit=2${cursor ? `&cursor=${cursor}` : ''}`)
    assert.equal(page.status, 200, page.text)
    assert.ok(page.body.items.length <= 2)
    seen.push(...page.body.items)
    cursor = page.body.next_cursor
  } while (cursor)
  assert.equal(seen.length, 5)
  assert.equal(new Set(seen.map(({ id }) => id)).size, 5)
  assert.equal(seen.filter(({ current }) => current).length, 1)
  const [shown] = seen
  assert.deepEqual(Object.keys(shown ?? {}).sort(), [
    'created_at',
    'current',
    'expires_at',
    'id',
    'ip',
    'last_seen_at',
    'user_agent',
  ])
  for (const query of ['limit=0', 'limit=201', 'limit=x', 'cursor=x', 'cursor=', 'all=1', 'limit=1&limit=2']) {
    refused(await first.get(`/api/v1/client/sessions?${query}`), 400, 'invalid_request')
  }
})

test('ending one ends that one; somebody else’s is not found', async () => {
  const [one, two] = [await signIn(server, 'client', clara), await signIn(server, 'client', clara)]
  const current = async (client: Client, role: string) => {
    const { body } = await client.get(`/api/v1/${role}/sessions?limit=200`)
    return body.items.find((session: { current: boolean }) => session.current).id
  }
  const id = await current(two, 'client')
  refused(await admin.delete(`/api/v1/ops/sessions/${id}`), 404, 'not_found')
  refused(await one.delete(`/api/v1/client/sessions/${await current(admin, 'ops')}`), 404, 'not_found')
  refused(await one.delete('/api/v1/client/sessions/nothing'), 404, 'not_found')
  assert.equal((await one.delete(`/api/v1/client/sessions/${id}`)).status, 204)
  refused(await one.delete(`/api/v1/client/sessions/${id}`), 404, 'not_found')
  refused(await two.get('/api/v1/client/me'), 401, 'unauthenticated')
  assert.equal((await one.get('/api/v1/client/me')).status, 200)
  assert.equal((await admin.get('/api/v1/ops/me')).status, 200)
})

test('without a live session: 401 at every route of both doors', async () => {
  const nobody = server.client()
  for (const role of ['ops', 'client']) {
    for (const path of ['me', 'sessions']) refused(await nobody.get(`/api/v1/${role}/${path}`), 401, 'unauthenticated')
    refused(await nobody.post(`/api/v1/${role}/logout`), 401, 'unauthenticated')
    for (const token of ['', 'x', 'a.b.c', 'e30.e30.e30']) {
      refused(await nobody.get(`/api/v1/${role}/me`, { token }), 401, 'unauthenticated')
    }
  }
})

test('asking whether a session lives counts as use, and ends with it', async () => {
  const client = server.client()
  const { body } = await client.post('/api/v1/client/login', { email: clara, password: PASSWORD })
  const actor = await server.app.accounts.authenticate(body.access_token)
  assert.ok(actor)
  assert.equal(await server.app.accounts.sessionAlive(actor.session.id), true)
  client.useToken(body.access_token)
  await client.post('/api/v1/client/logout')
  assert.equal(await server.app.accounts.sessionAlive(actor.session.id), false)
})

test('an account has a hundred sessions at most: the longest unused ends, and the log says so', async () => {
  const email = 'many@customer.example'
  await joinClient(server, email)
  const tokens: string[] = []
  const signIn = async () => {
    const { body } = await server.client().post('/api/v1/client/login', { email, password: PASSWORD })
    tokens.push(body.access_token)
  }
  for (let i = 0; i < 101; i++) await signIn()
  const status = async (token = '') => (await server.client().get('/api/v1/client/me', { token })).status
  assert.equal(await status(tokens.at(-1)), 200)
  assert.equal(await status(tokens[5]), 200)
  assert.equal(await status(tokens[0]), 401)
  const { body } = await server.client().get('/api/v1/client/sessions?limit=200', { token: tokens.at(-1) ?? '' })
  assert.equal(body.items.length, 100)
  const ended = await admin.get('/api/v1/ops/audit?kind=session.ended&limit=200')
  const surplus = ended.body.items.filter((event: { data: { by: string } }) => event.data.by === 'too_many')
  assert.equal(surplus.length, 2, 'the session of joining, and the first after it')
})
