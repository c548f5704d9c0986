import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Downloads, openDownloads } from '../../test/db/downloads.ts'
import { createPurge } from './purge.ts'
import { createEndQuiet } from './quiet.ts'

const endings = async ({ db }: Downloads) =>
  (await db.read.selectFrom('audit_events').select('entry').where('kind', '=', 'file.download_ended').execute()).map(
    ({ entry }) => JSON.parse(entry).data,
  )

test('a download that broke off gets its one end event after ten quiet seconds', async t => {
  const scene = await openDownloads(t)
  const { db, audit, clock, download } = scene
  const endQuiet = createEndQuiet({ db, audit })
  const broken = await download('broken', 500)
  clock.now += 10_000
  assert.equal(await endQuiet([]), 0)
  const fresh = await download('fresh')
  clock.now += 1
  assert.equal(await endQuiet([broken.download]), 0, 'one that runs here is left alone')
  assert.equal(await endQuiet([]), 1)
  assert.deepEqual(await endings(scene), [{ ...broken, bytes_sent: 500, reason: 'interrupted' }])
  assert.equal(await endQuiet([]), 0)
  clock.now += 10_000
  assert.equal(await endQuiet([]), 1)
  assert.equal((await endings(scene))[1].download, fresh.download)
})

test('of a file that was deleted nothing more is written', async t => {
  const scene = await openDownloads(t)
  const { db, audit, clock, download, file } = scene
  const endQuiet = createEndQuiet({ db, audit })
  await download('deleted', 500)
  await db.write(async tx => {
    await tx.deleteFrom('files').where('id', '=', file).execute()
  })
  clock.now += 10_001
  assert.equal(await endQuiet([]), 1)
  assert.deepEqual(await endings(scene), [])
  assert.equal(await endQuiet([]), 0)
})

test('what ended a month ago is swept, what is open stays', async t => {
  const { db, audit, clock, download } = await openDownloads(t)
  const purge = createPurge({ db })
  const counts = async () => [
    (await db.read.selectFrom('links').select('id').execute()).length,
    (await db.read.selectFrom('downloads').select('id').execute()).length,
  ]
  await download('ended', 1)
  clock.now += 20_000
  await createEndQuiet({ db, audit })([])
  await download('open', 1)
  await purge()
  assert.deepEqual(await counts(), [2, 2])
  clock.now += 31 * 86_400_000
  await purge()
  assert.deepEqual(await counts(), [0, 1])
})
