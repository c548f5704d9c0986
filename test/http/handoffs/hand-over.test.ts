import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PASSWORD } from '../../people.ts'
import { enlist } from '../gauntlet/cast.ts'
import { refused } from '../problem.ts'
import { DAY, openScene } from './scene.ts'

const CLARA = 'clara@customer.example'
const CARL = 'carl@customer.example'
const TOLD = /^Documents for you at/

test('one mail per hand-off and client, with who, what, the words and until when; none again on edits', async t => {
  const { server, otto, admin, clara, upload, handOver, mailsTo, deliveries, now } = await openScene(t)
  const files = [await upload('Report.docx'), await upload('Annex.docx')]
  const expires_at = new Date(now() + 10 * DAY).toISOString()
  const note = 'Please sign page 3.\nThe annex is for your records.'
  const { status, body, text } = await handOver({ files, audience: { clients: [CLARA, CARL] }, note, expires_at })
  assert.equal(status, 201, text)
  assert.deepEqual(
    [body.notified, body.note, body.expires_at, body.files.map((file: { name: string }) => file.name)],
    [2, note, expires_at, ['Report.docx', 'Annex.docx']],
  )

  for (const address of [CLARA, CARL]) {
    const mails = await mailsTo(address, TOLD)
    assert.equal(mails.length, 1)
    const [mail] = mails
    for (const words of [
      'Otto Ops (otto@firm.example)',
      '- Report.docx',
      '- Annex.docx',
      '> Please sign page 3.',
      'until',
    ])
      assert.ok(mail?.text.includes(words), `${words} in ${mail?.text}`)
    assert.match(mail?.text ?? '', /http:\/\/localhost:\d+\/documents\b/)
    assert.doesNotMatch(mail?.text ?? '', /<img|#[A-Za-z0-9_-]{20}/)
  }
  const [file] = files
  assert.deepEqual(
    (await deliveries(file ?? '')).map((one: { state: string; notified_at: string | null }) => [
      one.state,
      one.notified_at !== null,
    ]),
    [
      ['notified', true],
      ['notified', true],
    ],
  )

  await otto.put(`/api/v1/ops/files/${file}/audience`, { clients: [CLARA] })
  await otto.patch(`/api/v1/ops/files/${file}`, { expires_at: null })
  await admin.put(`/api/v1/ops/files/${file}/audience`, { everyone: true })
  assert.equal((await mailsTo(CLARA, TOLD)).length, 1)
  assert.equal((await mailsTo(CARL, TOLD)).length, 1)
  assert.equal((await clara.client.get(`/api/v1/client/files/${file}`)).body.note, note)
  const accepted = await server.db.read
    .selectFrom('audit_events')
    .select('entry')
    .where('kind', '=', 'mail.accepted')
    .execute()
  const about = accepted.filter(({ entry }) => JSON.parse(entry).data.about === 'handoff')
  assert.equal(about.length, 4, 'for each file and client an event of its own')
})

test('groups and everyone: each person once; words are for those they were written to', async t => {
  const { server, otto, clara, carl, upload, handOver, mailsTo } = await openScene(t)
  const { body: group } = await otto.post('/api/v1/ops/groups', { name: 'Customer Ltd' })
  await otto.put(`/api/v1/ops/groups/${group.id}/members`, { clients: [CLARA, CARL] })
  const id = await upload('Offer.docx')
  const first = await handOver({
    files: [id],
    audience: { groups: [group.id], clients: [CLARA] },
    note: 'For the customer',
  })
  assert.equal(first.body.notified, 2)
  const late = await enlist(server, 'client', 'late@other.example')
  const second = await handOver({ files: [id], audience: { everyone: true }, notify: false })
  assert.equal(second.body.notified, 0)
  assert.deepEqual(
    await Promise.all(
      [clara, carl, late].map(async who => (await who.client.get(`/api/v1/client/files/${id}`)).body.note),
    ),
    ['For the customer', 'For the customer', null],
  )
  assert.equal((await mailsTo('late@other.example', TOLD)).length, 0)
  assert.equal((await mailsTo(CLARA, TOLD)).length, 1)
})

test('somebody invited and not here yet: the document is there when they come, and no mail tells a stranger of it', async t => {
  const { server, otto, upload, handOver, mailsTo, deliveries } = await openScene(t)
  const id = await upload('Welcome.docx')
  const address = 'nina@new.example'
  refused(await handOver({ files: [id], audience: { clients: [address] } }), 422, 'unknown_recipient')
  assert.equal((await otto.post('/api/v1/ops/invitations', { email: address, role: 'client' })).status, 201)
  const sent = await handOver({ files: [id], audience: { clients: [address] }, note: 'Secret words' })
  assert.equal(sent.status, 201, sent.text)
  assert.equal(sent.body.notified, 0)
  assert.equal((await mailsTo(address, TOLD)).length, 0)
  const [waiting] = await deliveries(id)
  assert.deepEqual([waiting.state, waiting.client.email], ['invited', address])
  const { body: file } = await otto.get(`/api/v1/ops/files/${id}`)
  assert.deepEqual(
    [file.deliveries.clients, file.audience.clients.map((one: { email: string }) => one.email)],
    [1, [address]],
  )

  const { token } = await server.lastMail(address)
  const nina = server.client()
  const accepted = await nina.post('/api/v1/invitations/accept', { token, name: 'Nina New', password: PASSWORD })
  nina.useToken(accepted.body.access_token)
  const { items } = (await nina.get('/api/v1/client/files')).body
  assert.deepEqual(
    items.map((one: { id: string; note: string }) => [one.id, one.note]),
    [[id, 'Secret words']],
  )
  assert.equal((await deliveries(id))[0].state, 'offered')
})

test('an invited address whose owner signs up instead gets the same documents', async t => {
  const { server, otto, upload, handOver } = await openScene(t)
  const address = 'nora@new.example'
  await otto.post('/api/v1/ops/invitations', { email: address, role: 'client' })
  const id = await upload('Welcome.docx')
  await handOver({ files: [id], audience: { clients: [address] } })
  const nora = server.client()
  await nora.post('/api/v1/client/signup', { email: address, name: 'Nora', password: PASSWORD })
  const { token } = await server.lastMail(address)
  const verified = await nora.post('/api/v1/client/verify', { token, password: PASSWORD, transport: 'bearer' })
  nora.useToken(verified.body.access_token)
  assert.equal((await nora.get(`/api/v1/client/files/${id}`)).status, 200)
})

test('all or nothing: a file that is not there, nobody, an end that is over', async t => {
  const { server, otto, admin, clara, upload, handOver, now } = await openScene(t)
  const mine = await upload('Mine.docx')
  const theirs = await upload('Theirs.docx', admin)
  const audience = { clients: [CLARA] }
  refused(await handOver({ files: [mine, theirs], audience }), 404, 'not_found')
  refused(await handOver({ files: [mine], audience: {} }), 400, 'invalid_request')
  refused(
    await handOver({ files: [mine], audience, expires_at: new Date(now() - 1).toISOString() }),
    400,
    'invalid_request',
  )
  refused(await handOver({ files: [mine], audience, note: 'a\u0000b' }), 400, 'invalid_request')
  refused(
    await handOver({ files: [mine], audience: { clients: [CLARA, 'nobody@x.example'] } }),
    422,
    'unknown_recipient',
  )
  assert.equal((await clara.client.get('/api/v1/client/files')).body.items.length, 0)
  assert.deepEqual((await otto.get(`/api/v1/ops/files/${mine}`)).body.audience.clients, [])
  for (const table of ['handoffs', 'handoff_files', 'handoff_clients', 'notices'] as const)
    assert.deepEqual(await server.db.read.selectFrom(table).selectAll().execute(), [], table)
  assert.equal((await handOver({ files: [mine, theirs], audience }, admin)).status, 201, 'administrators reach both')
})

test('a mail tells of what is still there: withdrawn before it was written, it is not named', async t => {
  const { server, otto, upload, mailsTo } = await openScene(t)
  const [kept, gone] = [await upload('Kept.docx'), await upload('Gone.docx')]
  await server.app.handoffs.notifier.stop()
  await otto.post('/api/v1/ops/handoffs', { files: [kept, gone], audience: { clients: [CLARA, CARL] } })
  await otto.put(`/api/v1/ops/files/${gone}/audience`, {})
  await otto.put(`/api/v1/ops/files/${kept}/audience`, { clients: [CLARA] })
  const [mail, ...more] = await mailsTo(CLARA, TOLD)
  assert.deepEqual(more, [])
  assert.match(mail?.text ?? '', /Kept\.docx/)
  assert.doesNotMatch(mail?.text ?? '', /Gone\.docx/)
  assert.deepEqual(await mailsTo(CARL, TOLD), [])
})

test('what the malware scanner has not seen is told of once it has', async t => {
  const { server, otto, upload, handOver, mailsTo, later } = await openScene(t, {
    VALISE_CLAMD_URL: 'unix:/nowhere/clamd.sock',
    VALISE_LOG_LEVEL: 'silent',
  })
  const id = await upload('Waits.docx')
  assert.equal((await handOver({ files: [id], audience: { clients: [CLARA] } })).body.notified, 1)
  await later(3_600_000)
  assert.deepEqual(await mailsTo(CLARA, TOLD), [])
  await server.db.write(tx => tx.updateTable('files').set({ status: 'available' }).execute())
  await later(3_600_000)
  assert.equal((await mailsTo(CLARA, TOLD)).length, 1)
  assert.equal((await otto.get('/api/v1/ops/files?fetched=not_yet')).body.items.length, 1)
})

test('the sender who asked is told of the first fetch of each client, in one mail', async t => {
  const { clara, carl, upload, handOver, fetch, mailsTo, later } = await openScene(t)
  const [one, two] = [await upload('One.docx'), await upload('Two.docx')]
  await handOver({ files: [one, two], audience: { clients: [CLARA, CARL] }, tell_me: true })
  await fetch(clara.client, one)
  await fetch(clara.client, one)
  await fetch(carl.client, two)
  await later(120_000)
  const mails = await mailsTo('otto@firm.example', /fetched/)
  assert.equal(mails.length, 1)
  assert.match(mails[0]?.text ?? '', /- One\.docx: Clara Client \(clara@customer\.example\)/)
  assert.match(mails[0]?.text ?? '', /- Two\.docx: Carl Client/)
  await fetch(carl.client, two)
  await later(120_000)
  assert.equal((await mailsTo('otto@firm.example', /fetched/)).length, 1)
})

test('an invitation is withdrawn: what was shared with it is too, however its owner comes', async t => {
  const { server, otto, admin, upload, handOver, events } = await openScene(t)
  const email = 'mistyped@stranger.example'
  const invited = await otto.post('/api/v1/ops/invitations', { email, role: 'client' })
  const id = await upload('Secret.docx')
  await handOver({ files: [id], audience: { clients: [email] }, note: 'For your eyes only' })
  assert.equal((await otto.delete(`/api/v1/ops/invitations/${invited.body.id}`)).status, 204)
  assert.equal((await events('file.withdrawn')).length, 1)
  assert.deepEqual((await otto.get(`/api/v1/ops/files/${id}`)).body.audience.clients, [])
  await admin.post('/api/v1/ops/invitations', { email, role: 'client' })
  const { token } = await server.lastMail(email)
  const stranger = server.client()
  const accepted = await stranger.post('/api/v1/invitations/accept', { token, name: 'Stranger', password: PASSWORD })
  stranger.useToken(accepted.body.access_token)
  assert.deepEqual((await stranger.get('/api/v1/client/files')).body.items, [])
})

test('the evidence names what the mail names, and nothing else', async t => {
  const { server, otto, upload, mailsTo, deliveries } = await openScene(t)
  const [kept, gone] = [await upload('Kept.docx'), await upload('Gone.docx')]
  await server.app.handoffs.notifier.stop()
  await otto.post('/api/v1/ops/handoffs', { files: [kept, gone], audience: { clients: [CLARA] }, tell_me: true })
  await otto.put(`/api/v1/ops/files/${gone}/audience`, {})
  assert.equal((await mailsTo(CLARA, TOLD)).length, 1)
  await otto.put(`/api/v1/ops/files/${gone}/audience`, { clients: [CLARA] })
  const told = async (id: string) => (await deliveries(id))[0].notified_at !== null
  assert.deepEqual([await told(kept), await told(gone)], [true, false])
  const { items } = (await otto.get(`/api/v1/ops/audit?kind=mail.accepted&file=${gone}`)).body
  assert.deepEqual(items, [])
  const counts = (await otto.get(`/api/v1/ops/files/${gone}`)).body.deliveries
  assert.deepEqual([counts.clients, counts.notified], [1, 0])
})

test('words are for who was there when they were written', async t => {
  const { otto, clara, carl, upload, handOver } = await openScene(t)
  const { body: group } = await otto.post('/api/v1/ops/groups', { name: 'Customer' })
  await otto.put(`/api/v1/ops/groups/${group.id}/members`, { clients: [clara.id] })
  const id = await upload('Plan.docx')
  await handOver({ files: [id], audience: { groups: [group.id] }, note: 'Dear Clara only' })
  await otto.put(`/api/v1/ops/groups/${group.id}/members`, { clients: [clara.id, carl.id] })
  const seen = async (who: typeof clara) => (await who.client.get(`/api/v1/client/files/${id}`)).body.note
  assert.deepEqual([await seen(clara), await seen(carl)], ['Dear Clara only', null])
  assert.deepEqual((await carl.client.get(`/api/v1/client/files/${id}/history`)).body.items, [])
})
