import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PASSWORD, setUpAdmin, signIn } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'

let server: TestServer
before(async () => {
  server = await startServer()
  await setUpAdmin(server)
})
after(() => server.stop())

const MALLORY = 'a phrase that Mallory knows'
const signUp = (email: string, password: string, name: string) =>
  server.client().post('/api/v1/client/signup', { email, name, password })
const verify = (token: string | undefined, password: string) =>
  server.client().post('/api/v1/client/verify', { token, password })
const login = (email: string, password: string) => server.client().post('/api/v1/client/login', { email, password })
const waiting = async () =>
  (await server.app.accounts.db.read.selectFrom('pending_signups').selectAll().execute()).length

test('a stranger signs up the victim’s address: the victim’s press activates nothing', async () => {
  const email = 'victim@customer.example'
  await signUp(email, MALLORY, 'Mallory')
  const prepared = (await server.lastMail(email)).token
  await signUp(email, PASSWORD, 'Victim')
  const own = (await server.lastMail(email)).token
  refused(await verify(prepared, PASSWORD), 401, 'invalid_credentials')
  refused(await login(email, MALLORY), 403, 'email_not_verified')
  assert.equal((await verify(own, PASSWORD)).status, 200)
  // Even with both halves, the stranger’s own sign-up is gone.
  refused(await verify(prepared, MALLORY), 400, 'invalid_token')
  refused(await login(email, MALLORY), 401, 'invalid_credentials')
  const victim = await signIn(server, 'client', email)
  assert.equal((await victim.get('/api/v1/client/me')).body.name, 'Victim')
})

test('a flood of a stranger’s sign-ups does not push out the one that waits', async () => {
  const email = 'flooded@customer.example'
  await signUp(email, PASSWORD, 'Victim')
  const own = (await server.lastMail(email)).token
  for (let i = 0; i < 6; i++) await signUp(email, `${MALLORY} ${i}`, 'Mallory')
  assert.equal((await server.mailsTo(email)).length, 3)
  assert.equal((await verify(own, PASSWORD)).status, 200)
})

test('an invitation and a reset delete what strangers prepared', async () => {
  const admin = await signIn(server, 'ops', 'admin@firm.example')
  const invited = 'invited@customer.example'
  await signUp(invited, MALLORY, 'Mallory')
  const prepared = (await server.lastMail(invited)).token
  await admin.post('/api/v1/ops/invitations', { email: invited, role: 'client' })
  const token = (await server.lastMail(invited)).token
  const accepted = await server
    .client()
    .post('/api/v1/invitations/accept', { token, name: 'Victim', password: PASSWORD })
  assert.equal(accepted.status, 200)
  refused(await verify(prepared, MALLORY), 400, 'invalid_token')
  refused(await login(invited, MALLORY), 401, 'invalid_credentials')

  await signUp(invited, MALLORY, 'Mallory')
  refused(await login(invited, MALLORY), 403, 'email_not_verified')
  await server.client().post('/api/v1/client/password/forgot', { email: invited })
  const reset = (await server.lastMail(invited)).token
  const password = 'a new phrase of the victim'
  assert.equal((await server.client().post('/api/v1/password/reset', { token: reset, password })).status, 204)
  refused(await login(invited, MALLORY), 401, 'invalid_credentials')
  await signIn(server, 'client', invited, password)
  assert.equal(await waiting(), 0)
})

test('of many presses at once one makes the account', async () => {
  const email = 'race@customer.example'
  await signUp(email, PASSWORD, 'One')
  await signUp(email, PASSWORD, 'Two')
  const [one, two] = await server.mailsTo(email)
  const answers = await Promise.all([one, two, one, two].map(mail => verify(mail?.token, PASSWORD)))
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  assert.ok(answers.every(({ status }) => status === 200 || status === 400))
})
