import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { PASSWORD } from '../../people.ts'
import { ask, eventually, openWorld, sha256, stall, type World } from './world.ts'

let world: World
before(async () => {
  world = await openWorld()
})
after(() => world.stop())

/** `Authorization` of the client, as issued at sign-in. */
const bearer = async (): Promise<Record<string, string>> => {
  const { email, server } = world
  const answer = await server.client().post('/api/v1/client/login', { email, password: PASSWORD })
  return { authorization: `Bearer ${answer.body.access_token}` }
}

const spans = (file: string) =>
  JSON.parse(String(world.sql('select ranges from deliveries where file_id = ?', file)[0]?.ranges)).length

const about = (kind: string, file: string) => world.events(kind).filter(({ subject }) => subject.file === file)

test('a whole download is started, ended and delivered, once each, whatever follows', async () => {
  const { clara, issue, upload, document } = world
  const id = await upload('Whole.docx')
  const link = await issue(clara, id)
  const path = new URL(link.body.download_link).pathname
  await clara.get(path)
  await eventually(() => about('file.delivered', id).length === 1)
  await clara.get(path, { headers: { range: 'bytes=0-99' } })
  await clara.get(path)
  const [download] = world.sql('select * from downloads where link_id = ?', link.body.id)
  const data = { download: download?.id, link: link.body.id }
  const [started] = about('file.download_started', id)
  assert.deepEqual(started.data, data)
  assert.equal(started.subject.sha256, sha256(document))
  assert.deepEqual(
    about('file.download_ended', id).map(event => event.data),
    [{ ...data, bytes_sent: document.length, reason: 'complete' }],
  )
  assert.deepEqual(
    about('file.delivered', id).map(event => event.data),
    [{ ...data, bytes_sent: document.length }],
  )
  assert.equal(about('file.download_started', id).length, 1)
  const [delivery] = world.sql('select * from deliveries where file_id = ?', id)
  assert.equal(delivery?.downloads, 1)
  assert.equal(delivery?.ranges, JSON.stringify([[0, document.length]]))
})

test('the start is durable before the first byte', async () => {
  const { clara, issue, upload } = world
  const id = await upload('First.docx')
  const link = await issue(clara, id)
  const stalled = await stall(world.server.url, new URL(link.body.download_link).pathname, await bearer())
  // Nothing of the body has been read; its record is there.
  assert.equal(about('file.download_started', id).length, 1)
  assert.equal((await stalled.drain()).complete, true)
})

test('pieces over several links add up to a delivery', async () => {
  const { clara, issue, upload, document } = world
  const id = await upload('Pieces.docx')
  const size = document.length
  const parts = [
    [100_000, size - 1],
    [0, 49_999],
    [40_000, 99_998],
  ]
  const state = async () => (await world.ops.get(`/api/v1/ops/files/${id}/deliveries`)).body.items[0]
  for (const [first, last] of parts) {
    const link = await issue(clara, id)
    await clara.get(new URL(link.body.download_link).pathname, { headers: { range: `bytes=${first}-${last}` } })
  }
  await eventually(
    () => world.sql('select bytes_sent from deliveries where file_id = ?', id)[0]?.bytes_sent === size - 1,
  )
  assert.equal((await state()).state, 'partial')
  assert.equal(about('file.delivered', id).length, 0)
  const link = await issue(clara, id)
  await clara.get(new URL(link.body.download_link).pathname, { headers: { range: 'bytes=99999-99999' } })
  await eventually(() => about('file.delivered', id).length === 1)
  const { state: last, bytes_sent, downloads, delivered_at, first_download_at, last_download_at } = await state()
  assert.deepEqual([last, bytes_sent, downloads], ['delivered', size, 4])
  assert.notEqual(delivered_at, null)
  assert.ok(first_download_at <= last_download_at)
})

test('a download that breaks off counts what the connection took, and ends once it is not resumed', async () => {
  const { clara, issue, upload, server } = world
  const size = 24_000_000
  const big = makeOffice({ type: 'docx', padTo: size })
  const id = await upload('Broken off.docx', big)
  const link = await issue(clara, id)
  const path = new URL(link.body.download_link).pathname
  const headers = await bearer()
  const stalled = await stall(server.url, path, headers)
  assert.equal(stalled.headers['content-length'], String(size))
  stalled.destroy()
  const sent = await eventually(
    () => Number(world.sql('select bytes_sent from downloads where file_id = ?', id)[0]?.bytes_sent) || undefined,
  )
  assert.ok(sent < size, String(sent))
  const [row] = world.sql('select ranges, completed_at, ended_at from downloads where file_id = ?', id)
  assert.deepEqual({ ...row }, { ranges: JSON.stringify([[0, sent]]), completed_at: null, ended_at: null })
  assert.equal(about('file.download_ended', id).length, 0)

  const rest = await ask(server.url, path, { headers: { ...headers, range: `bytes=${sent}-` } })
  assert.equal(rest.body.length, size - sent)
  await eventually(() => about('file.delivered', id).length === 1)
  const [ended] = about('file.download_ended', id)
  assert.deepEqual([ended.data.bytes_sent, ended.data.reason], [size, 'complete'])
})

test('whoever fetches every other byte gets the whole file in the end', async () => {
  const { clara, issue, upload, document } = world
  const id = await upload('Comb.docx')
  const path = new URL((await issue(clara, id)).body.download_link).pathname
  await clara.get(path, { headers: { range: 'bytes=0-0' } })
  await eventually(() => world.sql('select bytes_sent from deliveries where file_id = ?', id)[0]?.bytes_sent === 1)
  const comb = Array.from({ length: 2000 }, (_, i) => [i * 4, i * 4 + 1])
  for (const one of [path, new URL((await issue(clara, id)).body.download_link).pathname]) {
    // The whole file heals the comb, once its end has been recorded.
    world.sql('update deliveries set ranges = ? where file_id = ?', JSON.stringify(comb), id)
    const answer = await clara.get(one, { headers: { range: 'bytes=9-9' } })
    assert.equal(answer.status, 200)
    assert.equal(answer.body.length, document.length)
    await eventually(() => spans(id) === 1)
  }
})
