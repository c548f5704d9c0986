import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { enlist, isProblem, enter as signIn } from '../gauntlet/cast.ts'
import { append, begin, begun, CHUNK, end, head, idOf, metadata, offsetOf, TUS, UPLOADS } from './tus.ts'
import { LIMIT, openWorld, report, type World } from './uploads-world.ts'

let w: World
before(async () => {
  w = await openWorld()
})
after(() => w.server.stop())

test('the wrong offset is refused with the right one', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 100_000 })
  const path = await begun(w.ada.client, bytes.length, report)
  assert.equal((await append(w.ada.client, path, 0, bytes.subarray(0, 10))).status, 204)
  for (const offset of [0, 9, 11, bytes.length]) {
    const answer = await append(w.ada.client, path, offset, bytes.subarray(0, 0))
    isProblem(answer, 409, String(offset))
    assert.match(answer.body.detail, /byte 10/)
  }
  for (const offset of ['-1', '1e1', '0x0', '10.0', '10, 10', 'ten'])
    isProblem(await append(w.ada.client, path, offset, bytes.subarray(10)), 400, offset)
  const none = await w.ada.client.request(path, { method: 'PATCH', headers: CHUNK, body: bytes })
  isProblem(none, 400, 'none')
  const json = await w.ada.client.request(path, {
    method: 'PATCH',
    headers: { ...TUS, 'upload-offset': '10' },
    json: {},
  })
  isProblem(json, 415, 'JSON')
  assert.equal((await append(w.ada.client, path, 10, bytes.subarray(10))).status, 204)
  await w.arrivedAs(path, bytes)
})

test('what cannot become an upload', async () => {
  const before = await w.left()
  for (const size of ['', '-1', '1.5', '1e3', '5, 5', 'NaN', '99999999999999999999'])
    isProblem(await begin(w.ada.client, size), 400, `Upload-Length: ${size}`)
  const deferred = await w.ada.client.request(UPLOADS, {
    method: 'POST',
    headers: { ...TUS, 'upload-defer-length': '1', 'upload-metadata': metadata(report) },
  })
  isProblem(deferred, 400, 'no length')
  isProblem(await begin(w.ada.client, LIMIT + 1), 413, 'too large')
  for (const filename of ['', ' ', 'a\nb.docx', `${'x'.repeat(256)}.docx`])
    isProblem(await begin(w.ada.client, 5, { filename }), 400, filename)
  isProblem(await begin(w.ada.client, 5, {}), 400, 'no name')
  for (const sha256 of ['abc', 'g'.repeat(64), 'a'.repeat(63)])
    isProblem(await begin(w.ada.client, 5, { ...report, sha256 }), 400, sha256)
  for (const wrong of ['everyone', '[]', '{"all":true}', ''])
    isProblem(await begin(w.ada.client, 5, { filename: 'A.docx', audience: wrong }), 400, wrong)
  isProblem(
    await begin(w.ada.client, 5, { filename: 'A.docx', audience: '{"clients":["nobody@nowhere.example"]}' }),
    422,
    'nobody',
  )
  for (const broken of [
    'filename',
    'filename !!',
    'filename QQ',
    `filename ${Buffer.from([255]).toString('base64')}`,
    'color cmVk',
  ].concat(`${metadata(report)},${metadata(report)}`)) {
    const headers = { ...TUS, 'upload-length': '5', 'upload-metadata': broken }
    isProblem(await w.ada.client.request(UPLOADS, { method: 'POST', headers }), 400, broken)
  }
  const exe = await begin(w.ada.client, 5, { filename: 'program.exe' })
  isProblem(exe, 422, 'program.exe')
  assert.equal(exe.body.findings[0].code, 'type_not_allowed')
  assert.deepEqual(await w.left(), before)
})

test('an empty file is refused at once', async () => {
  const before = await w.left()
  const answer = await begin(w.ada.client, 0)
  isProblem(answer, 422, 'empty')
  assert.ok(answer.body.findings.length > 0)
  assert.deepEqual(await w.left(), { ...before, uploads: before.uploads + 1 })
})

test('a document with macros is refused with its findings, and afterwards it is gone', async () => {
  const before = await w.left()
  const bytes = makeOffice({ type: 'docx', extraParts: { 'word/vbaProject.bin': Buffer.alloc(100_000, 7) } })
  const path = await begun(w.ada.client, bytes.length, report)
  const refused = await append(w.ada.client, path, 0, bytes)
  isProblem(refused, 422, 'the last byte')
  assert.ok(refused.body.findings.length > 0)
  const again = await append(w.ada.client, path, bytes.length, Buffer.alloc(0))
  isProblem(again, 410, 'again')
  assert.deepEqual(again.body.findings, refused.body.findings)
  assert.equal((await head(w.ada.client, path)).status, 410)
  isProblem(await end(w.ada.client, path), 410, 'DELETE')
  isProblem(await w.ada.client.get(`/api/v1/ops/files/${idOf(path)}`), 404, 'no file')
  assert.deepEqual(await w.left(), { ...before, uploads: before.uploads + 1 })
})

