import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { refused } from '../problem.ts'
import { DAY, HOUR, openScene } from './scene.ts'

const CLARA = 'clara@customer.example'
const CARL = 'carl@customer.example'
const REMINDER = /^Documents wait for you at/

test('an expired file stays listed with the reason, cannot be fetched, and is erased after the grace time', async t => {
  const { server, otto, clara, upload, handOver, later, deliveries, events, now } = await openScene(t, {
    VALISE_EXPIRED_GRACE: '5d',
  })
  const id = await upload('Offer.docx')
  const expires_at = new Date(now() + DAY).toISOString()
  await handOver({ files: [id], audience: { clients: [CLARA] }, expires_at })
  const { body: link } = await clara.client.post(`/api/v1/client/files/${id}/link`, { expires_in: 86_400 })
  assert.ok(link.expires_at <= expires_at, 'no link outlives the file')

  await later(DAY + 1000)
  const seen = await clara.client.get(`/api/v1/client/files/${id}`)
  assert.deepEqual([seen.status, seen.body.status], [200, 'expired'])
  refused(await clara.client.post(`/api/v1/client/files/${id}/link`, {}), 404, 'not_found')
  assert.equal((await clara.client.get(new URL(link.download_link).pathname)).status, 404)
  const { body } = await otto.get(`/api/v1/ops/files/${id}`)
  assert.equal(body.status, 'expired')
  assert.ok(Math.abs(Date.parse(body.erased_at) - now() - 5 * DAY) < 10_000)
  assert.equal((await deliveries(id))[0].state, 'expired')
  assert.equal((await events('file.expired')).length, 1)
  refused(await otto.post('/api/v1/ops/handoffs', { files: [id], audience: { clients: [CLARA] } }), 409, 'conflict')

  await later(4 * DAY)
  assert.equal((await otto.get(`/api/v1/ops/files/${id}`)).status, 200)
  await later(DAY)
  assert.equal((await otto.get(`/api/v1/ops/files/${id}`)).status, 404)
  assert.deepEqual((await clara.client.get('/api/v1/client/files')).body.items, [])
  assert.equal((await events('file.deleted'))[0].data.reason, 'expired')
  for (const table of ['files', 'blob_removals', 'handoffs', 'handoff_clients', 'notices'] as const)
    assert.deepEqual(await server.db.read.selectFrom(table).selectAll().execute(), [], table)
  const blobs = await readdir(join(server.dataDir, 'blobs'), { recursive: true, withFileTypes: true })
  assert.deepEqual(
    blobs.filter(entry => entry.isFile()),
    [],
  )
})

test('a new end brings it back, and what is over by the clock cannot be fetched before anything ran', async t => {
  const { server, otto, clara, upload, handOver, later, fetch, events, now } = await openScene(t)
  const id = await upload('Offer.docx')
  await handOver({ files: [id], audience: { clients: [CLARA] }, expires_at: new Date(now() + HOUR).toISOString() })
  await later(2 * HOUR)
  refused(
    await otto.patch(`/api/v1/ops/files/${id}`, { expires_at: new Date(now() - 1).toISOString() }),
    400,
    'invalid_request',
  )
  refused(await otto.patch(`/api/v1/ops/files/${id}`, { expires_at: '9999-01-01T00:00:00Z' }), 400, 'invalid_request')
  const again = await otto.patch(`/api/v1/ops/files/${id}`, { expires_at: new Date(now() + HOUR).toISOString() })
  assert.deepEqual([again.status, again.body.status, again.body.erased_at], [200, 'available', null])
  await fetch(clara.client, id)
  assert.equal((await events('file.expiry_changed')).length, 1)

  await server.db.write(tx =>
    tx
      .updateTable('files')
      .set({ expires_at: Date.now() - 1 })
      .execute(),
  )
  refused(await clara.client.post(`/api/v1/client/files/${id}/link`, {}), 404, 'not_found')
})

