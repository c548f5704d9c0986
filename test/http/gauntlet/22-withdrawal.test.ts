import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { startServer, type TestServer } from '../../server.ts'
import { eventually, stall } from '../links/world.ts'
import { enlist, linkTo, type Person } from './cast.ts'

/** More than the buffers between two sockets of one machine hold, so that a stalled stream is still running. */
const document = makeOffice({ type: 'docx', padTo: 16_000_000 })
let server: TestServer
let ada: Person
before(async () => {
  server = await startServer()
  ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
})
after(() => server.stop())

const upload = async (audience: unknown): Promise<string> => {
  const answer = await ada.client.upload('Accounts.docx', document, audience)
  assert.equal(answer.status, 201, answer.text)
  return String(answer.body.id)
}

type Scene = { clara: Person; file: string; path: string; group: string }
type Case = { name: string; withdraw: (scene: Scene) => Promise<unknown>; session: 'lives' | 'ends' }

const cases: Case[] = [
  {
    name: 'the audience is emptied',
    withdraw: ({ file }) => ada.client.put(`/api/v1/ops/files/${file}/audience`, {}),
    session: 'lives',
  },
  {
    name: 'the client leaves the group',
    withdraw: ({ group }) => ada.client.put(`/api/v1/ops/groups/${group}/members`, { clients: [] }),
    session: 'lives',
  },
  {
    name: 'the file is deleted',
    withdraw: ({ file }) => ada.client.delete(`/api/v1/ops/files/${file}`),
    session: 'lives',
  },
  {
    name: 'the client is disabled',
    withdraw: ({ clara }) => ada.client.patch(`/api/v1/ops/clients/${clara.id}`, { disabled: true }),
    session: 'ends',
  },
  {
    name: 'the client signs out',
    withdraw: ({ clara }) => clara.client.post('/api/v1/client/logout'),
    session: 'ends',
  },
  {
    name: 'the password is reset',
    withdraw: async ({ clara }) => {
      await server.client().post('/api/v1/client/password/forgot', { email: clara.email })
      const { token } = await server.lastMail(clara.email)
      return server.client().post('/api/v1/password/reset', { token, password: 'another long password entirely' })
    },
    session: 'ends',
  },
]

for (const [number, { name, withdraw, session }] of cases.entries()) {
  test(`when ${name}, link and running stream are dead within a second`, async () => {
    const clara = await enlist(server, 'client', `clara${number}@customer.example`)
    const made = await ada.client.post('/api/v1/ops/groups', { name: `Customers ${number}` })
    const group = String(made.body.id)
    await ada.client.put(`/api/v1/ops/groups/${group}/members`, { clients: [clara.id] })
    const file = await upload({ groups: [group] })
    const path = await linkTo(clara.client, file)
    const headers = { authorization: `Bearer ${clara.token}` }
    const stalled = await stall(server.url, path, headers)
    assert.equal(stalled.status, 200)
    assert.equal(server.app.links.running(), 1)

    const done = await withdraw({ clara, file, path, group })
    assert.ok(typeof done === 'object' && done && 'status' in done && Number(done.status) < 300, JSON.stringify(done))
    const began = performance.now()
    await eventually(() => server.app.links.running() === 0, 3)
    const took = performance.now() - began
    assert.ok(took < 1000, `${took} ms`)
    const { received, complete } = await stalled.drain()
    assert.equal(complete, false)
    assert.ok(received < document.length)

    const again = await server.client().get(path, { token: clara.token })
    assert.equal(again.status, session === 'ends' ? 401 : 404)
    const link = await clara.client.post(`/api/v1/client/files/${file}/link`, {})
    assert.equal(link.status, session === 'ends' ? 401 : 404)
  })
}
