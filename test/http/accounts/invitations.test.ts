import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { joinClient, joinOps, PASSWORD, setUpAdmin, signIn } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'

let server: TestServer
let admin: Client
let otto: Client
let olga: Client
before(async () => {
  server = await startServer()
  admin = await setUpAdmin(server)
  otto = await joinOps(server, admin, 'otto@firm.example')
  olga = await joinOps(server, admin, 'olga@firm.example', 'Olga')
})
after(() => server.stop())

const PATH = '/api/v1/ops/invitations'
const invite = (who: Client, email: string, more: object = {}) => who.post(PATH, { email, role: 'client', ...more })
const accept = (token: string | undefined, more: object = {}, client = server.client()) =>
  client.post('/api/v1/invitations/accept', { token, name: 'Clara', password: PASSWORD, ...more })
const read = (token: string | undefined, client = server.client()) => client.post('/api/v1/invitations/read', { token })
const tokenFor = async (email: string) => (await server.lastMail(email)).token

test('invite into a group, accept, be signed in and verified; once', async () => {
  const group = await otto.post('/api/v1/ops/groups', { name: 'Customer' })
  const email = 'clara@customer.example'
  const invited = await invite(otto, email, { groups: [group.body.id] })
  assert.equal(invited.status, 201, invited.text)
  assert.deepEqual(
    { ...invited.body, id: '', created_at: '', expires_at: '' },
    {
      id: '',
      email,
      role: 'client',
      groups: [{ id: group.body.id, name: 'Customer' }],
      status: 'pending',
      invited_by: { ...invited.body.invited_by, name: 'Otto Ops', email: 'otto@firm.example' },
      created_at: '',
      expires_at: '',
    },
  )
  const days = (Date.parse(invited.body.expires_at) - Date.parse(invited.body.created_at)) / 86_400_000
  assert.equal(days, 7)
  const mail = await server.lastMail(email)
  assert.ok(mail.link?.startsWith(`${server.url}/invitation#`))
  assert.ok(!invited.text.includes(mail.token ?? '?'), 'no answer holds a mail token')
  refused(await accept(mail.token, { password: 'short' }), 400, 'invalid_request')
  refused(await accept(mail.token, { transport: 'cookie' }), 400, 'invalid_request')
  assert.deepEqual((await read(mail.token)).body, {
    email,
    role: 'client',
    invited_by: { name: 'Otto Ops' },
    expires_at: invited.body.expires_at,
  })
  const accepted = await accept(mail.token)
  assert.equal(accepted.status, 200, accepted.text)
  assert.equal(accepted.body.user.email_verified, true)
  const me = await server.client().get('/api/v1/client/me', { token: accepted.body.access_token })
  assert.equal(me.body.name, 'Clara')
  refused(await read(mail.token), 400, 'invalid_token')
  refused(await accept(mail.token), 400, 'invalid_token')
  const { body } = await otto.get('/api/v1/ops/groups')
  assert.deepEqual(
    body.items[0].members.map((member: { email: string }) => member.email),
    [email],
  )
  assert.equal((await otto.get(PATH)).body.items[0].status, 'accepted')
  refused(await otto.delete(`${PATH}/${invited.body.id}`), 409, 'conflict')
  refused(await invite(otto, 'CLARA@customer.example'), 409, 'conflict')
})

test('accepting in a browser sets the cookie of the door', async () => {
  await invite(otto, 'cookie@customer.example')
  const client = server.client()
  const path = '/api/v1/invitations/accept'
  const body = { token: await tokenFor('cookie@customer.example'), name: 'C', password: PASSWORD, transport: 'cookie' }
  const accepted = await client.post(path, body, { headers: client.browser })
  assert.equal(accepted.status, 200, accepted.text)
  assert.equal('access_token' in accepted.body, false)
  assert.equal((await client.get('/api/v1/client/me')).status, 200)
})