test('bytes with another SHA-256 than announced are not kept', async () => {
  const before = await w.left()
  const bytes = makeOffice({ type: 'docx', padTo: 100_000 })
  const path = await begun(w.ada.client, bytes.length, { ...report, sha256: 'a'.repeat(64) })
  const answer = await append(w.ada.client, path, 0, bytes)
  isProblem(answer, 400, 'another SHA-256')
  assert.match(answer.body.detail, /sha256.*Send the file again/)
  isProblem(await append(w.ada.client, path, bytes.length, Buffer.alloc(0)), 410, 'afterwards')
  assert.deepEqual(await w.left(), { ...before, uploads: before.uploads + 1 })
})

test('ended by its sender: nothing of it is left', async () => {
  const before = await w.left()
  const bytes = makeOffice({ type: 'docx', padTo: 400_000 })
  const path = await begun(w.ada.client, bytes.length, report)
  await append(w.ada.client, path, 0, bytes.subarray(0, 200_000))
  assert.equal((await end(w.ada.client, path)).status, 204)
  isProblem(await append(w.ada.client, path, 200_000, bytes.subarray(200_000)), 410, 'PATCH')
  assert.equal((await head(w.ada.client, path)).status, 410)
  assert.deepEqual(await w.left(), { ...before, uploads: before.uploads + 1 })
  const row = await w.server.db.read
    .selectFrom('uploads')
    .selectAll()
    .where('id', '=', idOf(path))
    .executeTakeFirstOrThrow()
  assert.deepEqual([row.ended, row.wrap, row.tail, row.header], ['terminated', null, null, null])
})

test('at most a hundred unfinished ones for each account', async () => {
  const bert = await enlist(w.server, 'ops', 'bert@firm.example')
  const paths = await Promise.all(Array.from({ length: 100 }, () => begun(bert.client, 5)))
  const over = await begin(bert.client, 5)
  isProblem(over, 429, 'one more')
  assert.match(over.body.detail, /100 uploads/)
  assert.equal((await end(bert.client, paths[0] ?? '')).status, 204)
  assert.equal((await begin(bert.client, 5)).status, 201)
  const { body } = await bert.client.get(UPLOADS)
  assert.equal(body.items.length, 100)
  await begun(w.ada.client, 5)
})

test('what is not finished is listed, to its sender alone', async () => {
  const bert = await enlist(w.server, 'ops', 'carl@firm.example')
  const bytes = makeOffice({ type: 'docx', padTo: 100_000 })
  const path = await begun(bert.client, bytes.length, { filename: 'Zebra.docx' })
  await append(bert.client, path, 0, bytes.subarray(0, 70_000))
  const { status, body } = await bert.client.get(UPLOADS)
  assert.equal(status, 200)
  const [item] = body.items
  assert.deepEqual(
    { ...item, expires_at: '' },
    { id: idOf(path), name: 'Zebra.docx', size: bytes.length, offset: 70_000, expires_at: '' },
  )
  assert.equal(item.expires_at, new Date(w.clock.now + 24 * 3_600_000).toISOString())
  assert.doesNotMatch((await w.ada.client.get(UPLOADS)).text, /Zebra/)
  await append(bert.client, path, 70_000, bytes.subarray(70_000))
  assert.deepEqual((await bert.client.get(UPLOADS)).body.items, [])
})

test('nobody finishes within a day: nothing is left', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 400_000 })
  const path = await begun(w.ada.client, bytes.length, report)
  await append(w.ada.client, path, 0, bytes.subarray(0, 200_000))
  w.clock.now += 23 * 3_600_000
  const dora = await enlist(w.server, 'ops', 'dora@firm.example')
  const fresh = await begun(dora.client, bytes.length, report)
  await append(dora.client, fresh, 0, bytes.subarray(0, 200_000))
  await w.server.app.files.uploads.expire()
  await w.server.app.files.sweep(false)
  assert.equal(offsetOf(await head(dora.client, fresh)), 200_000)
  w.clock.now += 3_600_000
  assert.equal((await head(dora.client, fresh)).status, 200, 'a day after its last bytes, not before')
  const ada = await signIn(w.server, 'ops', w.ada.email)
  assert.equal((await head(ada.client, path)).status, 410)
  isProblem(await append(ada.client, path, 200_000, bytes.subarray(200_000)), 410, 'too late')
  await w.server.app.files.uploads.expire()
  assert.equal((await head(ada.client, path)).status, 404)
  w.clock.now += 24 * 3_600_000
  await w.server.app.files.uploads.expire()
  await w.server.app.files.sweep(false)
  const { files, ...rest } = await w.left()
  assert.deepEqual(rest, { uploads: 0, removals: 0, tmp: 0, blobs: files })
})
