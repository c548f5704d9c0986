import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { joinClient, PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'
import { unchanged } from './unchanged.ts'

let server: TestServer
let admin: Client
const email = 'clara@customer.example'
before(async () => {
  server = await startServer()
  await setUpAdmin(server)
  await joinClient(server, email)
  admin = server.client()
  const body = { email: 'admin@firm.example', password: PASSWORD, transport: 'cookie' }
  assert.equal((await admin.post('/api/v1/ops/login', body, { headers: admin.browser })).status, 200)
})
after(() => server.stop())

test('what another site’s page makes a browser send changes nothing, with a cookie or without', async () => {
  const { port } = new URL(server.url)
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'cross-site', origin: server.url },
    { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: '' },
    { origin: `http://localhost:${Number(port) + 1}` },
    { origin: `https://localhost:${port}` },
    { origin: `http://localhost.evil.example:${port}` },
    { origin: `http://127.0.0.1:${port}` },
  ]
  const group = await admin.post('/api/v1/ops/groups', { name: 'Group' }, { headers: admin.browser })
  assert.equal(group.status, 201)
  const path = `/api/v1/ops/groups/${group.body.id}`
  const login = { email, password: PASSWORD }
  const attacks: [string, string, unknown][] = [
    ['POST', '/api/v1/client/login', login],
    ['POST', '/api/v1/client/login', { ...login, transport: 'cookie' }],
    ['POST', '/api/v1/ops/login', { email: 'admin@firm.example', password: PASSWORD, transport: 'cookie' }],
    ['POST', '/api/v1/client/login/mail', { token: 'A'.repeat(43), password: PASSWORD }],
    ['POST', '/api/v1/client/signup', { email: 'new@customer.example', name: 'N', password: PASSWORD }],
    ['POST', '/api/v1/client/verify', { token: 'A'.repeat(43), password: PASSWORD }],
    ['POST', '/api/v1/client/verify/resend', { email }],
    ['POST', '/api/v1/client/password/forgot', { email }],
    ['POST', '/api/v1/password/reset', { token: 'A'.repeat(43), password: PASSWORD }],
    ['POST', '/api/v1/invitations/read', { token: 'A'.repeat(43) }],
    ['POST', '/api/v1/invitations/accept', { token: 'A'.repeat(43), name: 'N', password: PASSWORD }],
    ['POST', '/api/v1/ops/invitations', { email: 'new@customer.example', role: 'client' }],
    ['POST', '/api/v1/ops/groups', { name: 'Another' }],
    ['PATCH', path, { name: 'Another' }],
    ['PUT', `${path}/members`, { clients: [email] }],
    ['DELETE', path, undefined],
    ['POST', '/api/v1/ops/logout', undefined],
  ]
  await unchanged(server, async () => {
    for (const headers of foreign) {
      for (const [method, target, json] of attacks) {
        const answer = await admin.request(target, { method, json, headers })
        refused(answer, 403, 'cross_site')
        assert.deepEqual(answer.headers.getSetCookie(), [])
        assert.equal(answer.headers.get('access-control-allow-origin'), null)
      }
      const preflight = await admin.request('/api/v1/client/login', { method: 'OPTIONS', headers })
      assert.equal(preflight.headers.get('access-control-allow-origin'), null)
    }
    // A form can send these types without asking first.
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
      const headers = { ...admin.browser, 'content-type': type }
      const answer = await admin.request('/api/v1/client/login', {
        method: 'POST',
        body: JSON.stringify(login),
        headers,
      })
      refused(answer, 415, 'unsupported_media_type')
    }
  })
})

test('without a word about where it comes from, a request gets no use of a cookie and none set', async () => {
  refused(await admin.post('/api/v1/ops/groups', { name: 'Another' }), 401, 'unauthenticated')
  const answer = await server.client().post('/api/v1/client/login', { email, password: PASSWORD })
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.headers.getSetCookie(), [])
})
