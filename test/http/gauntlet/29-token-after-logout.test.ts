import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startRelay } from '../../../server/mail/relay.testing.ts'
import { PASSWORD } from '../../people.ts'
import { startProcess } from '../../process.ts'
import { refused } from '../problem.ts'

test('what was ended stays ended, and no log line holds a secret that lives', { timeout: 120_000 }, async t => {
  const dataDir = await mkdtemp(join(tmpdir(), 'valise-test-'))
  const mail = Promise.withResolvers<string>()
  const relay = await startRelay({ tls: 'none', onData: ({ raw }) => mail.resolve(raw) })
  const env = {
    VALISE_LOG_LEVEL: 'debug',
    VALISE_SMTP_URL: `smtp://127.0.0.1:${relay.port}`,
    VALISE_MAIL_FROM: 'valise@firm.example',
  }
  const server = await startProcess({ context: t, dataDir, env })
  try {
    assert.ok(server.ready, server.log())
    const client = server.client()
    const { post, get, browser } = client
    const [admin, email] = ['admin@firm.example', 'clara@customer.example']
    const secrets: string[] = [PASSWORD, server.setupToken]
    const setup = { setup_token: server.setupToken, email: admin, name: 'Ada', password: PASSWORD }
    assert.equal((await post('/api/v1/setup', setup)).status, 201)

    await post('/api/v1/client/signup', { email, name: 'Clara', password: PASSWORD })
    const raw = (await mail.promise).replaceAll(/=\r?\n/g, '')
    const verification = /\/verify#([A-Za-z0-9_-]{43})/.exec(raw)?.[1] ?? ''
    secrets.push(verification)
    refused(await post('/api/v1/client/verify', { token: verification, password: 'wrong' }), 401, 'invalid_credentials')
    assert.equal((await post('/api/v1/client/verify', { token: verification, password: PASSWORD })).status, 200)

    const bearer = (await post('/api/v1/client/login', { email, password: PASSWORD })).body.access_token
    await post('/api/v1/client/login', { email, password: PASSWORD, transport: 'cookie' }, { headers: browser })
    const cookies = [...client.cookies.values()]
    const claims = [bearer, client.cookies.get('valise-client') ?? ''].map(jwt =>
      JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()),
    )
    secrets.push(bearer, ...cookies, ...claims.map(({ sid }) => sid))

    const cookie = `valise-client=${client.cookies.get('valise-client')}`
    client.cookies.clear()
    assert.equal((await get('/api/v1/client/me', { token: bearer })).status, 200)
    assert.equal((await get('/api/v1/client/me', { headers: { cookie } })).status, 200)
    assert.equal((await post('/api/v1/client/logout', undefined, { token: bearer })).status, 204)
    assert.equal((await post('/api/v1/client/logout', undefined, { headers: { ...browser, cookie } })).status, 204)
    for (let i = 0; i < 3; i++) {
      refused(await get('/api/v1/client/me', { token: bearer }), 401, 'unauthenticated')
      refused(await get('/api/v1/client/me', { headers: { cookie } }), 401, 'unauthenticated')
    }
    // Places where secrets do not belong and might be logged with the request.
    await get(`/api/v1/client/me?access_token=${bearer}`)
    await get(`/api/v1/client/${bearer}`)
    await get(`/verify?token=${verification}`)
    await post('/api/v1/client/login', { email: PASSWORD, password: bearer })
    await post('/api/v1/client/login', undefined, {
      body: `{"password":"${PASSWORD}"`,
      headers: { 'content-type': 'application/json' },
    })

    const log = server.log()
    assert.ok(log.includes('/api/v1/client/login'), 'requests were logged')
    for (const secret of secrets) {
      assert.ok(secret.length > 10)
      assert.ok(!log.includes(secret), `${secret.slice(0, 6)}… is in the log`)
    }
  } finally {
    await server.kill('SIGTERM')
    await relay.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
})
