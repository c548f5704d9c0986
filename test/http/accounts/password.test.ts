import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { joinClient, joinOps, PASSWORD, setUpAdmin, signIn } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'

let server: TestServer
before(async () => {
  server = await startServer()
})
after(() => server.stop())

const NEW = 'another long enough phrase'
const forgot = (role: string, email: string) => server.client().post(`/api/v1/${role}/password/forgot`, { email })
const reset = (token: string | undefined, password = NEW) =>
  server.client().post('/api/v1/password/reset', { token, password })

test('forgot and reset, for ops and clients: every session and the old password end', async () => {
  const admin = await setUpAdmin(server)
  const people = [
    ['ops', 'otto@firm.example', await joinOps(server, admin, 'otto@firm.example')],
    ['client', 'clara@customer.example', await joinClient(server, 'clara@customer.example')],
  ] as const
  for (const [role, email, session] of people) {
    const asked = await forgot(role, email.toUpperCase())
    assert.deepEqual([asked.status, asked.body], [202, { status: 'accepted' }])
    const { token, link } = await server.lastMail(email)
    assert.ok(link?.startsWith(`${server.url}/reset#`))
    for (const weak of ['short', 'password', email]) refused(await reset(token, weak), 400, 'invalid_request')
    assert.equal((await session.get(`/api/v1/${role}/me`)).status, 200)
    assert.equal((await reset(token)).status, 204)
    refused(await session.get(`/api/v1/${role}/me`), 401, 'unauthenticated')
    refused(await reset(token), 400, 'invalid_token')
    refused(
      await server.client().post(`/api/v1/${role}/login`, { email, password: PASSWORD }),
      401,
      'invalid_credentials',
    )
    await signIn(server, role, email, NEW)
  }
  assert.equal((await admin.get('/api/v1/ops/me')).status, 200)
})

test('the same answer for everybody; mails only to accounts of that door, three an hour', async () => {
  await joinClient(server, 'thrice@customer.example')
  const answers = []
  for (const [role, email] of [
    ['client', 'nobody@customer.example'],
    ['ops', 'thrice@customer.example'],
    ...Array.from({ length: 6 }, () => ['client', 'thrice@customer.example'] as const),
  ] as const) {
    answers.push(await forgot(role, email))
  }
  for (const answer of answers) assert.deepEqual([answer.status, answer.body], [202, { status: 'accepted' }])
  assert.equal((await server.mailsTo('nobody@customer.example')).length, 0)
  const mails = (await server.mailsTo('thrice@customer.example')).filter(mail => mail.link?.includes('/reset#'))
  // The request at the other door, where the address has no account, used up none of them.
  assert.equal(mails.length, 3)
})

test('earlier links stay good until one is used, and none outlives that', async () => {
  const email = 'links@customer.example'
  await joinClient(server, email)
  await forgot('client', email)
  await forgot('client', email)
  const [, one, two] = await server.mailsTo(email)
  assert.equal((await reset(one?.token)).status, 204)
  refused(await reset(two?.token), 400, 'invalid_token')
})

test('a link works for an hour', async () => {
  let later = 0
  const slow = await startServer({ now: () => Date.now() + later })
  try {
    await setUpAdmin(slow, 'admin@firm.example')
    const { post } = slow.client()
    await post('/api/v1/ops/password/forgot', { email: 'admin@firm.example' })
    const { token } = await slow.lastMail('admin@firm.example')
    later = 61 * 60_000
    refused(await post('/api/v1/password/reset', { token, password: NEW }), 400, 'invalid_token')
  } finally {
    await slow.stop()
  }
})

test('of parallel resets with one token one counts', async () => {
  const email = 'race@customer.example'
  await joinClient(server, email)
  await forgot('client', email)
  const { token } = await server.lastMail(email)
  const answers = await Promise.all([1, 2, 3, 4, 5].map(n => reset(token, `${NEW} ${n}`)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 400, 400, 400, 400])
})

test('a disabled account gets no link, and one it has is worthless', async () => {
  const email = 'off@customer.example'
  const client = await joinClient(server, email)
  const { body } = await client.get('/api/v1/client/me')
  await forgot('client', email)
  const { token } = await server.lastMail(email)
  await server.app.accounts.setDisabled('client', body.id, true, null)
  refused(await reset(token), 400, 'invalid_token')
  const before = (await server.mailsTo(email)).length
  assert.equal((await forgot('client', email)).status, 202)
  assert.equal((await server.mailsTo(email)).length, before)
})

test('an account made on the command line without a password gets one by the link printed there', async () => {
  const { accounts } = server.app
  const email = 'new@firm.example'
  await accounts.addUser({ role: 'ops', email, name: 'New', admin: false, password: undefined })
  refused(await server.client().post('/api/v1/ops/login', { email, password: PASSWORD }), 401, 'invalid_credentials')
  const link = await accounts.resetLink('ops', email)
  assert.ok(link.startsWith(`${server.url}/reset#`))
  assert.equal((await reset(link.split('#')[1])).status, 204)
  await signIn(server, 'ops', email, NEW)
})
