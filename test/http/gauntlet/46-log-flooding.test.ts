import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { joinClient, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'

let server: TestServer
let admin: Client
before(async () => {
  server = await startServer({ env: { VALISE_TRUSTED_PROXIES: '127.0.0.1' } })
  admin = await setUpAdmin(server)
})
after(() => server.stop())

const REFUSALS = 3000
const AT_ONCE = 16
const WINDOW = 600_000

const eventKinds = async (): Promise<string[]> => {
  const rows = await server.app.accounts.db.read.selectFrom('audit_events').select('kind').orderBy('seq').execute()
  return rows.map(({ kind }) => kind)
}

test('refused sign-ins, bad tokens and unknown addresses add one counted event per account and ten minutes', async () => {
  const email = 'clara@customer.example'
  await joinClient(server, email)
  await server.app.accounts.settled()
  const before = (await eventKinds()).length
  const began = Date.now()
  let next = 0
  const flood = async () => {
    const { post, get } = server.client()
    while (next < REFUSALS) {
      const n = next++
      const headers = { 'x-forwarded-for': `10.1.${n >> 8}.${n & 255}` }
      const token = 'A'.repeat(43)
      const attempts = [
        () => post('/api/v1/client/login', { email, password: `guess ${n}` }, { headers }),
        () => post('/api/v1/client/login', { email: `x${n % 4}@other.example`, password: 'x' }, { headers }),
        () => post('/api/v1/password/reset', { token, password: `a long phrase ${n}` }, { headers }),
        () => post('/api/v1/client/verify', { token, password: `a long phrase ${n}` }, { headers }),
        () => get('/api/v1/ops/me', { headers, token: `${n}.x.y` }),
        () => post('/api/v1/setup', { setup_token: token }, { headers }),
      ]
      const answer = await attempts[n % attempts.length]?.()
      assert.ok(answer && answer.status >= 400 && answer.status < 500, answer?.text)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, flood))
  await server.app.accounts.settled()
  const windows = Math.floor(Date.now() / WINDOW) - Math.floor(began / WINDOW) + 1
  const { body } = await admin.get(`/api/v1/ops/audit?kind=session.refused&actor=${encodeURIComponent(email)}`)
  assert.ok(body.items.length >= 1 && body.items.length <= windows, `${body.items.length} events`)
  // Besides, the three sign-in links an hour were accepted by the mail relay.
  const added = (await eventKinds()).slice(before)
  assert.ok(added.filter(kind => kind === 'mail.accepted').length <= 3)
  assert.equal(added.filter(kind => kind !== 'mail.accepted').length, body.items.length)
  const counted = body.items.reduce((sum: number, event: { count: number }) => sum + event.count, 0)
  assert.equal(counted, REFUSALS / 6, 'none is forgotten')
})
