import assert from 'node:assert/strict'
import { open, readdir, rm, truncate } from 'node:fs/promises'
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

/** A file of its own, where it is stored, and what the log says of its damage. */
const store = async (name: string) => {
  const { upload, sql, server, events, issue, clara } = world
  const id = await upload(name, makeOffice({ type: 'docx', padTo: 3_000_000 }))
  const blob = String(sql('select blob from files where id = ?', id)[0]?.blob)
  const blobs = join(server.dataDir, 'blobs')
  const names = await readdir(blobs, { recursive: true })
  return {
    path: pathOf(await issue(clara, id)),
    stored: join(blobs, names.find(one => one.endsWith(blob)) ?? ''),
    reasons: () =>
      events('file.damaged')
        .filter(({ subject }) => subject.file === id)
        .map(({ data }) => data.reason),
  }
}

const flip = async (path: string, at: number) => {
  const file = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, at)
  byte[0] = (byte[0] ?? 0) ^ 1
  await file.write(byte, 0, 1, at)
  await file.close()
}

test('a changed byte ends the connection before it is sent, and is recorded once', async () => {
  const { server } = world
  const { path, stored, reasons } = await store('Damaged.docx')
  await flip(stored, 74 + 30 * 65_536 + 500)
  for (let i = 0; i < 2; i++) {
    const stalled = await stall(server.url, path, headers)
    const { received, complete } = await stalled.drain()
    assert.equal(complete, false)
    assert.ok(received <= 30 * 65_504, String(received))
  }
  // Undamaged parts are still there to fetch.
  assert.equal((await ask(server.url, path, { headers: { ...headers, range: 'bytes=0-9' } })).status, 206)
  assert.deepEqual(await eventually(() => reasons().length > 0 && reasons()), ['changed'])
})

for (const [what, harm, reason] of [
  ['a changed header', (stored: string) => flip(stored, 40), 'changed'],
  ['a cut blob', (stored: string) => truncate(stored, 2_000_000), 'changed'],
  ['a missing blob', (stored: string) => rm(stored), 'missing'],
] as const) {
  test(`of ${what} no answer begins, nothing is claimed, and it is recorded once`, async () => {
    const { path, stored, reasons } = await store(`${what}.docx`)
    await harm(stored)
    const before = world.sql('select count(*) as n from downloads')[0]?.n
    for (let i = 0; i < 2; i++)
      await assert.rejects(ask(world.server.url, path, { headers }), /socket hang up|ECONNRESET/)
    assert.deepEqual(reasons(), [reason])
    assert.equal(world.sql('select count(*) as n from downloads')[0]?.n, before)
  })
}

test('a client that has gone before its bytes costs nothing but the record', async () => {
  const path = await world.link()
  const aborted = new AbortController()
  const request = fetch(new URL(path, world.server.url), { headers, signal: aborted.signal })
  aborted.abort()
  await assert.rejects(request)
  await eventually(() => world.server.app.links.running() === 0)
  assert.equal((await ask(world.server.url, path, { method: 'HEAD', headers })).status, 200)
})
