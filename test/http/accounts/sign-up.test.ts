import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { joinClient, PASSWORD, setUpAdmin, signIn } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'

let server: TestServer
before(async () => {
  server = await startServer()
  await setUpAdmin(server)
})
after(() => server.stop())

const signUp = (email: string, password = PASSWORD, name = 'Clara') =>
  server.client().post('/api/v1/client/signup', { email, name, password })
const verify = (token: string | undefined, password = PASSWORD) =>
  server.client().post('/api/v1/client/verify', { token, password })
const login = (email: string, password = PASSWORD) => server.client().post('/api/v1/client/login', { email, password })

test('sign up, verify with the password chosen then, sign in', async () => {
  const email = 'clara@customer.example'
  const started = await signUp(email)
  assert.equal(started.status, 202)
  assert.deepEqual(started.body, { status: 'verification_sent' })
  refused(await login(email), 403, 'email_not_verified')
  refused(await login(email, 'not the password'), 401, 'invalid_credentials')
  const mail = await server.lastMail(email)
  assert.ok(mail.link?.startsWith(`${server.url}/verify#`))
  assert.doesNotMatch(mail.text, /Clara/, 'a mail to an unverified address has no text its requester chose')
  refused(await verify(mail.token, 'not the password'), 401, 'invalid_credentials')
  const verified = await verify(mail.token)
  assert.equal(verified.status, 200)
  assert.deepEqual(verified.body, { status: 'verified' })
  refused(await verify(mail.token), 400, 'invalid_token')
  const clara = await signIn(server, 'client', email)
  const me = await clara.get('/api/v1/client/me')
  assert.equal(me.body.email, email)
  assert.equal(me.body.email_verified, true)
  assert.equal(me.body.role, 'client')
})

test('a token that is none, cut, or of another purpose verifies nothing', async () => {
  const email = 'tokens@customer.example'
  await signUp(email)
  const { token = '' } = await server.lastMail(email)
  for (const bad of ['x', 'A'.repeat(43), token.slice(0, -1), `${token}A`, token.toLowerCase(), `${token}=`]) {
    refused(await verify(bad), 400, 'invalid_token')
  }
  refused(await server.client().post('/api/v1/password/reset', { token, password: PASSWORD }), 400, 'invalid_token')
  assert.equal((await verify(token)).status, 200)
})

test('a mail can be had again, three an hour in all; each token works for its own sign-up', async () => {
  const email = 'again@customer.example'
  await signUp(email)
  for (let i = 0; i < 5; i++) {
    const answer = await server.client().post('/api/v1/client/verify/resend', { email })
    assert.equal(answer.status, 202)
    assert.deepEqual(answer.body, { status: 'accepted' })
  }
  const mails = await server.mailsTo(email)
  assert.equal(mails.length, 3)
  assert.equal((await verify(mails[0]?.token)).status, 200)
  refused(await verify(mails[2]?.token), 400, 'invalid_token')
})

test('resending to a stranger is answered alike and mails nobody', async () => {
  const email = 'stranger@customer.example'
  const answer = await server.client().post('/api/v1/client/verify/resend', { email })
  assert.deepEqual([answer.status, answer.body], [202, { status: 'accepted' }])
  assert.equal((await server.mailsTo(email)).length, 0)
})

test('signing up an address that has an account: same answer, another mail, nothing changes', async () => {
  const email = 'known@customer.example'
  await joinClient(server, email)
  const answer = await signUp('KNOWN@customer.example', 'a different long phrase', 'Mallory')
  assert.deepEqual([answer.status, answer.body], [202, { status: 'verification_sent' }])
  const mail = await server.lastMail(email)
  assert.match(mail.subject, /already/i)
  assert.equal(mail.token, undefined)
  // As for a new address: the answer to a sign-in tells nothing about an account either.
  refused(await login(email, 'a different long phrase'), 403, 'email_not_verified')
  const { body } = await (await signIn(server, 'client', email)).get('/api/v1/client/me')
  assert.equal(body.name, 'Clara Client')
})

test('a token works for a day', async () => {
  let later = 0
  const slow = await startServer({ now: () => Date.now() + later })
  try {
    const { post } = slow.client()
    const [one, two] = ['one@customer.example', 'two@customer.example']
    for (const email of [one, two]) await post('/api/v1/client/signup', { email, name: 'C', password: PASSWORD })
    const [early, late] = [await slow.lastMail(one), await slow.lastMail(two)]
    later = 23.9 * 3_600_000
    assert.equal((await post('/api/v1/client/verify', { token: early.token, password: PASSWORD })).status, 200)
    later = 24.1 * 3_600_000
    refused(await post('/api/v1/client/verify', { token: late.token, password: PASSWORD }), 400, 'invalid_token')
    refused(await post('/api/v1/client/login', { email: two, password: PASSWORD }), 401, 'invalid_credentials')
    await slow.app.accounts.sweep()
    const left = await slow.app.accounts.db.read.selectFrom('pending_signups').selectAll().execute()
    assert.equal(left.length, 0)
  } finally {
    await slow.stop()
  }
})

test('sign-up can be closed, or open to some domains', async () => {
  for (const [mode, closed, open] of [
    ['invite', 'a@customer.example', undefined],
    ['domains:customer.example,xn--bcher-kva.example', 'a@other.example', 'a@BÜCHER.example'],
    ['domains:customer.example', 'a@evil-customer.example', 'a@customer.example'],
    ['domains:customer.example', 'a@sub.customer.example', undefined],
  ] as const) {
    const strict = await startServer({ env: { VALISE_SIGNUP: mode } })
    try {
      const { post } = strict.client()
      const body = { name: 'C', password: PASSWORD }
      refused(await post('/api/v1/client/signup', { ...body, email: closed }), 403, 'signup_closed')
      if (open) assert.equal((await post('/api/v1/client/signup', { ...body, email: open })).status, 202)
    } finally {
      await strict.stop()
    }
  }
})

test('weak passwords, empty and unshowable names are refused with a reason', async () => {
  for (const password of ['short', '12345678', 'iloveyou', 'Clara', 'weak@customer.example', 'a'.repeat(129)]) {
    const answer = await signUp('weak@customer.example', password)
    refused(answer, 400, 'invalid_request')
    assert.equal(answer.body.errors[0].where, 'password')
  }
  for (const name of ['', '   ', 'a\u202eb', 'x'.repeat(101), 'line\nbreak', 'lone \ud800']) {
    refused(await signUp('weak@customer.example', PASSWORD, name), 400, 'invalid_request')
  }
  assert.equal((await server.mailsTo('weak@customer.example')).length, 0)
})
