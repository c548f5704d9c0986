import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { startServer, type TestServer } from '../../server.ts'

// DNS rebinding and proxied loopback: the development mailbox holds live tokens, so it is for this machine alone.

let server: TestServer
before(async () => {
  server = await startServer()
  await server.client().post('/api/v1/client/signup', {
    email: 'clara@customer.example',
    name: 'Clara Client',
    password: 'four quiet unrelated herons',
  })
  await server.lastMail('clara@customer.example')
})
after(() => server.stop())

const LIST = '/api/v1/development/mails'
const proof = () => ({ authorization: `Bearer ${server.mailboxSecret}` })

/** A request as no browser or `fetch` would make it: any Host, any header. */
const get = (path: string, headers: Record<string, string>) =>
  new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const { port } = new URL(server.url)
    const sent = request({ host: '127.0.0.1', port, path, headers: { host: new URL(server.url).host, ...headers } })
    sent.on('error', reject).on('response', async response => {
      const chunks = await response.setEncoding('utf8').toArray()
      resolve({ status: response.statusCode, text: chunks.join('') })
    })
    sent.end()
  })

const firstName = async (): Promise<string> => {
  const { text } = await get(LIST, proof())
  return JSON.parse(text).items[0].name
}

test('with the secret from the terminal, on this machine, it shows the mails', async () => {
  const list = await get(LIST, proof())
  assert.equal(list.status, 200)
  assert.equal(list.text.includes('/verify#'), false, 'a list holds no token')
  const mail = await get(`${LIST}/${await firstName()}`, proof())
  assert.equal(mail.status, 200)
  assert.match(JSON.parse(mail.text).text, /\/verify#[\w-]{43}/)
})

test('every other request gets the 404 of a path that does not exist', async () => {
  const nowhere = await get('/api/v1/development/nothing', {})
  assert.equal(nowhere.status, 404)
  const secret = server.mailboxSecret
  const refused: Record<string, string>[] = [
    {},
    { authorization: '' },
    { authorization: 'Bearer ' },
    { authorization: secret },
    { authorization: `bearer ${secret}` },
    { authorization: `Basic ${secret}` },
    { authorization: `Bearer ${secret}x` },
    { authorization: `Bearer ${secret.slice(0, -1)}` },
    { authorization: `Bearer ${'A'.repeat(secret.length)}` },
    { cookie: `mailbox=${secret}` },
    ...['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'].map(name => ({
      ...proof(),
      [name]: name === 'forwarded' ? 'for=127.0.0.1' : '127.0.0.1',
    })),
  ]
  for (const path of [LIST, `${LIST}/${await firstName()}`]) {
    for (const headers of refused) {
      const answer = await get(path, headers)
      assert.deepEqual(answer, nowhere, JSON.stringify(Object.keys(headers)))
    }
  }
  assert.equal((await get(`${LIST}?secret=${secret}`, {})).status, 404, 'never by the URL')
})

test('a foreign Host is not answered at all', async () => {
  for (const host of [
    'evil.example',
    `evil.example:${new URL(server.url).port}`,
    '127.0.0.1.evil.example',
    '192.0.2.1',
  ]) {
    assert.equal((await get(LIST, { ...proof(), host })).status, 421, host)
  }
})

test('another machine is refused, however it got here', async () => {
  const ask = (remoteAddress: string) =>
    server.app.http.inject({ url: LIST, remoteAddress, headers: { host: new URL(server.url).host, ...proof() } })
  for (const address of ['192.0.2.7', '10.0.0.1', '::ffff:192.0.2.7', '2001:db8::1']) {
    assert.equal((await ask(address)).statusCode, 404, address)
  }
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
    assert.equal((await ask(address)).statusCode, 200, address)
  }
})

test('names that are not mails are not found', async () => {
  for (const name of [
    '..%2f..%2fkeyring',
    '%2e%2e',
    'x',
    `${'A'.repeat(120)}`,
    '20260101T000000000Z-AAAAAAAAAAAAAAAAAAAAAA',
  ]) {
    const { status } = await get(`${LIST}/${name}`, proof())
    assert.equal(status, 404, name)
  }
})

test('a server with a relay has no mailbox', async () => {
  const relayed = await startServer({
    env: { VALISE_SMTP_URL: 'smtp://127.0.0.1:1', VALISE_MAIL_FROM: 'valise@firm.example' },
  })
  try {
    assert.equal(relayed.mailboxSecret, '')
    const { status } = await relayed.client().get(LIST, { headers: { authorization: 'Bearer ' } })
    assert.equal(status, 404)
  } finally {
    await relayed.stop()
  }
})
