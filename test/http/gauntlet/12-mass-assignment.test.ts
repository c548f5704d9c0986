import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { joinClient, joinOps, PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'
import { unchanged } from './unchanged.ts'

let server: TestServer
let admin: Client
let otto: Client
let clara: Client
before(async () => {
  server = await startServer()
  admin = await setUpAdmin(server)
  otto = await joinOps(server, admin, 'otto@firm.example')
  clara = await joinClient(server, 'clara@customer.example')
})
after(() => server.stop())

const smuggled = {
  id: 'A'.repeat(22),
  role: 'ops',
  admin: true,
  email_verified: true,
  email_verified_at: 1,
  disabled: false,
  disabled_at: null,
  epoch: 0,
  owner: 'A'.repeat(22),
  created_by: 'A'.repeat(22),
  invited_by: 'A'.repeat(22),
  expires_at: '2999-01-01T00:00:00Z',
  created_at: '2999-01-01T00:00:00Z',
  password_hash: 'x',
  name_key: 'x',
  user: { admin: true },
  'user.admin': true,
}

test('no body takes a field that is not its own: refused, and nothing has changed', async () => {
  const email = 'new@customer.example'
  const anyone = server.client()
  const group = (await otto.post('/api/v1/ops/groups', { name: 'Group' })).body.id
  const claraId = (await clara.get('/api/v1/client/me')).body.id
  await otto.post('/api/v1/ops/invitations', { email: 'i@customer.example', role: 'client' })
  const invitation = (await server.lastMail('i@customer.example')).token
  await anyone.post('/api/v1/client/signup', { email: 's@customer.example', name: 'S', password: PASSWORD })
  const verification = (await server.lastMail('s@customer.example')).token
  await anyone.post('/api/v1/client/password/forgot', { email: 'clara@customer.example' })
  const reset = (await server.lastMail('clara@customer.example')).token
  const login = { email: 'clara@customer.example', password: PASSWORD }
  const bodies: [Client, 'post' | 'put' | 'patch', string, object][] = [
    [anyone, 'post', '/client/signup', { email, name: 'N', password: PASSWORD }],
    [anyone, 'post', '/client/verify', { token: verification, password: PASSWORD }],
    [anyone, 'post', '/client/verify/resend', { email: 's@customer.example' }],
    [anyone, 'post', '/client/login', login],
    [anyone, 'post', '/ops/login', { ...login, email: 'otto@firm.example' }],
    [anyone, 'post', '/client/login/mail', { token: reset, password: PASSWORD }],
    [anyone, 'post', '/client/password/forgot', { email: login.email }],
    [anyone, 'post', '/password/reset', { token: reset, password: PASSWORD }],
    [anyone, 'post', '/invitations/accept', { token: invitation, name: 'I', password: PASSWORD }],
    [otto, 'post', '/ops/invitations', { email, role: 'client' }],
    [otto, 'post', '/ops/groups', { name: 'Another' }],
    [otto, 'patch', `/ops/groups/${group}`, { name: 'Another' }],
    [otto, 'put', `/ops/groups/${group}/members`, { clients: [claraId] }],
    [admin, 'patch', `/ops/clients/${claraId}`, { disabled: true }],
  ]
  await unchanged(server, async () => {
    for (const [who, method, path, body] of bodies) {
      for (const [name, value] of Object.entries(smuggled)) {
        if (name in body) continue
        refused(await who[method](`/api/v1${path}`, { ...body, [name]: value }), 400, 'invalid_request')
      }
      const polluted = JSON.stringify(body).replace('{', '{"__proto__":{"admin":true},')
      const headers = { 'content-type': 'application/json' }
      refused(
        await who.request(`/api/v1${path}`, { method: method.toUpperCase(), body: polluted, headers }),
        400,
        'invalid_request',
      )
    }
  })
})
