import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { startServer, type TestServer } from '../../server.ts'
import { eventually, type Stalled, stall } from '../links/world.ts'
import { each, enlist, linkTo, type Person, upload } from './cast.ts'

const READERS = 1000
const PER_CLIENT = 16
const BIG = 16_000_000

let server: TestServer
let mallory: Person
let clara: Person
let big: string
let small: string
before(async () => {
  server = await startServer()
  const ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  mallory = await enlist(server, 'client', 'mallory@customer.example')
  clara = await enlist(server, 'client', 'clara@customer.example')
  const uploaded = await ada.client.upload('Big.docx', makeOffice({ type: 'docx', padTo: BIG }), { everyone: true })
  assert.equal(uploaded.status, 201, uploaded.text)
  big = String(uploaded.body.id)
  small = await upload(ada.client, 'Small.docx', { everyone: true })
})
after(() => server.stop())

test('one client that opens 1,000 downloads and reads none holds back nobody', async () => {
  const path = await linkTo(mallory.client, big)
  const headers = { authorization: `Bearer ${mallory.token}` }
  const before = process.memoryUsage().rss
  const open: Stalled[] = []
  const statuses = new Map<number, number>()
  await each(
    Array.from({ length: READERS }),
    async () => {
      const stalled = await stall(server.url, path, headers)
      statuses.set(stalled.status, (statuses.get(stalled.status) ?? 0) + 1)
      if (stalled.status === 200) open.push(stalled)
      else stalled.destroy()
    },
    50,
  )
  assert.deepEqual([...statuses].sort(), [
    [200, PER_CLIENT],
    [429, READERS - PER_CLIENT],
  ])
  assert.equal(server.app.links.running(), PER_CLIENT)
  // At most 1 MiB each, and what a thousand connections leave behind in a process that also plays the client.
  const grown = (process.memoryUsage().rss - before) / 2 ** 20
  assert.ok(grown < 250, `${grown} MiB`)

  const times: number[] = []
  for (let i = 0; i < 100; i++) {
    const began = performance.now()
    const answer = await clara.client.get(await linkTo(clara.client, small))
    assert.equal(answer.status, 200)
    times.push(performance.now() - began)
  }
  const slow = times.sort((a, b) => a - b)[98] ?? 0
  assert.ok(slow < 500, `${slow} ms`)

  for (const one of open) one.destroy()
  await eventually(() => server.app.links.running() === 0)
  assert.equal((await mallory.client.get(path, { headers: { range: 'bytes=0-0' } })).status, 206)
})
