import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { startServer } from '../../server.ts'
import { enter, linkTo } from '../gauntlet/cast.ts'
import { append, begun, head, idOf, offsetOf, slowly, UPLOADS } from './tus.ts'
import { openWorld, report, sha256 } from './uploads-world.ts'

let dataDir: string
before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'valise-restart-'))
})
after(() => rm(dataDir, { recursive: true, force: true }))

/** The same data under a new process's memory: nothing is known but what was stored. */
const again = async () => {
  const server = await startServer({ dataDir, env: { VALISE_MAX_UPLOAD: '8MiB' } })
  const ada = await enter(server, 'ops', 'ada@firm.example')
  const clara = await enter(server, 'client', 'clara@customer.example')
  return { server, ada, clara }
}

test('the server is started anew between chunks, in a segment and at its end: nothing is lost', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 500_000 })
  const first = await openWorld(dataDir)
  const path = await begun(first.ada.client, bytes.length, { ...report, sha256: sha256(bytes) })
  const cuts = [100, 65_504, 65_505, 300_001, 393_024, bytes.length]
  assert.equal((await append(first.ada.client, path, 0, bytes.subarray(0, 10))).status, 204)
  await first.server.stop()
  let from = 10
  for (const to of cuts) {
    const { server, ada, clara } = await again()
    try {
      const { body } = await ada.client.get(UPLOADS)
      assert.deepEqual([body.items[0].id, body.items[0].offset], [idOf(path), from])
      assert.equal(offsetOf(await head(ada.client, path)), from)
      const answer = await append(ada.client, path, from, bytes.subarray(from, to))
      assert.deepEqual([answer.status, offsetOf(answer)], [204, to], answer.text)
      if (to === bytes.length) {
        const download = await clara.client.get(await linkTo(clara.client, idOf(path)))
        assert.ok(bytes.equals(download.body))
      }
    } finally {
      await server.stop()
    }
    from = to
  }
})

test('cut off and started anew: full segments were kept, and what stood behind them is dropped', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 700_000 })
  const { server, ada } = await again()
  const path = await begun(ada.client, bytes.length, report)
  const sending = slowly({ url: server.url, token: ada.token, path, offset: 0, length: bytes.length })
  await sending.write(bytes.subarray(0, 600_000))
  sending.cut()
  await sending.answer
  // The request may just have begun when the connection goes.
  let kept = 0
  while (kept === 0) kept = offsetOf(await head(ada.client, path))
  assert.equal(kept % 65_504, 0)
  await server.stop()
  const next = await again()
  try {
    assert.equal(offsetOf(await head(next.ada.client, path)), kept)
    assert.equal((await append(next.ada.client, path, kept, bytes.subarray(kept))).status, 204)
    const download = await next.clara.client.get(await linkTo(next.clara.client, idOf(path)))
    assert.ok(bytes.equals(download.body))
  } finally {
    await next.server.stop()
  }
})

test('the process died between the last byte and the file: asking where it stands finishes it, once', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 300_000 })
  const first = await again()
  const path = await begun(first.ada.client, bytes.length, report)
  assert.equal((await append(first.ada.client, path, 0, bytes)).status, 204)
  // As if its last commit had never been: the blob is there, and no file.
  const id = idOf(path)
  const file = await first.server.db.read.selectFrom('files').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const undo = (offset: number) =>
    first.server.db.write(async tx => {
      await tx.deleteFrom('files').where('id', '=', id).execute()
      await tx
        .insertInto('blob_removals')
        .values({ blob: file.blob, after: Date.now() + 3_600_000 })
        .onConflict(on => on.doNothing())
        .execute()
      const { wrap, kek_id, name } = file
      const audience = JSON.stringify({ everyone: true })
      await tx
        .updateTable('uploads')
        .set({ ended: null, offset, wrap, kek_id, name, audience })
        .where('id', '=', id)
        .execute()
    })
  await undo(bytes.length)
  await first.server.stop()
  const next = await again()
  try {
    assert.equal((await next.ada.client.get(`/api/v1/ops/files/${id}`)).status, 404)
    const answers = await Promise.all([
      head(next.ada.client, path),
      append(next.ada.client, path, bytes.length, Buffer.alloc(0)),
    ])
    for (const { status } of answers) assert.ok([200, 204].includes(status), String(status))
    assert.equal((await next.ada.client.get(`/api/v1/ops/files/${id}`)).body.sha256, sha256(bytes))
  } finally {
    await next.server.stop()
  }
})

test('the process died between the blob and the row: sending on from where the row stands finishes it', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 300_000 })
  const { server, ada } = await again()
  try {
    const path = await begun(ada.client, bytes.length, report)
    const id = idOf(path)
    assert.equal((await append(ada.client, path, 0, bytes.subarray(0, 65_505))).status, 204)
    const before = await server.db.read.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    assert.equal((await append(ada.client, path, 65_505, bytes.subarray(65_505))).status, 204)
    await server.db.write(async tx => {
      await tx.deleteFrom('files').where('id', '=', id).execute()
      await tx.insertInto('blob_removals').values({ blob: before.blob, after: before.expires_at }).execute()
      const { offset, wrap, header, tail, name, audience } = before
      await tx
        .updateTable('uploads')
        .set({ ended: null, offset, wrap, header, tail, name, audience })
        .where('id', '=', id)
        .execute()
    })
    assert.equal(offsetOf(await head(ada.client, path)), 65_505)
    const answer = await append(ada.client, path, 65_505, bytes.subarray(65_505))
    assert.deepEqual([answer.status, offsetOf(answer)], [204, bytes.length], answer.text)
    assert.equal((await ada.client.get(`/api/v1/ops/files/${id}`)).body.sha256, sha256(bytes))
  } finally {
    await server.stop()
  }
})

test('what had arrived is gone from the storage: it says so, and ends', async () => {
  const bytes = makeOffice({ type: 'docx', padTo: 300_000 })
  const { server, ada } = await again()
  try {
    const path = await begun(ada.client, bytes.length, report)
    assert.equal((await append(ada.client, path, 0, bytes.subarray(0, 200_000))).status, 204)
    for (const name of await readdir(join(dataDir, 'tmp'))) await rm(join(dataDir, 'tmp', name))
    const answer = await append(ada.client, path, 200_000, bytes.subarray(200_000))
    assert.equal(answer.status, 410, answer.text)
    assert.match(answer.body.detail, /Send the file again/)
    assert.equal((await head(ada.client, path)).status, 410)
  } finally {
    await server.stop()
  }
})
