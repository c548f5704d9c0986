import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createKeyring } from '../../../server/crypto/keyring.ts'
import { generateKeyring } from '../../../server/crypto/keyring-data.ts'
import { newId, newSecret, type RandomBytes, systemRandom } from '../../../server/crypto/random.ts'
import { sealLink } from '../../../server/links/token.ts'
import { PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { linkTo, upload } from './cast.ts'

const COUNT = 100_000

/**
 * No two alike, and each bit one in half of them, whatever the one before was: within six standard deviations, so that a good
 * generator fails this once in a quarter of a million runs, and one bad bit beside 127 good ones always.
 */
const looksRandom = (make: () => Buffer, what: string): void => {
  const seen = new Set<string>()
  const first = make()
  const ones = new Uint32Array(first.length * 8)
  const changes = new Uint32Array(first.length * 8)
  let before = first
  for (let n = 0; n < COUNT; n++) {
    const bytes = make()
    assert.equal(bytes.length, first.length, what)
    seen.add(bytes.toString('latin1'))
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      const change = byte ^ (before[at] ?? 0)
      for (let bit = 0; bit < 8; bit++) {
        const place = at * 8 + bit
        ones[place] = (ones[place] ?? 0) + ((byte >> bit) & 1)
        changes[place] = (changes[place] ?? 0) + ((change >> bit) & 1)
      }
    }
    before = bytes
  }
  assert.equal(seen.size, COUNT, `${what}: no repeats`)
  const most = 6 * Math.sqrt(COUNT / 4)
  for (const [name, counts] of [
    ['ones', ones],
    ['changes', changes],
  ] as const)
    for (const [bit, count] of counts.entries())
      assert.ok(Math.abs(count - COUNT / 2) < most, `${what}: bit ${bit} has ${count} ${name} in ${COUNT}`)
}

const decode = (text: string, length: number): Buffer => {
  const bytes = Buffer.from(text, 'base64url')
  assert.equal(bytes.toString('base64url'), text)
  assert.equal(bytes.length, length)
  return bytes
}

test('100,000 ids: 128 random bits, no repeats', () => looksRandom(() => decode(newId(systemRandom), 16), 'ids'))

test('100,000 secrets (sessions, mail tokens, devices, set-up): 256 random bits, no repeats', () =>
  looksRandom(() => decode(newSecret(systemRandom), 32), 'secrets'))

test('100,000 link tokens for the same link: nonce, text and tag look random, no repeats', () => {
  const keyring = createKeyring(generateKeyring(Date.now(), systemRandom))
  const claims = { linkId: newId(systemRandom), clientId: newId(systemRandom), exp: 2_000_000_000 }
  looksRandom(() => {
    const [, , nonce = '', sealed = '', tag = ''] = sealLink({ keyring, random: systemRandom }, claims).split('.')
    return Buffer.concat([decode(nonce, 12), decode(sealed, 48), decode(tag, 16)])
  }, 'link tokens')
})

// Over HTTP, and in what is stored: everything that names or opens something came out of the one generator, whole.

let server: TestServer
const given = new Set<string>()
const recording: RandomBytes = n => {
  const bytes = randomBytes(n)
  given.add(bytes.toString('hex'))
  return bytes
}
before(async () => {
  server = await startServer({ random: recording })
})
after(() => server.stop())

const isGiven = (text: unknown, length: number, what: string): void => {
  assert.ok(given.has(decode(String(text), length).toString('hex')), `${what} is ${length} bytes of the generator`)
}

test('every id and every secret of a running server is that many bytes of the generator', async () => {
  isGiven(server.setupToken, 32, 'set-up token')
  isGiven(server.mailboxSecret, 32, 'mailbox secret')
  const admin = await setUpAdmin(server)
  const browser = server.client()
  const login = { password: PASSWORD, transport: 'cookie' }
  await browser.post('/api/v1/ops/login', { email: 'admin@firm.example', ...login }, { headers: browser.browser })
  isGiven(browser.cookies.get('valise-device-ops'), 32, 'device cookie')
  const claims = JSON.parse(Buffer.from(browser.cookies.get('valise-ops')?.split('.')[1] ?? '', 'base64url').toString())
  isGiven(claims.sid, 32, 'sid')

  const clara = server.client()
  await clara.post('/api/v1/client/signup', { email: 'clara@customer.example', name: 'Clara', password: PASSWORD })
  const { token } = await server.lastMail('clara@customer.example')
  isGiven(token, 32, 'verification token')
  const verified = await clara.post('/api/v1/client/verify', { token, password: PASSWORD, transport: 'bearer' })
  clara.useToken(verified.body.access_token)
  await clara.post('/api/v1/client/password/forgot', { email: 'clara@customer.example' })
  isGiven((await server.lastMail('clara@customer.example')).token, 32, 'reset token')
  const group = await admin.post('/api/v1/ops/groups', { name: 'Customer' })
  isGiven(group.body.id, 16, 'group')
  await admin.post('/api/v1/ops/invitations', { email: 'cy@customer.example', role: 'client', groups: [group.body.id] })
  isGiven((await server.lastMail('cy@customer.example')).token, 32, 'invitation token')
  const path = await linkTo(clara, await upload(admin, 'Accounts.docx', { everyone: true }))
  isGiven(path.split('.')[2], 12, 'nonce of a link token')
  assert.equal((await clara.get(path)).status, 200)

  const ids = [
    ...['accounts', 'sessions', 'invitations', 'groups', 'files', 'links', 'downloads', 'outbox'],
    'audit_events',
  ] as const
  for (const table of ids) {
    const rows = await server.db.read.selectFrom(table).select('id').execute()
    assert.ok(rows.length > 0, table)
    for (const { id } of rows) isGiven(id, 16, table)
  }
  for (const { blob, id } of await server.db.read.selectFrom('files').select(['blob', 'id']).execute()) {
    isGiven(blob, 16, 'blob name')
    assert.notEqual(blob, id)
  }
  const keyring = JSON.parse(readFileSync(join(server.dataDir, 'keyring.json'), 'utf8'))
  for (const { secret } of keyring.keys) isGiven(secret, 32, 'key')
})

test('100 things made in a row: their ids neither rise nor share a beginning', async () => {
  const admin = server.client()
  const { body } = await admin.post('/api/v1/ops/login', { email: 'admin@firm.example', password: PASSWORD })
  admin.useToken(body.access_token)
  const ids: string[] = []
  for (let n = 0; n < 100; n++) ids.push((await admin.post('/api/v1/ops/groups', { name: `Group ${n}` })).body.id)
  assert.equal(new Set(ids.map(id => id.slice(0, 8))).size, 100)
  const bytes = ids.map(id => Buffer.from(id, 'base64url').toString('hex'))
  const rising = bytes.filter((id, index) => index > 0 && id > (bytes[index - 1] ?? '')).length
  // 99 comparisons of independent values: 49.5 rise, give or take 2.9 (a run of them is less varied than coin tosses).
  assert.ok(rising > 30 && rising < 70, `${rising} of 99 rise`)
})
