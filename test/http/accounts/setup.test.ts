import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PASSWORD, signIn } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'

let server: TestServer
before(async () => {
  server = await startServer()
})
after(() => server.stop())

const body = () => ({ setup_token: server.setupToken, email: 'Ada@Firm.example', name: 'Ada', password: PASSWORD })

test('set-up: only with the printed token, once, and then never again', async () => {
  const { post } = server.client()
  refused(await post('/api/v1/setup', { ...body(), setup_token: 'x' }), 403, 'setup_token_invalid')
  refused(await post('/api/v1/setup', { ...body(), setup_token: 'A'.repeat(43) }), 403, 'setup_token_invalid')
  refused(await post('/api/v1/setup', { ...body(), password: 'short' }), 400, 'invalid_request')
  refused(await post('/api/v1/setup', { ...body(), password: 'password123' }), 400, 'invalid_request')
  refused(await post('/api/v1/setup', { ...body(), password: 'ada@firm.example' }), 400, 'invalid_request')
  refused(await post('/api/v1/setup', { ...body(), email: 'nobody' }), 400, 'invalid_request')
  refused(await post('/api/v1/setup', { ...body(), extra: 1 }), 400, 'invalid_request')

  const answers = await Promise.all(
    [1, 2, 3, 4].map(n => post('/api/v1/setup', { ...body(), email: `a${n}@firm.example` })),
  )
  assert.deepEqual(answers.map(answer => answer.status).sort(), [201, 404, 404, 404])
  const user = answers.find(answer => answer.status === 201)?.body
  assert.deepEqual(
    { ...user, id: '', created_at: '' },
    {
      id: '',
      role: 'ops',
      admin: true,
      email: user.email,
      name: 'Ada',
      email_verified: true,
      disabled: false,
      created_at: '',
    },
  )
  refused(await post('/api/v1/setup', body()), 404, 'not_found')
  await signIn(server, 'ops', user.email)
  assert.equal(await server.app.accounts.setupLink(), undefined)
})
