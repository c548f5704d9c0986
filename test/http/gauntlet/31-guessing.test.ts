import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { joinClient, PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'

let server: TestServer
before(async () => {
  server = await startServer({ env: { VALISE_TRUSTED_PROXIES: '127.0.0.1' } })
  await setUpAdmin(server)
})
after(() => server.stop())

const GUESSES = 10_000
const AT_ONCE = 16

test('10,000 guesses from as many addresses: at most 100 are checked, and the owner’s browser gets in all along', async () => {
  const email = 'clara@customer.example'
  await joinClient(server, email)
  const home = server.client()
  const login = () =>
    home.post('/api/v1/client/login', { email, password: PASSWORD, transport: 'cookie' }, { headers: home.browser })
  assert.equal((await login()).status, 200)

  const statuses = new Map<number, number>()
  let next = 0
  const guess = async () => {
    const stranger = server.client()
    while (next < GUESSES) {
      const n = next++
      // IPv6 counts by /64: every other guess comes from one network.
      const from = n % 2 === 0 ? `10.0.${n >> 8}.${n & 255}` : `2001:db8::${n.toString(16)}`
      const body = { email: n % 3 === 0 ? email.toUpperCase() : email, password: `guess ${n}` }
      const { status } = await stranger.post('/api/v1/client/login', body, { headers: { 'x-forwarded-for': from } })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (n % 2000 === 1000) assert.equal((await login()).status, 200, 'the owner')
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, guess))
  assert.deepEqual([...statuses.keys()].sort(), [401, 429])
  assert.ok((statuses.get(401) ?? 0) <= 100, `${statuses.get(401)} were checked`)
  assert.equal((await login()).status, 200)
  await server.app.accounts.settled()
  const links = (await server.mailsTo(email)).filter(mail => mail.link?.includes('/sign-in#/mail/'))
  assert.ok(links.length >= 1 && links.length <= 3, `${links.length} mails`)
})
