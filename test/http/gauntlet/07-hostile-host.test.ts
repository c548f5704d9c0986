import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { joinClient, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { unchanged } from './unchanged.ts'

let server: TestServer
const email = 'clara@customer.example'
before(async () => {
  server = await startServer()
  await setUpAdmin(server)
  await joinClient(server, email)
})
after(() => server.stop())

/** fetch would not send another Host. */
const forgot = (headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    const body = JSON.stringify({ email })
    const call = request(
      {
        hostname,
        port,
        method: 'POST',
        path: '/api/v1/client/password/forgot',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
      },
      answer => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      },
    )
    call.on('error', reject)
    call.end(body)
  })

test('a foreign Host is answered 421 and mails nothing', async () => {
  const { port } = new URL(server.url)
  const hosts = [
    'evil.example',
    `evil.example:${port}`,
    `localhost.evil.example:${port}`,
    'localhost',
    `localhost:${port}@evil.example`,
  ]
  await unchanged(server, async () => {
    for (const host of hosts) assert.equal(await forgot({ host }), 421, host)
  })
})

test('headers that speak for a proxy do not move a link in a mail', async () => {
  const { host } = new URL(server.url)
  const headers = {
    host,
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-forwarded-server': 'evil.example',
    'x-original-url': 'https://evil.example/',
    'x-host': 'evil.example',
    forwarded: 'host=evil.example;proto=https',
  }
  assert.equal(await forgot(headers), 202)
  const mail = await server.lastMail(email)
  assert.ok(mail.link?.startsWith(`${server.url}/reset#`))
  assert.doesNotMatch(mail.text, /evil/)
})
