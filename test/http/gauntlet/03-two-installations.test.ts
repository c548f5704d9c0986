import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'
import { enlist, linkTo, type Person, upload } from './cast.ts'

type Installation = { server: TestServer; clara: Person; path: string }
let here: Installation
let there: Installation

const install = async (): Promise<Installation> => {
  const server = await startServer()
  const ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  const clara = await enlist(server, 'client', 'clara@customer.example')
  const path = await linkTo(clara.client, await upload(ada.client, 'Accounts.docx', { everyone: true }))
  return { server, clara, path }
}
before(async () => {
  here = await install()
  there = await install()
})
after(async () => {
  await here.server.stop()
  await there.server.stop()
})

test('a link of one installation is nothing to another', async () => {
  refused(await there.clara.client.get(here.path), 404, 'not_found')
  refused(await here.clara.client.get(there.path), 404, 'not_found')
  assert.equal((await here.clara.client.get(here.path)).status, 200)
})

test('nor is its session', async () => {
  const asHere = { token: here.clara.token }
  refused(await there.server.client().get(there.path, asHere), 401, 'unauthenticated')
  refused(await there.server.client().get('/api/v1/client/me', asHere), 401, 'unauthenticated')
})
