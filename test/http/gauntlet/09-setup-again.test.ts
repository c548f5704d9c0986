import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { unchanged } from './unchanged.ts'

let server: TestServer
let token: string
before(async () => {
  server = await startServer()
  token = server.setupToken
  await setUpAdmin(server)
})
after(() => server.stop())

const paths = [
  '/api/v1/setup',
  '/api/v1/setup/',
  '/api/v1//setup',
  '//api/v1/setup',
  '/api/v1/./setup',
  '/api/v1/x/../setup',
  '/api/v1/%73etup',
  '/api/v1/setu%70',
  '/api/v1/setup%2f',
  '/api/v1/setup%00',
  '/api/v1/setup;x=1',
  '/api/v1/setup?x=1',
  '/api/v1/SETUP',
  '/API/v1/setup',
  '/api/v1/ops/..;/setup',
  '/api/v1/ops/../setup',
  '/api/v1/setup.json',
  '/api/v1/setup%20',
  '/api%2fv1%2fsetup',
  '/api/v1/%2573etup',
]
/** fetch would tidy these paths up. */
const post = (path: string, body: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port, host } = new URL(server.url)
    const options = { hostname, port, method: 'POST', path, headers: { host, ...headers } }
    const call = request(options, answer => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    call.on('error', reject)
    call.end(body)
  })

test('once there is an admin, set-up is 404 however its path is spelled and whatever is sent', async () => {
  const json = { 'content-type': 'application/json' }
  const right = JSON.stringify({ setup_token: token, email: 'second@firm.example', name: 'Second', password: PASSWORD })
  await unchanged(server, async () => {
    for (const path of paths) assert.equal(await post(path, right, json), 404, path)
    for (const body of ['{}', 'no json', '', '[]', '{"__proto__":{}}']) {
      assert.equal(await post('/api/v1/setup', body, json), 404, body)
    }
    assert.equal(await post('/api/v1/setup', right, { 'content-type': 'text/plain' }), 404)
    assert.equal(await post('/api/v1/setup', right, { ...json, 'x-http-method-override': 'PUT' }), 404)
  })
})

test('a disabled admin does not open it again, and a restart prints no link', async () => {
  const { accounts } = server.app
  const [first] = await accounts.listUsers()
  const second = { role: 'ops', email: 'b@firm.example', name: 'B', admin: true, password: undefined } as const
  await accounts.addUser(second)
  await accounts.setDisabled('ops', first?.id ?? '', true, null)
  assert.equal(await accounts.setupLink(), undefined)
  assert.equal(await post('/api/v1/setup', '{}', { 'content-type': 'application/json' }), 404)
})
