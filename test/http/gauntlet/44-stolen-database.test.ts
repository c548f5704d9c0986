import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { joinClient, PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'

let server: TestServer
before(async () => {
  server = await startServer()
})
after(() => server.stop())

/** All bytes of the data folder but the keyring and the development mailbox, which stands for other people's mailboxes. */
const stolen = async (): Promise<Buffer> => {
  const entries = await readdir(server.dataDir, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile() && !['keyring.json', 'server.lock'].includes(entry.name))
  const kept = files.filter(entry => entry.parentPath !== join(server.dataDir, 'mail'))
  return Buffer.concat(await Promise.all(kept.map(entry => readFile(join(entry.parentPath, entry.name)))))
}

test('database and blobs without the keyring hold no password, no live token and no mail', async () => {
  const admin = await setUpAdmin(server)
  const email = 'clara@customer.example'
  await joinClient(server, email)
  const browser = server.client()
  const login = { email, password: PASSWORD, transport: 'cookie' }
  await browser.post('/api/v1/client/login', login, { headers: browser.browser })
  const bearer = (await browser.post('/api/v1/client/login', { email, password: PASSWORD })).body.access_token
  const jwts = [bearer, browser.cookies.get('valise-client') ?? '']
  const sids = jwts.map(jwt => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()).sid)

  await server.client().post('/api/v1/client/password/forgot', { email })
  const reset = (await server.lastMail(email)).token ?? ''
  await admin.post('/api/v1/ops/invitations', { email: 'new@customer.example', role: 'client' })
  const invitation = await server.lastMail('new@customer.example')
  await server.client().post('/api/v1/client/signup', { email: 'late@customer.example', name: 'L', password: PASSWORD })
  const verification = (await server.lastMail('late@customer.example')).token ?? ''
  // Written, and not sent yet.
  await server.client().post('/api/v1/ops/password/forgot', { email: 'admin@firm.example' })

  const bytes = await stolen()
  assert.ok(bytes.includes(email), 'this is the database')
  const secrets = [PASSWORD, ...jwts, ...sids, ...browser.cookies.values(), reset, invitation.token ?? '', verification]
  for (const secret of secrets) {
    assert.ok(secret.length >= 20)
    assert.ok(!bytes.includes(secret), `secret ${secrets.indexOf(secret)}`)
    assert.ok(!bytes.includes(Buffer.from(secret, 'base64url')), `the bytes of ${secret}`)
    assert.ok(!bytes.includes(Buffer.from(secret).toString('base64').slice(0, -4)), `base64 of ${secret}`)
  }
  for (const text of [invitation.subject, 'Choose a password', 'Choose a new password', '/reset#', '/invitation#']) {
    assert.ok(!bytes.includes(text), text)
  }
})
