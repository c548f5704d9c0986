import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PASSWORD, setUpAdmin, signIn } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'

let server: TestServer
before(async () => {
  server = await startServer({ env: { VALISE_TRUSTED_PROXIES: '127.0.0.1' } })
  await setUpAdmin(server)
})
after(() => server.stop())

/** As `joinClient`, for addresses that mail headers encode. */
const join = async (email: string, name: string) => {
  const { post } = server.client()
  assert.equal((await post('/api/v1/client/signup', { email, name, password: PASSWORD })).status, 202, email)
  const token = (await server.mailsTo('')).at(-1)?.token
  assert.equal((await post('/api/v1/client/verify', { token, password: PASSWORD })).status, 200, email)
  return signIn(server, 'client', email)
}

const signUp = (email: string, password: string) =>
  server.client().post('/api/v1/client/signup', { email, name: 'Mallory', password })

/** Spellings that mail servers deliver to the same mailbox: one account, and its owner keeps it. */
const same = ['IVAN@bücher.example', 'ivan@xn--bcher-kva.example', 'Ivan@Bücher.EXAMPLE', 'ivan@bu\u0308cher.example']
/** Spellings of other mailboxes, or of none. */
const lookalikes = [
  'ıvan@bücher.example',
  'ivan @bücher.example',
  ' ivan@bücher.example',
  'ivan@bücher.example ',
  'ivan@bücher.example.',
  'ivan\u200b@bücher.example',
  'ｉvan@bücher.example',
  'ivan@ｂücher.example',
  'ⅰvan@bücher.example',
  '"ivan"@bücher.example',
  'ivan@bücher。example',
]
const others = ['ivan+1@bücher.example', 'i.van@bücher.example', 'ivan@bucher.example', 'ivаn@bücher.example']

test('no spelling of an address reaches, takes or doubles another’s account', async () => {
  const email = 'ivan@bücher.example'
  const ivan = await join(email, 'Ivan')
  const stored = await server.mailsTo('')
  const mallory = 'a phrase of Mallory herself'

  for (const spelling of same) {
    assert.equal((await signUp(spelling, mallory)).status, 202, spelling)
    await signIn(server, 'client', spelling)
  }
  for (const spelling of lookalikes) {
    refused(await signUp(spelling, mallory), 400, 'invalid_request')
    const forgot = await server.client().post('/api/v1/client/password/forgot', { email: spelling })
    refused(forgot, 400, 'invalid_request')
    refused(
      await server.client().post('/api/v1/client/login', { email: spelling, password: PASSWORD }),
      400,
      'invalid_request',
    )
  }
  for (const other of others) {
    refused(
      await server.client().post('/api/v1/client/login', { email: other, password: PASSWORD }),
      401,
      'invalid_credentials',
    )
    const client = await join(other, 'Other')
    assert.equal((await client.get('/api/v1/client/me')).body.name, 'Other')
  }
  assert.equal((await ivan.get('/api/v1/client/me')).body.name, 'Ivan')
  const ids = (await server.app.accounts.listUsers()).filter(user => user.role === 'client')
  assert.equal(ids.length, 1 + others.length)

  // What was mailed for those spellings went to the owner, as they spelled it, and holds no token.
  const fresh = (await server.mailsTo('')).slice(stored.length)
  const mine = fresh.filter(mail => /already/i.test(mail.subject))
  assert.equal(mine.length, 2, 'three mails an hour, the first was the owner’s own')
  for (const mail of mine) assert.equal(mail.token, undefined)
})
