import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { joinClient, PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'

let server: TestServer
before(async () => {
  server = await startServer()
  await setUpAdmin(server)
})
after(() => server.stop())

const login = (client: Client, email: string, password: string) =>
  client.post('/api/v1/client/login', { email, password, transport: 'cookie' }, { headers: client.browser })

/** Guesses until refused; gives the first 429. */
const guess = async (email: string) => {
  const stranger = server.client()
  for (let i = 0; i < 100; i++) {
    const answer = await stranger.post('/api/v1/client/login', { email, password: `guess number ${i}` })
    if (answer.status === 429) return { answer, tried: i }
    refused(answer, 401, 'invalid_credentials')
  }
  throw new Error('never refused')
}

test('guessing stops, the owner’s browser still gets in, and elsewhere a mailed link does', async () => {
  const email = 'clara@customer.example'
  await joinClient(server, email)
  const home = server.client()
  assert.equal((await login(home, email, PASSWORD)).status, 200)

  const { answer, tried } = await guess(email)
  assert.ok(tried <= 30, `${tried} guesses`)
  refused(answer, 429, 'too_many_requests')
  assert.ok(Number(answer.headers.get('retry-after')) > 0)

  assert.equal((await login(home, email, PASSWORD)).status, 200, 'a browser that signed in before')
  const away = server.client()
  refused(await login(away, email, PASSWORD), 429, 'too_many_requests')
  await server.app.accounts.settled()
  const mail = await server.lastMail(email)
  assert.ok(mail.link?.startsWith(`${server.url}/sign-in#/mail/`), mail.text)
  const byLink = (password: string, role = 'client', client = away) =>
    client.post(
      `/api/v1/${role}/login/mail`,
      { token: mail.token, password, transport: 'cookie' },
      { headers: client.browser },
    )
  refused(await byLink('not the password'), 401, 'invalid_credentials')
  refused(await byLink(PASSWORD, 'ops'), 400, 'invalid_token')
  assert.equal((await byLink(PASSWORD)).status, 200)
  assert.equal((await away.get('/api/v1/client/me')).body.email, email)
  refused(await byLink(PASSWORD, 'client', server.client()), 400, 'invalid_token')
  assert.equal((await login(away, email, PASSWORD)).status, 200, 'the link made it a known browser')

  for (let i = 0; i < 5; i++) await login(server.client(), email, PASSWORD)
  await server.app.accounts.settled()
  const links = (await server.mailsTo(email)).filter(one => one.link?.includes('/sign-in#/mail/'))
  assert.equal(links.length, 3, 'three an hour')
})

test('an unknown address is refused just the same, and mailed nothing', async () => {
  const known = 'known@customer.example'
  await joinClient(server, known)
  const [one, two] = [await guess(known), await guess('unknown@customer.example')]
  assert.equal(one.tried, two.tried)
  assert.equal(one.answer.text, two.answer.text)
  await server.app.accounts.settled()
  assert.equal((await server.mailsTo('unknown@customer.example')).length, 0)
})

test('a mailed link bears a few mistypings, not a search', async () => {
  const email = 'search@customer.example'
  await joinClient(server, email)
  await guess(email)
  await server.app.accounts.settled()
  const { token } = await server.lastMail(email)
  const statuses = []
  for (let i = 0; i < 12; i++) {
    const answer = await server.client().post('/api/v1/client/login/mail', { token, password: `guess number ${i}` })
    statuses.push(answer.status)
  }
  assert.equal(statuses.filter(status => status === 401).length, 10)
  assert.equal(statuses.at(-1), 429)
})

test('signing in rightly, however often, does not fill the bucket', async () => {
  const email = 'often@customer.example'
  await joinClient(server, email)
  for (let i = 0; i < 40; i++) {
    const answer = await server.client().post('/api/v1/client/login', { email, password: PASSWORD })
    assert.equal(answer.status, 200, `sign-in ${i}`)
  }
})

test('a reset forgets every browser; another account’s browser is a stranger', async () => {
  const [email, other] = ['reset@customer.example', 'other@customer.example']
  await joinClient(server, email)
  await joinClient(server, other)
  const [home, neighbour] = [server.client(), server.client()]
  assert.equal((await login(home, email, PASSWORD)).status, 200)
  assert.equal((await login(neighbour, other, PASSWORD)).status, 200)
  await guess(email)
  refused(await login(neighbour, email, PASSWORD), 429, 'too_many_requests')
  await server.client().post('/api/v1/client/password/forgot', { email })
  const mails = await server.mailsTo(email)
  const { token } = mails.findLast(mail => mail.link?.includes('/reset#')) ?? {}
  await server.client().post('/api/v1/password/reset', { token, password: 'another long enough phrase' })
  refused(await login(home, email, 'another long enough phrase'), 429, 'too_many_requests')
})
