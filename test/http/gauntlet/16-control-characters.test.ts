import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { joinClient, PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { unchanged } from './unchanged.ts'

let server: TestServer
let admin: Client
const clara = 'clara@customer.example'
before(async () => {
  server = await startServer()
  admin = await setUpAdmin(server)
  await joinClient(server, clara)
})
after(() => server.stop())

const hostile = ['\u0000', '\r', '\n', '\r\nBcc: x@evil.example', '\u0085', '\u2028', '\u001b[2J', '\ud800']

test('NUL, line breaks and other control characters in every field of an account: refused, nothing changed', async () => {
  const anyone = server.client()
  const group = (await admin.post('/api/v1/ops/groups', { name: 'Group' })).body.id
  const email = 'new@customer.example'
  const bodies: [Client, 'post' | 'put' | 'patch', string, Record<string, string>][] = [
    [anyone, 'post', '/client/signup', { email, name: 'N', password: PASSWORD }],
    [anyone, 'post', '/client/verify', { token: 'A'.repeat(43), password: PASSWORD }],
    [anyone, 'post', '/client/verify/resend', { email }],
    [anyone, 'post', '/client/login', { email: clara, password: PASSWORD, transport: 'bearer' }],
    [anyone, 'post', '/ops/login', { email: 'admin@firm.example', password: PASSWORD }],
    [anyone, 'post', '/client/password/forgot', { email: clara }],
    [anyone, 'post', '/password/reset', { token: 'A'.repeat(43), password: PASSWORD }],
    [anyone, 'post', '/invitations/accept', { token: 'A'.repeat(43), name: 'I', password: PASSWORD }],
    [admin, 'post', '/ops/invitations', { email, role: 'client' }],
    [admin, 'post', '/ops/groups', { name: 'Another' }],
    [admin, 'patch', `/ops/groups/${group}`, { name: 'Another' }],
  ]
  const refusals = async () => {
    for (const [who, method, path, body] of bodies) {
      for (const [field, value] of Object.entries(body)) {
        // A password may hold U+2028: nobody is shown it.
        for (const bad of hostile.filter(one => one !== '\u2028' || field !== 'password')) {
          for (const text of [bad + value, value.slice(0, 1) + bad + value.slice(1), value + bad]) {
            const answer = await who[method](`/api/v1${path}`, { ...body, [field]: text })
            const wrong = field === 'password' && path.endsWith('/login') ? [401, 429] : [400, 429]
            assert.ok(wrong.includes(answer.status), `${path} ${field} ${JSON.stringify(text)}: ${answer.text}`)
          }
        }
      }
    }
    for (const bad of hostile.slice(0, 6)) {
      const query = new URLSearchParams({ q: `a${bad}` })
      assert.equal((await admin.get(`/api/v1/ops/clients?${query}`)).status, 400, JSON.stringify(bad))
      const members = await admin.put(`/api/v1/ops/groups/${group}/members`, { clients: [clara + bad] })
      assert.equal(members.status, 422)
      assert.notEqual((await admin.get(`/api/v1/ops/me${encodeURIComponent(bad)}`)).status, 200)
    }
  }
  // A counted refusal of a sign-in is the one thing that may be written.
  await server.client().post('/api/v1/client/login', { email: clara, password: 'not the password' })
  await server.client().post('/api/v1/ops/login', { email: 'admin@firm.example', password: 'not the password' })
  const accounts = () => server.app.accounts.listUsers()
  const before = await accounts()
  await refusals()
  assert.deepEqual(await accounts(), before)
  const { db } = server.app.accounts
  for (const table of ['pending_signups', 'invitations'] as const) {
    assert.deepEqual(await db.read.selectFrom(table).selectAll().execute(), [])
  }
  await unchanged(server, async () => {
    await admin.post('/api/v1/ops/groups', { name: 'a\u0000' })
    await admin.post('/api/v1/ops/invitations', { email: 'x\u0000@customer.example', role: 'client' })
  })
})

test('a password is never cut short at a NUL', async () => {
  for (const password of [`${PASSWORD}\u0000`, `${PASSWORD}\u0000x`, PASSWORD.slice(0, -1)]) {
    const answer = await server.client().post('/api/v1/client/login', { email: clara, password })
    assert.equal(answer.status, 401)
  }
  assert.equal((await server.client().post('/api/v1/client/login', { email: clara, password: PASSWORD })).status, 200)
})
