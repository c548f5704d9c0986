import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDownloads } from '../../test/db/downloads.ts'
import type { Span } from './ranges-union.ts'
import { addSent, type Reason, recordEnd } from './record.ts'

/** Bytes of the one file that `openDownloads` has. */
const SIZE = 20_000
const all: Span = [0, SIZE]

const open = async (t: Parameters<typeof openDownloads>[0], { single = false } = {}) => {
  const scene = await openDownloads(t)
  const { db, audit, client, file, clock } = scene
  const ids = await scene.download('one', 0, single)
  const who = { id: client, role: 'client', email: 'c@x.example', name: 'C' } as const
  const part = { ...ids, single, client, who, size: SIZE, file: { id: file, owner: client, name: 'a.docx' } }
  await db.write(async tx => {
    const times = { first_download_at: clock.now, last_download_at: clock.now }
    const empty = { ranges: '[]', bytes_sent: 0, downloads: 1, completed_at: null }
    await tx
      .insertInto('deliveries')
      .values({ file_id: file, client_id: client, ...times, ...empty })
      .execute()
  })
  return {
    db,
    part,
    clock,
    end: (reason: Reason, span: Span, unsent = 0) =>
      db.write(tx =>
        recordEnd(tx, { audit, delivered: async () => {} }, part, { span, reason, unsent, at: clock.now }),
      ),
    progress: (span: Span) => db.write(tx => addSent(tx, part, { span, at: clock.now })),
    events: async () =>
      (await db.read.selectFrom('audit_events').select(['kind', 'entry']).orderBy('seq').execute()).map(
        ({ kind, entry }) => [kind, JSON.parse(entry).data.reason ?? JSON.parse(entry).data.bytes_sent],
      ),
    download: () => db.read.selectFrom('downloads').selectAll().executeTakeFirstOrThrow(),
    delivery: () => db.read.selectFrom('deliveries').selectAll().executeTakeFirstOrThrow(),
  }
}

test('only a stream that ended well completes anything, even when every byte has gone', async t => {
  const { progress, end, events, download, delivery, clock } = await open(t)
  await progress(all)
  assert.deepEqual(await events(), [])
  await end('interrupted', all)
  assert.deepEqual(await events(), [])
  assert.deepEqual([(await download()).completed_at, (await delivery()).completed_at], [null, null])
  assert.equal((await delivery()).bytes_sent, SIZE)
  await end('complete', [5, 6])
  assert.deepEqual(await events(), [
    ['file.download_ended', 'complete'],
    ['file.delivered', SIZE],
  ])
  assert.deepEqual([(await download()).completed_at, (await delivery()).completed_at], [clock.now, clock.now])
})

test('a download ends once, for the first final reason', async t => {
  const { end, events, download, delivery } = await open(t)
  await end('interrupted', [0, 10])
  await end('withdrawn', [10, 20])
  await end('withdrawn', [10, 30])
  await end('complete', [30, SIZE])
  assert.deepEqual(await events(), [
    ['file.download_ended', 'withdrawn'],
    ['file.delivered', SIZE],
  ])
  assert.equal((await download()).bytes_sent, SIZE)
  assert.equal((await delivery()).bytes_sent, SIZE)
})

test('what a single-use link reserved and did not send comes back, and completion spends it', async t => {
  const { db, part, end, clock } = await open(t, { single: true })
  const link = () => db.read.selectFrom('links').selectAll().where('id', '=', part.link).executeTakeFirstOrThrow()
  await db.write(async tx => {
    await tx.updateTable('links').set({ allowance: 0 }).execute()
  })
  await end('interrupted', [0, 10], 500)
  assert.deepEqual([(await link()).allowance, (await link()).spent_at], [500, null])
  await end('complete', [10, SIZE], 20)
  assert.deepEqual([(await link()).allowance, (await link()).spent_at], [520, clock.now])
})

test('with nothing left of its allowance a link is spent', async t => {
  const { db, end, clock } = await open(t, { single: true })
  await db.write(async tx => {
    await tx.updateTable('links').set({ allowance: 0 }).execute()
  })
  await end('exhausted', [0, 10], 0)
  const link = await db.read.selectFrom('links').select('spent_at').executeTakeFirstOrThrow()
  assert.equal(link.spent_at, clock.now)
})
