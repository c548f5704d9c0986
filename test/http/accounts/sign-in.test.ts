import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { joinClient, PASSWORD, setUpAdmin, signIn } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'

let server: TestServer
const admin = 'admin@firm.example'
const clara = 'clara@customer.example'
before(async () => {
  server = await startServer()
  await setUpAdmin(server)
  await joinClient(server, clara)
})
after(() => server.stop())

const doors = [
  ['ops', admin],
  ['client', clara],
] as const

for (const [role, email] of doors) {
  test(`${role}: bearer`, async () => {
    const client = server.client()
    const answer = await client.post(`/api/v1/${role}/login`, { email, password: PASSWORD })
    assert.equal(answer.status, 200)
    assert.deepEqual(Object.keys(answer.body).sort(), ['access_token', 'expires_at', 'token_type', 'user'])
    assert.equal(answer.body.token_type, 'Bearer')
    assert.equal(answer.body.user.email, email)
    assert.deepEqual(answer.headers.getSetCookie(), [])
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    const [header = ''] = answer.body.access_token.split('.')
    assert.deepEqual(Object.keys(JSON.parse(Buffer.from(header, 'base64url').toString())).sort(), ['alg', 'kid', 'typ'])
    client.useToken(answer.body.access_token)
    assert.equal((await client.get(`/api/v1/${role}/me`)).body.email, email)
    const other = role === 'ops' ? 'client' : 'ops'
    refused(await client.get(`/api/v1/${other}/me`), 403, 'forbidden')
    assert.equal((await client.post(`/api/v1/${role}/logout`)).status, 204)
    refused(await client.get(`/api/v1/${role}/me`), 401, 'unauthenticated')
  })

  test(`${role}: cookie, for browsers only`, async () => {
    const client = server.client()
    const body = { email, password: PASSWORD, transport: 'cookie' }
    refused(await client.post(`/api/v1/${role}/login`, body), 400, 'invalid_request')
    refused(
      await client.post(`/api/v1/${role}/login`, body, { headers: { ...client.browser, authorization: 'Bearer x' } }),
      400,
      'invalid_request',
    )
    const answer = await client.post(`/api/v1/${role}/login`, body, { headers: client.browser })
    assert.equal(answer.status, 200, answer.text)
    assert.deepEqual(Object.keys(answer.body).sort(), ['expires_at', 'user'])
    const set = answer.headers.getSetCookie()
    assert.deepEqual(set.map(cookie => cookie.split('=')[0]).sort(), [`valise-${role}`, `valise-device-${role}`].sort())
    for (const cookie of set) {
      assert.match(cookie, /; HttpOnly/)
      assert.match(cookie, /; SameSite=Lax/)
      assert.match(cookie, /; Path=\/;/)
      assert.doesNotMatch(cookie, /Domain/i)
    }
    assert.equal((await client.get(`/api/v1/${role}/me`)).body.email, email)
    refused(await client.get(`/api/v1/${role}/me`, { token: 'x' }), 400, 'invalid_request')
    refused(await client.post(`/api/v1/${role}/logout`), 401, 'unauthenticated')
    const out = await client.post(`/api/v1/${role}/logout`, undefined, { headers: client.browser })
    assert.equal(out.status, 204)
    assert.equal(client.cookies.has(`valise-${role}`), false)
    refused(await client.get(`/api/v1/${role}/me`), 401, 'unauthenticated')
  })

  test(`${role}: wrong password, unknown address, the other door and a disabled account are one answer`, async () => {
    const { app } = server
    const disabled = await app.accounts.addUser({
      role,
      email: `off@${role}.example`,
      name: 'Off',
      admin: false,
      password: PASSWORD,
    })
    await app.accounts.setDisabled(role, disabled.id, true, null)
    const other = role === 'ops' ? clara : admin
    const answers = await Promise.all(
      [
        [email, 'not the password'],
        ['nobody@customer.example', PASSWORD],
        [other, PASSWORD],
        [disabled.email, PASSWORD],
        [email, '\u0000'],
        [email, PASSWORD.toUpperCase()],
      ].map(([address, password]) => server.client().post(`/api/v1/${role}/login`, { email: address, password })),
    )
    for (const answer of answers) {
      refused(answer, 401, 'invalid_credentials')
      assert.equal(answer.text, answers[0]?.text)
    }
  })

  test(`${role}: what the body may not be`, async () => {
    const { post, request } = server.client()
    const path = `/api/v1/${role}/login`
    refused(await post(path, { email, password: PASSWORD, transport: 'none' }), 400, 'invalid_request')
    refused(await post(path, { email, password: PASSWORD, admin: true }), 400, 'invalid_request')
    refused(await post(path, { email }), 400, 'invalid_request')
    refused(await post(path, { email: [email], password: PASSWORD }), 400, 'invalid_request')
    refused(await post(path, undefined), 400, 'invalid_request')
    const form = {
      method: 'POST',
      body: `email=${email}&password=x`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }
    refused(await request(path, form), 415, 'unsupported_media_type')
    refused(await request(path), 405, 'method_not_allowed')
  })
}

test('a session ends by idling, and at its limit however busy it is', async () => {
  let later = 0
  const env = { VALISE_SESSION_IDLE: '1h', VALISE_SESSION_MAX: '3h' }
  const slow = await startServer({ env, now: () => Date.now() + later })
  try {
    await setUpAdmin(slow)
    const busy = await signIn(slow, 'ops', admin)
    const idle = await signIn(slow, 'ops', admin)
    for (const minutes of [50, 100, 150, 170]) {
      later = minutes * 60_000
      assert.equal((await busy.get('/api/v1/ops/me')).status, 200, `${minutes} minutes`)
      await slow.app.accounts.settled()
    }
    refused(await idle.get('/api/v1/ops/me'), 401, 'unauthenticated')
    const { body } = await busy.get('/api/v1/ops/sessions')
    assert.equal(body.items.length, 1)
    const [current] = body.items
    assert.equal(await slow.app.accounts.sessionAlive(current.id), true)
    later = 181 * 60_000
    assert.equal(await slow.app.accounts.sessionAlive(current.id), false)
    refused(await busy.get('/api/v1/ops/me'), 401, 'unauthenticated')
    await slow.app.accounts.sweep()
    assert.equal((await slow.app.accounts.db.read.selectFrom('sessions').selectAll().execute()).length, 0)
  } finally {
    await slow.stop()
  }
})

test('a hash made with other parameters is replaced at the next sign-in', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'valise-test-'))
  const signInWith = async (timeCost: number) => {
    const passwordParams = { memoryCost: 19_456, timeCost, parallelism: 1 }
    const one = await startServer({ dataDir, passwordParams })
    try {
      if (one.setupToken) await setUpAdmin(one, admin)
      await signIn(one, 'ops', admin)
      const { db } = one.app.accounts
      const row = await db.read.selectFrom('accounts').selectAll().executeTakeFirstOrThrow()
      return /m=19456,t=\d/.exec(row.password_hash ?? '')?.[0]
    } finally {
      await one.stop()
    }
  }
  try {
    assert.equal(await signInWith(2), 'm=19456,t=2')
    assert.equal(await signInWith(3), 'm=19456,t=3')
    assert.equal(await signInWith(3), 'm=19456,t=3')
  } finally {
    await rm(dataDir, { recursive: true })
  }
})
