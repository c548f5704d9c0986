import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startServer, type TestServer } from '../../server.ts'
import { enlist, linkTo, type Person, upload } from '../gauntlet/cast.ts'

const DAY = 86_400_000

let server: TestServer
let ada: Person
let otto: Person
let clara: Person
let cyril: Person
before(async () => {
  server = await startServer()
  ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  otto = await enlist(server, 'ops', 'otto@firm.example')
  clara = await enlist(server, 'client', 'clara@customer.example')
  cyril = await enlist(server, 'client', 'cyril@customer.example')
})
after(() => server.stop())

const look = async ({ client }: Person) => {
  const { status, body } = await client.get('/api/v1/ops/overview')
  assert.equal(status, 200)
  const { handed_over, delivered } = body.days.at(-1)
  return { ...body, today: [handed_over, delivered], ages: ages(body.waiting) }
}
const ages = (waiting: Record<string, { count: number }>) =>
  ['day', 'week', 'month', 'older'].map(age => waiting[age]?.count)
const fetchBy = async ({ client }: Person, file: string) => {
  assert.equal((await client.get(await linkTo(client, file))).status, 200)
  // Recorded a moment after the last byte.
  for (const deadline = performance.now() + 5000; ; ) {
    const { body } = await client.get(`/api/v1/client/files/${file}`)
    if (body.delivery.delivered_at) return
    assert.ok(performance.now() < deadline)
  }
}
const change = (file: string, values: { uploaded_at?: number; expires_at?: number; status?: 'pending' | 'expired' }) =>
  server.db.write(async tx => {
    await tx.updateTable('files').set(values).where('id', '=', file).execute()
  })

test('a new installation has thirty days of nothing', async () => {
  const seen = await look(ada)
  assert.equal(seen.days.length, 30)
  assert.deepEqual(
    seen.days.map(({ day }: { day: string }) => day).sort(),
    seen.days.map(({ day }: { day: string }) => day),
  )
  assert.equal(seen.days.at(-1).day, new Date().toISOString().slice(0, 10))
  assert.deepEqual([seen.today, seen.ages, seen.pending], [[0, 0], [0, 0, 0, 0], 0])
  assert.deepEqual([seen.storage.files, seen.storage.bytes], [0, 0])
  assert.ok(seen.storage.free > 0, 'administrators see what is left')
  assert.equal((await look(otto)).storage.free, null)
})

test('what is handed over, waited for and delivered is counted, for ops of their own files', async () => {
  const first = await upload(otto.client, 'First.docx', { clients: [clara.id, cyril.id] })
  const second = await upload(ada.client, 'Second.docx', { clients: [clara.id] })
  await upload(otto.client, 'For nobody.docx')
  assert.deepEqual((await look(ada)).today, [2, 0], 'several grants of a file are one handing over')
  assert.deepEqual((await look(otto)).today, [1, 0])
  assert.deepEqual((await look(ada)).ages, [2, 0, 0, 0])

  await fetchBy(clara, first)
  assert.deepEqual((await look(otto)).ages, [1, 0, 0, 0], 'Cyril is still waited for')
  await fetchBy(cyril, first)
  await fetchBy(clara, second)
  const all = await look(ada)
  assert.deepEqual(
    [all.today, all.ages],
    [
      [2, 3],
      [0, 0, 0, 0],
    ],
  )
  assert.deepEqual((await look(otto)).today, [1, 2])
  const { storage } = await look(otto)
  const { body } = await otto.client.get('/api/v1/ops/files')
  assert.equal(storage.files, 2)
  assert.equal(
    storage.bytes,
    body.items.reduce((sum: number, file: { size: number }) => sum + file.size, 0),
  )

  await otto.client.put(`/api/v1/ops/files/${first}/audience`, {})
  await otto.client.put(`/api/v1/ops/files/${first}/audience`, { clients: [clara.id] })
  assert.deepEqual((await look(otto)).today, [1, 2], 'shared again is not handed over again')
  for (const { id } of body.items) assert.equal((await otto.client.delete(`/api/v1/ops/files/${id}`)).status, 204)
  const gone = await look(otto)
  assert.deepEqual([gone.storage.files, gone.storage.bytes], [0, 0])
  assert.deepEqual(gone.today, [1, 2], 'what happened outlives the files')
})

