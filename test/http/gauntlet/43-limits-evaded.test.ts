import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { startServer, type TestServer } from '../../server.ts'
import { eventually, stall } from '../links/world.ts'
import { each, enlist, linkTo, type Person } from './cast.ts'

const SIZE = 2_000_000
const ALLOWANCE = 2 * SIZE + 1024 * 1024

let server: TestServer
let ada: Person
let clara: Person
before(async () => {
  server = await startServer()
  ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  clara = await enlist(server, 'client', 'clara@customer.example')
})
after(() => server.stop())

const upload = async (): Promise<string> => {
  const bytes = makeOffice({ type: 'docx', padTo: SIZE })
  const answer = await ada.client.upload('Accounts.docx', bytes, { clients: [clara.email] })
  assert.equal(answer.status, 201, answer.text)
  return String(answer.body.id)
}

/** Bytes of the body that arrived; undefined when the link gave none. */
const fetched = async (path: string, range: string): Promise<number | undefined> => {
  const stalled = await stall(server.url, path, { authorization: `Bearer ${clara.token}`, range })
  const { received } = await stalled.drain()
  return stalled.status === 206 ? received : undefined
}

const delivery = async (file: string) => (await ada.client.get(`/api/v1/ops/files/${file}/deliveries`)).body.items[0]

test('all but one byte, again and again, ends at the allowance', async () => {
  const path = await linkTo(clara.client, await upload(), { single_use: true })
  let total = 0
  for (let i = 0; i < 10; i++) total += (await fetched(path, `bytes=0-${SIZE - 2}`)) ?? 0
  assert.ok(total > SIZE && total <= ALLOWANCE, String(total))
  assert.equal((await clara.client.get(path)).status, 404)
})

test('so do slices, however small and however many at once', async () => {
  const path = await linkTo(clara.client, await upload(), { single_use: true })
  let total = 0
  const slice = async () => {
    total += (await fetched(path, `bytes=0-${SIZE / 10}`).catch(() => 0)) ?? 0
  }
  await each(Array.from({ length: 40 }), slice, 1)
  await each(Array.from({ length: 40 }), slice, 8)
  assert.ok(total > SIZE && total <= ALLOWANCE, String(total))
})

test('the slices of several links add up to a delivery', async () => {
  const file = await upload()
  const step = SIZE / 8
  await each(Array.from({ length: 8 }), async (_, i) => {
    const path = await linkTo(clara.client, file)
    assert.equal(await fetched(path, `bytes=${i * step}-${(i + 1) * step - 1}`), step)
  })
  await eventually(() => server.app.links.running() === 0)
  assert.equal((await delivery(file)).state, 'delivered')
  assert.equal((await delivery(file)).bytes_sent, SIZE)
})

test('all but one byte is not a delivery, and the last one makes it one', async () => {
  const file = await upload()
  const path = await linkTo(clara.client, file)
  await fetched(path, `bytes=1-${SIZE - 1}`)
  await eventually(() => server.app.links.running() === 0)
  assert.equal((await delivery(file)).state, 'partial')
  assert.equal((await delivery(file)).bytes_sent, SIZE - 1)
  await fetched(path, 'bytes=0-0')
  await eventually(() => server.app.links.running() === 0)
  assert.equal((await delivery(file)).state, 'delivered')
})
