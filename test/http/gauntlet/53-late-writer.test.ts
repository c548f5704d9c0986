import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { append, begun, end, head, idOf, offsetOf, slowly } from '../files/tus.ts'
import { openWorld, report, type World } from '../files/uploads-world.ts'

let w: World
before(async () => {
  w = await openWorld()
})
after(() => w.server.stop())

const bytes = makeOffice({ type: 'docx', padTo: 900_000 })
/** What the late writer would put there. */
const other = Buffer.alloc(900_000, 0x5a)

const writer = (path: string, offset: number) =>
  slowly({ url: w.server.url, token: w.ada.token, path, offset, length: bytes.length - offset })

test('a writer that lost its upload to another is told, and changes nothing of what the other writes', async () => {
  const path = await begun(w.ada.client, bytes.length, report)
  const late = writer(path, 0)
  await late.write(other.subarray(0, 300_000))
  await w.isWriting(path)
  const newer = writer(path, 0)
  // From here on the late one is fenced, whatever it still sends.
  await newer.write(bytes.subarray(0, 500_000))
  assert.equal((await late.answer)?.statusCode, 409)
  // Answered, so that Node need not take these any more.
  void late.write(other.subarray(300_000))
  await newer.write(bytes.subarray(500_000))
  newer.end()
  assert.equal((await newer.answer)?.statusCode, 204)
  late.cut()
  await w.arrivedAs(path, bytes)
})

test('taken over by asking first: the late one keeps nothing from going on', async () => {
  const path = await begun(w.ada.client, bytes.length, report)
  const late = writer(path, 0)
  w.clock.ticking = true
  await late.write(bytes.subarray(0, 400_000))
  await w.keptUpTo(path, 327_520)
  const from = offsetOf(await head(w.ada.client, path))
  assert.equal((await late.answer)?.statusCode, 409)
  assert.ok(from >= 327_520)
  late.cut()
  assert.equal((await append(w.ada.client, path, from, bytes.subarray(from))).status, 204)
  await w.arrivedAs(path, bytes)
})

test('one of another process, known only by the epoch of its row, cannot move it', async () => {
  const path = await begun(w.ada.client, bytes.length, report)
  const late = writer(path, 0)
  await late.write(bytes.subarray(0, 300_000))
  await w.isWriting(path)
  // As another process takes it over: nothing in this one's memory says so.
  await w.server.db.write(async tx => {
    await tx.updateTable('uploads').set({ epoch: 99 }).where('id', '=', idOf(path)).execute()
  })
  await late.write(bytes.subarray(300_000))
  late.end()
  assert.equal((await late.answer)?.statusCode, 409)
  const row = await w.server.db.read
    .selectFrom('uploads')
    .selectAll()
    .where('id', '=', idOf(path))
    .executeTakeFirstOrThrow()
  assert.deepEqual([row.offset, row.epoch, row.ended], [0, 99, null])
  assert.equal((await w.ada.client.get(`/api/v1/ops/files/${idOf(path)}`)).status, 404)
})

test('one whose upload was ended meanwhile leaves nothing', async () => {
  const before = await w.left()
  const path = await begun(w.ada.client, bytes.length, report)
  const late = writer(path, 0)
  await late.write(bytes.subarray(0, 300_000))
  await w.isWriting(path)
  assert.equal((await end(w.ada.client, path)).status, 204)
  assert.equal((await late.answer)?.statusCode, 409)
  late.cut()
  assert.deepEqual(await w.left(), { ...before, uploads: before.uploads + 1 })
})