test('ops invite clients and see their own; admins also invite to the team and see all', async () => {
  refused(await invite(otto, 'new@firm.example', { role: 'ops' }), 403, 'forbidden')
  assert.equal((await server.mailsTo('new@firm.example')).length, 0)
  refused(await invite(admin, 'new@firm.example', { role: 'ops', groups: ['A'.repeat(22)] }), 400, 'invalid_request')
  assert.equal((await invite(admin, 'new@firm.example', { role: 'ops' })).status, 201)
  const accepted = await accept(await tokenFor('new@firm.example'))
  assert.deepEqual([accepted.body.user.role, accepted.body.user.admin], ['ops', false])
  const mine = await invite(olga, 'olgas@customer.example')
  const emails = async (who: Client) =>
    (await who.get(`${PATH}?limit=200`)).body.items.map((item: { email: string }) => item.email)
  assert.deepEqual(await emails(olga), ['olgas@customer.example'])
  assert.ok(!(await emails(otto)).includes('olgas@customer.example'))
  assert.ok((await emails(admin)).includes('olgas@customer.example'))
  refused(await otto.delete(`${PATH}/${mine.body.id}`), 404, 'not_found')
  assert.equal((await admin.delete(`${PATH}/${mine.body.id}`)).status, 204)
  assert.equal((await olga.delete(`${PATH}/${mine.body.id}`)).status, 204)
  refused(await accept(await tokenFor('olgas@customer.example')), 400, 'invalid_token')
  assert.equal((await olga.get(PATH)).body.items[0].status, 'revoked')
})

test('only groups the inviter manages can be named', async () => {
  const group = await olga.post('/api/v1/ops/groups', { name: 'Olgas' })
  refused(await invite(otto, 'group@customer.example', { groups: [group.body.id] }), 400, 'invalid_request')
  refused(await invite(otto, 'group@customer.example', { groups: ['A'.repeat(22)] }), 400, 'invalid_request')
  assert.equal((await server.mailsTo('group@customer.example')).length, 0)
  assert.equal((await invite(admin, 'group@customer.example', { groups: [group.body.id] })).status, 201)
  // Deleted meanwhile: the person still gets in.
  assert.equal((await olga.delete(`/api/v1/ops/groups/${group.body.id}`)).status, 204)
  assert.equal((await accept(await tokenFor('group@customer.example'))).status, 200)
})

test('whoever joined by another way first is not touched by an invitation', async () => {
  const email = 'first@customer.example'
  await invite(otto, email)
  const token = await tokenFor(email)
  const client = await joinClient(server, email, 'First')
  refused(await read(token), 409, 'conflict')
  refused(await accept(token, { name: 'Mallory' }), 409, 'conflict')
  assert.equal((await client.get('/api/v1/client/me')).body.name, 'First')
})

test('an invitation ends with the right of who sent it', async () => {
  const gone = await joinOps(server, admin, 'gone@firm.example')
  await invite(gone, 'by-gone@customer.example')
  const { body } = await gone.get('/api/v1/ops/me')
  assert.equal((await admin.patch(`/api/v1/ops/team/${body.id}`, { disabled: true })).status, 200)
  refused(await read(await tokenFor('by-gone@customer.example')), 400, 'invalid_token')
  refused(await accept(await tokenFor('by-gone@customer.example')), 400, 'invalid_token')
})

test('an invitation ends with a week', async () => {
  let later = 0
  const slow = await startServer({ now: () => Date.now() + later })
  try {
    const one = await setUpAdmin(slow)
    await invite(one, 'late@customer.example')
    const { token } = await slow.lastMail('late@customer.example')
    later = 7 * 86_400_000 + 1000
    refused(await read(token, slow.client()), 400, 'invalid_token')
    refused(await accept(token, {}, slow.client()), 400, 'invalid_token')
    const again = await signIn(slow, 'ops', 'admin@firm.example')
    assert.equal((await again.get(PATH)).body.items[0].status, 'expired')
  } finally {
    await slow.stop()
  }
})

test('one address is invited three times an hour at most', async () => {
  for (let i = 0; i < 3; i++) assert.equal((await invite(admin, 'often@customer.example')).status, 201)
  const answer = await invite(admin, 'often@customer.example')
  refused(answer, 429, 'too_many_requests')
  assert.ok(Number(answer.headers.get('retry-after')) > 60)
})
