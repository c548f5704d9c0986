import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { isProblem } from '../gauntlet/cast.ts'
import { append, appendAll, begin, begun, end, head, offsetOf, UPLOADS } from './tus.ts'
import { LIMIT, openWorld, report, sha256, type World } from './uploads-world.ts'

let w: World
before(async () => {
  w = await openWorld()
})
after(() => w.server.stop())

test('what is spoken here', async () => {
  const answer = await w.ada.client.request(UPLOADS, { method: 'OPTIONS' })
  assert.equal(answer.status, 204)
  const { headers } = answer
  assert.deepEqual(
    ['tus-resumable', 'tus-version', 'tus-extension', 'tus-max-size'].map(name => headers.get(name)),
    ['1.0.0', '1.0.0', 'creation,termination,expiration', String(LIMIT)],
  )
  assert.equal(headers.get('access-control-allow-origin'), null)
  for (const version of [undefined, '0.2.2', '2.0.0']) {
    const wrong = await w.ada.client.request(UPLOADS, {
      method: 'POST',
      headers: { ...(version && { 'tus-resumable': version }), 'upload-length': '5' },
    })
    isProblem(wrong, 412, 'another version')
    assert.equal(wrong.headers.get('tus-version'), '1.0.0')
    assert.equal(wrong.headers.get('tus-resumable'), '1.0.0')
  }
})

test('a document arrives in one piece', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 3_000_000 })
  const made = await begin(w.ada.client, bytes.length, { ...report, sha256: sha256(bytes) })
  assert.equal(made.status, 201)
  assert.match(made.headers.get('location') ?? '', /^\/api\/v1\/ops\/uploads\/[\w-]{22}$/)
  assert.ok(Date.parse(made.headers.get('upload-expires') ?? '') > w.clock.now + 23 * 3_600_000)
  const path = made.headers.get('location') ?? ''
  const answer = await append(w.ada.client, path, 0, bytes)
  assert.deepEqual([answer.status, offsetOf(answer)], [204, bytes.length], answer.text)
  await w.arrivedAs(path, bytes)
  const after = await head(w.ada.client, path)
  assert.deepEqual(
    [after.status, offsetOf(after), after.headers.get('upload-length')],
    [200, bytes.length, String(bytes.length)],
  )
  assert.equal(after.headers.get('cache-control'), 'no-store')
})

for (const size of [1, 65_503, 65_504, 65_505, 131_008, 1024 * 1024 + 7]) {
  test(`in chunks of ${size} bytes`, async () => {
    const bytes = makeOffice({ type: 'docx', padTo: size === 1 ? undefined : size * 2 + 50_000 })
    const path = await begun(w.ada.client, bytes.length, report)
    // Every byte a request of its own: the beginning and the end are as good as all of it.
    const middle = size === 1 ? bytes.length - 40 : 0
    if (middle > 0) {
      await appendAll(w.ada.client, path, bytes.subarray(0, 40), 1)
      assert.equal((await append(w.ada.client, path, 40, bytes.subarray(40, middle))).status, 204)
    }
    const answer = await appendAll(w.ada.client, path, bytes, size, middle)
    assert.equal(answer.status, 204, answer.text)
    await w.arrivedAs(path, bytes)
  })
}

test('a finished upload never changes', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 100_000 })
  const path = await begun(w.ada.client, bytes.length, report)
  await append(w.ada.client, path, 0, bytes)
  for (const offset of [0, 65_504, bytes.length])
    isProblem(await append(w.ada.client, path, offset, Buffer.from('x')), 409, 'PATCH')
  isProblem(await append(w.ada.client, path, bytes.length, Buffer.alloc(0)), 409, 'an empty PATCH')
  isProblem(await end(w.ada.client, path), 409, 'DELETE')
  await w.arrivedAs(path, bytes)
})
