import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startServer, type TestServer } from '../../server.ts'
import { refused } from '../problem.ts'
import { enlist, linkTo, type Person, upload } from './cast.ts'

let server: TestServer
let ada: Person
let clara: Person
before(async () => {
  server = await startServer()
  ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  clara = await enlist(server, 'client', 'clara@customer.example')
})
after(() => server.stop())

test('a link is to one file, not to whatever has its name', async () => {
  const audience = { everyone: true }
  const first = await upload(ada.client, 'Accounts.docx', audience)
  const path = await linkTo(clara.client, first)
  assert.equal((await clara.client.get(path)).status, 200)
  assert.equal((await ada.client.delete(`/api/v1/ops/files/${first}`)).status, 204)
  const second = await upload(ada.client, 'Accounts.docx', audience)
  refused(await clara.client.get(path), 404, 'not_found')
  refused(await clara.client.request(path, { method: 'GET', headers: { range: 'bytes=0-0' } }), 404, 'not_found')
  assert.equal((await clara.client.request(path, { method: 'HEAD' })).status, 404)
  assert.equal((await clara.client.get(await linkTo(clara.client, second))).status, 200)
})
