import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { isProblem } from '../gauntlet/cast.ts'
import { append, begun, end, head, idOf, offsetOf, slowly } from './tus.ts'
import { openWorld, report, type World } from './uploads-world.ts'

let w: World
before(async () => {
  w = await openWorld()
})
after(() => w.server.stop())

for (const [what, cutAt, kept] of [
  ['inside the first segment', 1000, 0],
  ['at the end of a segment', 65_504, 0],
  ['just behind it', 65_505, 65_504],
  ['inside a later segment', 300_000, 262_016],
  ['before the last byte', 399_999, 393_024],
] as const) {
  test(`cut off ${what}: full segments are kept, and it goes on from there`, async () => {
    const bytes = makeOffice({ type: 'docx', padTo: 400_000 })
    const path = await begun(w.ada.client, bytes.length, report)
    const sending = slowly({ url: w.server.url, token: w.ada.token, path, offset: 0, length: bytes.length })
    w.clock.ticking = true
    await sending.write(bytes.subarray(0, cutAt))
    await w.keptUpTo(path, kept)
    sending.cut()
    await sending.answer
    const standing = await head(w.ada.client, path)
    assert.deepEqual([standing.status, offsetOf(standing)], [200, kept])
    assert.equal((await append(w.ada.client, path, kept, bytes.subarray(kept))).status, 204)
    await w.arrivedAs(path, bytes)
  })
}

test('a cut after a request that ended normally loses none of its bytes', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 200_000 })
  const path = await begun(w.ada.client, bytes.length, report)
  assert.equal((await append(w.ada.client, path, 0, bytes.subarray(0, 70_001))).status, 204)
  const sending = slowly({ url: w.server.url, token: w.ada.token, path, offset: 70_001 })
  await sending.write(bytes.subarray(70_001, 100_000))
  sending.cut()
  await sending.answer
  const standing = await head(w.ada.client, path)
  assert.equal(offsetOf(standing), 70_001)
  assert.equal((await append(w.ada.client, path, 70_001, bytes.subarray(70_001))).status, 204)
  await w.arrivedAs(path, bytes)
})

test('the answer to the last byte got lost: the upload says that it is whole, and nothing happens twice', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 100_000 })
  const path = await begun(w.ada.client, bytes.length, report)
  const sending = slowly({ url: w.server.url, token: w.ada.token, path, offset: 0, length: bytes.length })
  await sending.write(bytes)
  sending.end()
  const [standing, again] = await Promise.all([head(w.ada.client, path), head(w.ada.client, path)])
  for (const { status, headers } of [standing, again])
    if (status === 200) assert.ok([0, 65_504, bytes.length].includes(Number(headers.get('upload-offset'))))
  const now = await head(w.ada.client, path)
  if (offsetOf(now) < bytes.length) await append(w.ada.client, path, offsetOf(now), bytes.subarray(offsetOf(now)))
  await w.arrivedAs(path, bytes)
  const { body } = await w.ada.client.get(`/api/v1/ops/audit?file=${idOf(path)}&kind=file.uploaded`)
  assert.equal(body.items.length, 1)
})

test('more bytes than announced are refused, and what was right stays', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 200_000 })
  const path = await begun(w.ada.client, bytes.length, report)
  isProblem(await append(w.ada.client, path, 0, Buffer.concat([bytes, Buffer.alloc(1)])), 413, 'by its length')
  assert.equal(offsetOf(await head(w.ada.client, path)), 0)
  const sending = slowly({ url: w.server.url, token: w.ada.token, path, offset: 0 })
  w.clock.ticking = true
  await sending.write(bytes.subarray(0, 150_000))
  await w.keptUpTo(path, 131_008)
  await sending.write(Buffer.alloc(60_000))
  assert.equal((await sending.answer)?.statusCode, 413)
  assert.equal(offsetOf(await head(w.ada.client, path)), 131_008)
  assert.equal((await append(w.ada.client, path, 131_008, bytes.subarray(131_008))).status, 204)
  await w.arrivedAs(path, bytes)
})

test('ended while bytes arrive: the request that sends them is told', async () => {
  const before = await w.left()
  const bytes = makeOffice({ type: 'docx', padTo: 400_000 })
  const path = await begun(w.ada.client, bytes.length, report)
  const sending = slowly({ url: w.server.url, token: w.ada.token, path, offset: 0, length: bytes.length })
  w.clock.ticking = true
  await sending.write(bytes.subarray(0, 200_000))
  await w.keptUpTo(path, 196_512)
  assert.equal((await end(w.ada.client, path)).status, 204)
  assert.equal((await sending.answer)?.statusCode, 409)
  assert.deepEqual(await w.left(), { ...before, uploads: before.uploads + 1 })
})

test('two writers at once: the newer wins, the older is told', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 400_000 })
  const path = await begun(w.ada.client, bytes.length, report)
  const older = slowly({ url: w.server.url, token: w.ada.token, path, offset: 0, length: bytes.length })
  await older.write(Buffer.alloc(300_000, 1))
  await w.isWriting(path)
  const newer = await append(w.ada.client, path, 0, bytes)
  assert.equal(newer.status, 204, newer.text)
  assert.equal((await older.answer)?.statusCode, 409)
  await w.arrivedAs(path, bytes)
})

test('a sender who lost the connection comes back while the server still waits for the dead one', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 400_000 })
  const path = await begun(w.ada.client, bytes.length, report)
  const older = slowly({ url: w.server.url, token: w.ada.token, path, offset: 0, length: bytes.length })
  w.clock.ticking = true
  await older.write(bytes.subarray(0, 300_000))
  await w.keptUpTo(path, 262_016)
  const standing = await head(w.ada.client, path)
  assert.deepEqual([standing.status, offsetOf(standing)], [200, 262_016])
  assert.equal((await older.answer)?.statusCode, 409)
  assert.equal((await append(w.ada.client, path, 262_016, bytes.subarray(262_016))).status, 204)
  await w.arrivedAs(path, bytes)
})

test('ten writers at once: the file is what one of them sent', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 400_000 })
  const path = await begun(w.ada.client, bytes.length, report)
  const answers = await Promise.all(Array.from({ length: 10 }, () => append(w.ada.client, path, 0, bytes)))
  assert.equal(answers.filter(({ status }) => status === 204).length, 1)
  assert.ok(
    answers.every(({ status }) => status === 204 || status === 409),
    answers.map(({ status }) => status).join(),
  )
  await w.arrivedAs(path, bytes)
})