test('clients who have not fetched are reminded once before the end, in one mail for all files', async t => {
  const { otto, carl, upload, handOver, fetch, later, mailsTo, now } = await openScene(t)
  const ends = new Date(now() + 10 * DAY).toISOString()
  const audience = { clients: [CLARA, CARL] }
  const [one, two, silent] = [await upload('One.docx'), await upload('Two.docx'), await upload('Silent.docx')]
  await handOver({ files: [one, two], audience, expires_at: ends })
  await handOver({ files: [silent], audience, expires_at: ends, notify: false })
  await fetch(carl.client, one)
  await fetch(carl.client, two)
  await later(7 * DAY)
  assert.deepEqual(await mailsTo(CLARA, REMINDER), [])
  await later(1.5 * DAY)
  const [mail, ...more] = await mailsTo(CLARA, REMINDER)
  assert.deepEqual(more, [])
  for (const name of ['One.docx', 'Two.docx']) assert.ok(mail?.text.includes(`- ${name} (until`), mail?.text)
  assert.doesNotMatch(mail?.text ?? '', /Silent/, 'handed over without a mail')
  assert.deepEqual(await mailsTo(CARL, REMINDER), [])
  await later(HOUR)
  assert.equal((await mailsTo(CLARA, REMINDER)).length, 1)
  await otto.patch(`/api/v1/ops/files/${one}`, { expires_at: new Date(now() + 30 * DAY).toISOString() })
  await later(29 * DAY)
  assert.equal((await mailsTo(CLARA, REMINDER)).length, 2, 'another end is another reminder')
})

test('nobody is reminded of what they have just been told', async t => {
  const { upload, handOver, later, mailsTo, now } = await openScene(t)
  const id = await upload('Short.docx')
  await handOver({ files: [id], audience: { clients: [CLARA] }, expires_at: new Date(now() + DAY).toISOString() })
  await later(HOUR)
  assert.deepEqual(await mailsTo(CLARA, REMINDER), [])
  await later(13 * HOUR)
  assert.equal((await mailsTo(CLARA, REMINDER)).length, 1)
})

test('a reminder on request: to who has not fetched it, each at most once a day', async t => {
  const { otto, admin, clara, carl, upload, handOver, fetch, later, mailsTo, deliveries, now } = await openScene(t)
  const id = await upload('Report.docx')
  await handOver({ files: [id], audience: { clients: [CLARA, CARL] } })
  await fetch(carl.client, id)
  const remind = (by = otto, body: object = { clients: 'all' }) => by.post(`/api/v1/ops/files/${id}/reminders`, body)
  const answers = await Promise.all([remind(), remind(admin)])
  assert.deepEqual(answers.map(({ body }) => body.reminded).sort(), [0, 1])
  assert.deepEqual(
    answers.map(({ body }) => body.reminded + body.left_out),
    [2, 2],
  )
  assert.deepEqual(answers.map(({ body }) => body.recently).sort(), [0, 1], 'who had one, not who has the file')
  assert.equal((await mailsTo(CLARA, REMINDER)).length, 1)
  assert.deepEqual(await mailsTo(CARL, REMINDER), [])
  assert.notEqual(
    (await deliveries(id)).find((one: { client: { email: string } }) => one.client.email === CLARA).reminded_at,
    null,
  )
  await later(DAY + HOUR)
  assert.deepEqual((await remind(otto, { clients: [carl.id] })).body, { reminded: 0, recently: 0, left_out: 1 })
  assert.deepEqual((await remind(otto, { clients: [clara.id] })).body, { reminded: 1, recently: 0, left_out: 0 })
  assert.equal((await mailsTo(CLARA, REMINDER)).length, 2)
  await otto.patch(`/api/v1/ops/files/${id}`, { expires_at: new Date(now() + HOUR).toISOString() })
  await later(2 * HOUR)
  refused(await remind(), 409, 'conflict')
})

test('however many files end at once, nobody is forgotten, and a new end by handing over is another reminder', async t => {
  const { upload, handOver, later, mailsTo, server, now } = await openScene(t)
  const ends = (days: number) => new Date(now() + days * DAY).toISOString()
  const first = await upload('Waits.docx')
  await handOver({ files: [first], audience: { clients: [CLARA] }, expires_at: ends(4) })
  const model = await server.db.read.selectFrom('files').selectAll().where('id', '=', first).executeTakeFirstOrThrow()
  const act = await server.db.read.selectFrom('handoffs').selectAll().executeTakeFirstOrThrow()
  // Two hundred that everybody has, and that end before it.
  await server.db.write(async tx => {
    for (let i = 0; i < 200; i++) {
      const id = `${String(i).padStart(21, 'x')}A`
      await tx
        .insertInto('files')
        .values({ ...model, id, blob: id, expires_at: now() + 4 * DAY - HOUR })
        .execute()
      await tx.insertInto('handoff_files').values({ handoff_id: act.id, file_id: id }).execute()
    }
  })
  await later(3 * DAY)
  assert.equal((await mailsTo(CLARA, REMINDER)).length, 1)
  await handOver({ files: [first], audience: { clients: [CLARA] }, expires_at: ends(10) })
  await later(9 * DAY)
  assert.equal((await mailsTo(CLARA, REMINDER)).length, 2)
})
