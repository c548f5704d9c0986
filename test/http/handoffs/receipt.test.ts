import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { refused } from '../problem.ts'
import { DAY, HOUR, openScene } from './scene.ts'

const CLARA = 'clara@customer.example'

test('“I have received this” and a compared copy: only after every byte, once, and for this client alone', async t => {
  const { otto, clara, carl, upload, handOver, fetch, deliveries, events } = await openScene(t)
  const id = await upload('Contract.docx')
  await handOver({ files: [id], audience: { clients: [CLARA] }, note: 'Read it well' })
  const at = `/api/v1/client/files/${id}`
  const { sha256 } = (await clara.client.get(at)).body
  refused(await clara.client.post(`${at}/acknowledge`), 409, 'conflict')
  refused(await clara.client.post(`${at}/confirm`, { sha256 }), 409, 'conflict')
  refused(await carl.client.post(`${at}/acknowledge`), 404, 'not_found')
  refused(await carl.client.post(`${at}/confirm`, { sha256 }), 404, 'not_found')

  const bytes = await fetch(clara.client, id)
  assert.equal((await deliveries(id))[0].state, 'delivered')
  refused(await clara.client.post(`${at}/confirm`, { sha256: '0'.repeat(64) }), 409, 'conflict')
  const mine = createHash('sha256').update(bytes).digest('hex')
  const confirmed = await clara.client.post(`${at}/confirm`, { sha256: mine })
  assert.notEqual(confirmed.body.delivery.confirmed_at, null)
  assert.equal((await deliveries(id))[0].state, 'confirmed')
  const [first, second] = [await clara.client.post(`${at}/acknowledge`), await clara.client.post(`${at}/acknowledge`)]
  assert.deepEqual([first.status, second.status], [200, 200])
  assert.equal(first.body.delivery.acknowledged_at, second.body.delivery.acknowledged_at)
  assert.equal((await deliveries(id))[0].state, 'acknowledged')
  assert.equal((await events('file.acknowledged')).length, 1)
  const [event] = await events('file.confirmed')
  assert.deepEqual([event.actor.email, event.subject.sha256], [CLARA, sha256])
  const { body: file } = await otto.get(`/api/v1/ops/files/${id}`)
  assert.deepEqual(file.deliveries, { clients: 1, notified: 1, delivered: 1, confirmed: 1, acknowledged: 1 })

  const { items } = (await clara.client.get(`${at}/history`)).body
  assert.deepEqual(
    items.map((entry: { kind: string }) => entry.kind),
    ['acknowledged', 'confirmed', 'delivered', 'download_ended', 'download_started', 'link_issued', 'shared'],
  )
  assert.equal(items.find((entry: { kind: string }) => entry.kind === 'delivered').bytes_sent, bytes.length)
  const page = await clara.client.get(`${at}/history?limit=2`)
  assert.equal(page.body.items.length, 2)
  refused(await carl.client.get(`${at}/history`), 404, 'not_found')
})

test('who asks for an expired file again is heard once a day', async t => {
  const { otto, clara, carl, upload, handOver, later, mailsTo, deliveries, events, now } = await openScene(t)
  const id = await upload('Old.docx')
  const audience = { clients: [CLARA] }
  await handOver({ files: [id], audience, expires_at: new Date(now() + HOUR).toISOString() })
  const ask = () => clara.client.post(`/api/v1/client/files/${id}/ask`)
  refused(await ask(), 409, 'conflict')
  await later(2 * HOUR)
  refused(await carl.client.post(`/api/v1/client/files/${id}/ask`), 404, 'not_found')
  assert.deepEqual(
    (await Promise.all([ask(), ask()])).map(({ status }) => status),
    [202, 202],
  )
  const asked = () => mailsTo('otto@firm.example', /asked for documents/)
  const [mail, ...more] = await asked()
  assert.deepEqual(more, [])
  assert.match(mail?.text ?? '', /- Old\.docx: Clara Client \(clara@customer\.example\)/)
  const [{ asked_at }] = await deliveries(id)
  assert.notEqual(asked_at, null)
  assert.equal((await clara.client.get(`/api/v1/client/files/${id}`)).body.delivery.asked_at, asked_at)
  await later(DAY + HOUR)
  await ask()
  assert.equal((await asked()).length, 2)
  assert.equal((await events('file.asked_for')).length, 2)
  await otto.patch(`/api/v1/ops/files/${id}`, { expires_at: null })
  refused(await ask(), 409, 'conflict')
})

test('“not yet fetched” finds what somebody still has to fetch', async t => {
  const { otto, admin, clara, carl, upload, handOver, fetch, later, now } = await openScene(t)
  const { body: group } = await otto.post('/api/v1/ops/groups', { name: 'Both' })
  await otto.put(`/api/v1/ops/groups/${group.id}/members`, { clients: [clara.id, carl.id] })
  const id = {
    nobody: await upload('Nobody.docx'),
    one: await upload('One.docx'),
    both: await upload('Both.docx'),
    all: await upload('All.docx'),
    over: await upload('Over.docx'),
  }
  await handOver({ files: [id.one], audience: { clients: [clara.id] } })
  await handOver({ files: [id.both], audience: { groups: [group.id] } })
  await handOver({ files: [id.all], audience: { everyone: true } })
  await handOver({ files: [id.over], audience: { everyone: true }, expires_at: new Date(now() + 1000).toISOString() })
  await later(2000)
  const waiting = async (query = '') =>
    (await otto.get(`/api/v1/ops/files?fetched=not_yet${query}`)).body.items.map((file: { name: string }) => file.name)
  assert.deepEqual(await waiting(), ['All.docx', 'Both.docx', 'One.docx'])
  await fetch(clara.client, id.one)
  await fetch(clara.client, id.both)
  await fetch(clara.client, id.all)
  assert.deepEqual(await waiting(), ['All.docx', 'Both.docx'])
  assert.deepEqual(await waiting('&q=both'), ['Both.docx'])
  await fetch(carl.client, id.both)
  await fetch(carl.client, id.all)
  assert.deepEqual(await waiting(), [])
  assert.deepEqual((await admin.get('/api/v1/ops/files?fetched=not_yet')).body.items, [])
})
