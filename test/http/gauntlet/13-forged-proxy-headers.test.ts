import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watch } from '../../gauntlet-oracle.ts'
import { PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { enlist, isProblem, linkTo, upload } from './cast.ts'

/** Everything by which a proxy says who asked, for what and how; here it is the client itself that says so. */
const forged: Record<string, string> = {
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-server': 'evil.example',
  'x-forwarded-port': '666',
  'x-forwarded-proto': 'https',
  'x-forwarded-protocol': 'https',
  'x-forwarded-ssl': 'on',
  'x-forwarded-scheme': 'https',
  'x-forwarded-prefix': '/evil',
  'x-forwarded-path': '/evil',
  'x-forwarded-uri': '/api/v1/ops/team',
  'x-original-url': '/api/v1/ops/team',
  'x-original-host': 'evil.example',
  'x-original-forwarded-for': '203.0.113.7',
  'x-rewrite-url': '/api/v1/ops/team',
  'x-host': 'evil.example',
  'x-http-host-override': 'evil.example',
  'x-real-ip': '203.0.113.7',
  'x-client-ip': '203.0.113.7',
  'x-cluster-client-ip': '203.0.113.7',
  'x-originating-ip': '203.0.113.7',
  'x-remote-ip': '203.0.113.7',
  'x-remote-addr': '203.0.113.7',
  'true-client-ip': '203.0.113.7',
  'cf-connecting-ip': '203.0.113.7',
  'fastly-client-ip': '203.0.113.7',
  forwarded: 'for=203.0.113.7;host=evil.example;proto=https',
  'front-end-https': 'on',
  'base-url': 'https://evil.example',
  'x-request-id': 'evil-request',
  'x-correlation-id': 'evil-request',
}
/** The same, when a name in them may also be this machine's: some servers trust only that. */
const local: Record<string, string> = Object.fromEntries(
  Object.entries(forged).map(([name, value]) => [
    name,
    value.replaceAll('203.0.113.7', '127.0.0.1').replaceAll('evil.example', 'localhost'),
  ]),
)

const started = async (t: { after: (fn: () => Promise<void>) => void }, env: Record<string, string> = {}) => {
  const server = await startServer({ env: { VALISE_LOG_LEVEL: 'silent', ...env } })
  t.after(server.stop)
  return { server, admin: await setUpAdmin(server) }
}

/** Where the newest session of the admin came from, as a list shows it, and the audit log. */
const recorded = async (
  server: TestServer,
  headers: Record<string, string>,
): Promise<{ session: string; audit: string }> => {
  const client = server.client()
  const login = await client.post('/api/v1/ops/login', { email: 'admin@firm.example', password: PASSWORD }, { headers })
  assert.equal(login.status, 200, login.text)
  client.useToken(login.body.access_token)
  const { body: sessions } = await client.get('/api/v1/ops/sessions')
  const { body: events } = await client.get('/api/v1/ops/audit?kind=session.started&limit=1')
  return {
    session: sessions.items.find((one: { current: boolean }) => one.current).ip,
    audit: events.items[0].actor.ip,
  }
}

test('who asked is who holds the connection', async t => {
  const { server } = await started(t)
  for (const headers of [
    forged,
    local,
    { 'x-forwarded-for': '203.0.113.7, 127.0.0.1' },
    { forwarded: 'for=127.0.0.1' },
  ])
    assert.deepEqual(await recorded(server, headers), { session: '127.0.0.1', audit: '127.0.0.1' })
})

test('links, mails and cookies keep the address that was configured', async t => {
  const { server, admin } = await started(t)
  const clara = await enlist(server, 'client', 'clara@customer.example')
  const file = await upload(admin, 'Accounts.docx', { everyone: true })
  const link = await clara.client.post(`/api/v1/client/files/${file}/link`, {}, { headers: forged })
  assert.ok(link.body.download_link.startsWith(`${server.url}/download/`), link.body.download_link)
  await server.client().post('/api/v1/client/password/forgot', { email: clara.email }, { headers: forged })
  const mail = await server.lastMail(clara.email)
  assert.ok(mail.link?.startsWith(`${server.url}/reset#`), mail.link)
  assert.doesNotMatch(mail.text, /evil/)
  const browser = server.client()
  const login = { email: 'admin@firm.example', password: PASSWORD, transport: 'cookie' }
  const answer = await browser.post('/api/v1/ops/login', login, { headers: { ...forged, ...browser.browser } })
  assert.equal(answer.status, 200, answer.text)
  // Plain http on loopback: Secure or a __Host- name would mean that the forged scheme was believed.
  for (const cookie of answer.headers.getSetCookie()) {
    assert.match(cookie, /^valise-/)
    assert.doesNotMatch(cookie, /secure|domain/i)
  }
  assert.equal(answer.headers.get('strict-transport-security'), null)
  const navigation = await fetch(`${server.url}${await linkTo(clara.client, file)}`, {
    headers: { ...forged, accept: 'text/html' },
    redirect: 'manual',
  })
  assert.doesNotMatch(navigation.headers.get('location') ?? '', /evil|^https?:/)
})

test('every answer is byte for byte the one without them', async t => {
  const { server, admin } = await started(t)
  const oracle = watch(server)
  await oracle.unchanged('a forged header', async () => {
    for (const path of [
      '/healthz',
      '/openapi.json',
      '/api/v1/ops/me',
      '/api/v1/ops/files',
      '/api/v1/nowhere',
      '/download/x',
      '/docs',
    ]) {
      const plain = await admin.get(path)
      for (const headers of [forged, local]) {
        const answer = await admin.get(path, { headers })
        assert.equal(answer.status, plain.status, path)
        assert.equal(answer.text, plain.text, path)
      }
    }
  })
  oracle.verify()
})

test('another address in every request is still one guest for the limits', async t => {
  const { server } = await started(t)
  let refused = 0
  for (let n = 0; n < 120; n++) {
    const ip = `203.0.${n}.7`
    const headers = { 'x-forwarded-for': ip, 'x-real-ip': ip, forwarded: `for=${ip}`, 'cf-connecting-ip': ip }
    const answer = await server
      .client()
      .post('/api/v1/ops/password/forgot', { email: 'nobody@firm.example' }, { headers })
    if (answer.status === 429) refused++
    else assert.equal(answer.status, 202, answer.text)
  }
  // A hundred an hour (limits/buckets.ts).
  assert.equal(refused, 20)
})

test('a request that says it comes from this machine does not read the development mailbox', async t => {
  const { server } = await started(t)
  const authorization = `Bearer ${server.mailboxSecret}`
  const path = '/api/v1/development/mails'
  assert.equal((await server.client().get(path, { headers: { authorization } })).status, 200)
  for (const [name, value] of Object.entries(local)) {
    if (!/^(x-forwarded|forwarded|x-real-ip)/.test(name)) continue
    isProblem(await server.client().get(path, { headers: { authorization, [name]: value } }), 404, name)
  }
})

test('a trusted proxy names the peer, by the last address that is not its own, and nothing else', async t => {
  const { server } = await started(t, { VALISE_TRUSTED_PROXIES: '127.0.0.1' })
  for (const [chain, ip] of [
    ['203.0.113.7', '203.0.113.7'],
    // What stands before it, the client itself wrote.
    ['198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['127.0.0.1, 203.0.113.7', '203.0.113.7'],
    ['203.0.113.7, 127.0.0.1', '203.0.113.7'],
  ]) {
    const found = await recorded(server, { ...forged, 'x-forwarded-for': chain ?? '' })
    assert.deepEqual(found, { session: ip, audit: ip }, chain)
  }
  const answer = await server
    .client()
    .get('/healthz', { headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' } })
  assert.equal(answer.status, 200)
  await server.client().post('/api/v1/ops/password/forgot', { email: 'admin@firm.example' }, { headers: forged })
  assert.ok((await server.lastMail('admin@firm.example')).link?.startsWith(`${server.url}/reset#`))
})

test('what is no address in a trusted header is not stored as one', async t => {
  const { server } = await started(t, { VALISE_TRUSTED_PROXIES: '127.0.0.1' })
  for (const value of [
    '<script>alert(1)</script>',
    'unknown',
    '_hidden',
    '203.0.113.7:1234',
    '999.1.1.1',
    "' or 1=1 --",
    'x'.repeat(2000),
  ]) {
    const answer = await server
      .client()
      .post(
        '/api/v1/ops/login',
        { email: 'admin@firm.example', password: PASSWORD },
        { headers: { 'x-forwarded-for': value } },
      )
    assert.ok(answer.status < 500, value)
    if (answer.status !== 200) continue
    const { body } = await server.client().get('/api/v1/ops/sessions', { token: answer.body.access_token })
    const { ip } = body.items.find((one: { current: boolean }) => one.current)
    assert.match(ip, /^[0-9a-f.:]{3,45}$|^unknown$/, `${value} was stored as ${ip}`)
  }
})