test('by age of the upload, through groups and everyone, and what ends soon', async () => {
  const now = Date.now()
  const { body: group } = await ada.client.post('/api/v1/ops/groups', { name: 'Customers' })
  await ada.client.put(`/api/v1/ops/groups/${group.id}/members`, { clients: [clara.id] })
  const week = await upload(otto.client, 'Week.docx', { groups: [group.id] })
  const month = await upload(otto.client, 'Month.docx', { everyone: true })
  const older = await upload(otto.client, 'Older.docx', { clients: ['clara@customer.example'] })
  await change(week, { uploaded_at: now - 3 * DAY, expires_at: now + 2 * DAY })
  await change(month, { uploaded_at: now - 20 * DAY, expires_at: now + 5 * DAY })
  await change(older, { uploaded_at: now - 90 * DAY, expires_at: now + DAY })
  const seen = await look(otto)
  assert.deepEqual([seen.ages, seen.expiring], [[0, 1, 1, 1], { count: 2, more: false }])
  await fetchBy(clara, week)
  await fetchBy(clara, month)
  assert.deepEqual((await look(otto)).ages, [0, 0, 1, 1], 'everyone: Cyril has not')
  await fetchBy(cyril, month)
  assert.deepEqual((await look(otto)).ages, [0, 0, 0, 1])
  await ada.client.put(`/api/v1/ops/groups/${group.id}/members`, { clients: [clara.id, cyril.id] })
  assert.deepEqual((await look(otto)).ages, [0, 1, 0, 1], 'who joins a group is waited for')
  await change(older, { status: 'pending' })
  const pending = await look(otto)
  assert.deepEqual([pending.ages, pending.pending, pending.expiring.count], [[0, 1, 0, 0], 1, 1])
})

test('two thousand files of one age are looked at, and the answer says that there are more', async () => {
  const olga = await enlist(server, 'ops', 'olga@firm.example')
  const one = await upload(olga.client, 'One.docx', { clients: [clara.id] })
  await server.db.write(async tx => {
    const row = await tx.selectFrom('files').selectAll().where('id', '=', one).executeTakeFirstOrThrow()
    for (let n = 0; n < 2100; n++) {
      const id = `${String(n).padStart(21, 'x')}A`
      await tx
        .insertInto('files')
        .values({ ...row, id, blob: `blob${id}` })
        .execute()
      await tx
        .insertInto('file_audience')
        .values({ subject: `client:${clara.id}`, uploaded_at: row.uploaded_at, file_id: id })
        .execute()
    }
  })
  const seen = await look(olga)
  assert.deepEqual(seen.waiting.day, { count: 2000, more: true })
  assert.equal(seen.storage.files, 2101)
})

test('looking at a client’s list is recorded once in ten minutes, as who looked, and nothing as the client', async () => {
  const dora = await enlist(server, 'client', 'dora@customer.example')
  const file = await upload(ada.client, 'Doras.docx', { clients: [dora.id] })
  const path = `/api/v1/ops/clients/${dora.id}/files`
  const views = async () => (await ada.client.get('/api/v1/ops/audit?kind=client.viewed')).body.items
  const seen = await ada.client.get(path)
  const shown = await dora.client.get('/api/v1/client/files')
  assert.deepEqual(seen.body, shown.body, 'exactly what she sees')
  assert.ok(shown.body.items.some(({ id }: { id: string }) => id === file))
  const { items } = (await otto.client.get(path)).body
  const uploaders = new Set(items.map((one: { uploaded_by: { id: string } }) => one.uploaded_by.id))
  assert.deepEqual([...uploaders], [otto.id], 'others see their own files of it')
  await ada.client.get(`${path}?q=doras`)
  const [ottos, adas, ...others] = await views()
  assert.deepEqual(others, [])
  assert.deepEqual([ottos.actor.id, ottos.subject.id, ottos.count], [otto.id, dora.id, 1])
  assert.deepEqual([adas.actor.id, adas.subject.id, adas.count], [ada.id, dora.id, 2])
  const hers = await ada.client.get(`/api/v1/ops/audit?actor=${dora.id}`)
  assert.ok(hers.body.items.every(({ kind }: { kind: string }) => kind === 'session.started'))
  assert.deepEqual(
    (await dora.client.get('/api/v1/client/sessions')).body.items.length,
    1,
    'no session of hers was made',
  )
})

test('a disabled client is looked at all the same; a colleague, and nobody, are not found', async () => {
  const erik = await enlist(server, 'client', 'erik@customer.example')
  await ada.client.patch(`/api/v1/ops/clients/${erik.id}`, { disabled: true })
  assert.equal((await ada.client.get(`/api/v1/ops/clients/${erik.id}/files`)).status, 200)
  assert.equal((await ada.client.get(`/api/v1/ops/clients/${erik.id}`)).body.disabled, true)
  assert.equal((await ada.client.get(`/api/v1/ops/clients/${otto.id}/files`)).status, 404)
})

test('settings say what is in force and nothing secret', async () => {
  const secret = 'hunter2-in-the-relay'
  const settled = await startServer({
    env: {
      VALISE_SMTP_URL: `smtp://valise:${secret}@127.0.0.1:2525`,
      VALISE_MAIL_FROM: 'valise@firm.example',
      VALISE_LINK_TTL: '7m',
    },
  })
  try {
    const admin = await enlist(settled, 'ops', 'ada@firm.example', { admin: true })
    const { status, body, text } = await admin.client.get('/api/v1/ops/settings')
    assert.equal(status, 200)
    const of = (name: string) => body.items.find((one: { name: string }) => one.name === name)
    assert.deepEqual([of('VALISE_LINK_TTL').value, of('VALISE_LINK_TTL').source], ['7m', 'environment'])
    assert.equal(of('VALISE_SMTP_URL').value, '(set)')
    assert.equal(of('VALISE_LINK_TTL_MAX').source, 'default')
    assert.ok(!text.includes(secret))
  } finally {
    await settled.stop()
  }
})
