import assert from 'node:assert/strict'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { PASSWORD } from '../../people.ts'
import { refused } from '../problem.ts'
import { ask, eventually, openWorld, pathOf, stall, type World } from './world.ts'

/** More than the kernel's buffers between two sockets of this machine take. */
const SIZE = 24_000_000
let world: World
let headers: Record<string, string>
before(async () => {
  world = await openWorld({ size: SIZE })
  const { email, server } = world
  const answer = await server.client().post('/api/v1/client/login', { email, password: PASSWORD })
  headers = { authorization: `Bearer ${answer.body.access_token}` }
})
after(() => world.stop())

const stallOn = async (path: string) => {
  const stalled = await stall(world.server.url, path, headers)
  assert.equal(stalled.status, 200)
  return stalled
}

test('a large file arrives whole', async () => {
  const answer = await ask(world.server.url, await world.link(), { headers })
  assert.ok(world.document.equals(answer.body))
})

test('a stream ends when its link is revoked', async () => {
  const link = await world.issue(world.clara, world.file)
  const stalled = await stallOn(pathOf(link))
  await world.clara.delete(`/api/v1/client/links/${link.body.id}`)
  const { complete, received } = await stalled.drain()
  assert.equal(complete, false)
  assert.ok(received < SIZE)
  const [download] = await eventually(() => {
    const rows = world.sql('select bytes_sent, completed_at, ended_at from downloads where link_id = ?', link.body.id)
    return rows[0]?.ended_at ? rows : undefined
  })
  assert.ok(Number(download?.bytes_sent) < SIZE)
  assert.equal(download?.completed_at, null)
  const [ended] = world.events('file.download_ended').filter(({ data }) => data.link === link.body.id)
  assert.equal(ended.data.reason, 'withdrawn')
})

test('a stream ends when its link expires', async () => {
  const stalled = await stallOn(pathOf(await world.issue(world.clara, world.file, { expires_in: 1 })))
  const began = performance.now()
  // A client that does not read does not see the reset: the server's side tells.
  await eventually(() => world.server.app.links.running() === 0)
  assert.ok(performance.now() - began < 2500)
  assert.equal((await stalled.drain()).complete, false)
})

test('so many downloads of one client at a time, others wait; ends give their places back', async () => {
  const path = await world.link()
  const stalled = await Promise.all(Array.from({ length: 16 }, () => stallOn(path)))
  const answer = await ask(world.server.url, path, { headers })
  refused(answer, 429, 'too_many_requests')
  assert.ok(answer.headers.get('retry-after'))
  assert.equal((await ask(world.server.url, path, { method: 'HEAD', headers })).status, 200)
  for (const one of stalled) one.destroy()
  await eventually(() => world.server.app.links.running() === 0)
  assert.equal((await ask(world.server.url, path, { headers: { ...headers, range: 'bytes=0-9' } })).status, 206)
})

test('a changed byte ends the connection before it is sent, and is recorded once', async () => {
  const { clara, upload, issue, server, events, sql } = world
  const id = await upload('Damaged.docx', makeOffice({ type: 'docx', padTo: 3_000_000 }))
  const blob = String(sql('select blob from files where id = ?', id)[0]?.blob)
  const blobs = join(server.dataDir, 'blobs')
  const names = await readdir(blobs, { recursive: true })
  const stored = join(blobs, names.find(name => name.endsWith(blob)) ?? '')
  const path = pathOf(await issue(clara, id))
  const flip = async (at: number) => {
    const file = await open(stored, 'r+')
    const byte = Buffer.alloc(1)
    await file.read(byte, 0, 1, at)
    byte[0] = (byte[0] ?? 0) ^ 1
    await file.write(byte, 0, 1, at)
    await file.close()
  }
  const start = 74 + 30 * 65_536
  await flip(start + 500)
  for (let i = 0; i < 2; i++) {
    const stalled = await stall(server.url, path, headers)
    const { received, complete } = await stalled.drain()
    assert.equal(complete, false)
    assert.ok(received <= 30 * 65_504, String(received))
  }
  // Undamaged parts are still there to fetch.
  assert.equal((await ask(server.url, path, { headers: { ...headers, range: 'bytes=0-9' } })).status, 206)
  await flip(start + 500)
  await flip(100)
  await assert.rejects(ask(server.url, path, { headers }), /hang up|ECONNRESET/)
  const damaged = () => events('file.damaged').filter(({ subject }) => subject.file === id)
  await eventually(() => damaged().length > 0)
  assert.equal(damaged().length, 1)
  assert.equal(damaged()[0].data.reason, 'changed')
})

test('a client that has gone before its bytes costs nothing but the record', async () => {
  const path = await world.link()
  const aborted = new AbortController()
  const request = fetch(new URL(path, world.server.url), { headers, signal: aborted.signal })
  aborted.abort()
  await assert.rejects(request)
  await eventually(() => world.server.app.links.running() === 0)
  assert.equal((await ask(world.server.url, path, { method: 'HEAD', headers })).status, 200)
})
