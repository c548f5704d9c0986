import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { watch } from '../../gauntlet-oracle.ts'
import { startServer, type TestServer } from '../../server.ts'
import { eventually } from '../links/world.ts'
import { type Listener, listen } from '../listen.ts'
import { enlist, enter, linkTo, type Person, upload } from './cast.ts'

let server: TestServer
let ada: Person
let otto: Person
let olga: Person
before(async () => {
  server = await startServer()
  ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  otto = await enlist(server, 'ops', 'otto@firm.example')
  olga = await enlist(server, 'ops', 'olga@firm.example')
})
after(() => server.stop())

const open: Listener[] = []
const hear = async ({ role, token }: Person): Promise<Listener> => {
  const listener = await listen(server, role, token)
  assert.equal(listener.status, 200)
  open.push(listener)
  return listener
}
test.afterEach(async () => {
  for (const listener of open.splice(0)) listener.close()
  await eventually(() => server.app.events.count() === 0, 3)
})

/** An event that everybody's stream is past: what had to come before it has come. */
const isKind = (kind: string) => (one: { data: unknown }) =>
  typeof one.data === 'object' && one.data !== null && 'kind' in one.data && one.data.kind === kind

test('ops hear of their own files and doings, admins of all', async () => {
  const [ofAda, ofOtto, ofOlga] = [await hear(ada), await hear(otto), await hear(olga)]
  const mine = await upload(otto.client, 'Ottos.docx')
  const theirs = await upload(olga.client, 'Olgas.docx')
  await otto.client.post('/api/v1/ops/groups', { name: 'Heard' })
  await olga.client.post('/api/v1/ops/groups', { name: 'Not heard' })
  await ofAda.event(isKind('group.created'), 'admins hear of groups')
  await ofOtto.event(isKind('group.created'), 'own doings')
  await ofOlga.event(isKind('group.created'), 'own doings')
  const files = ({ heard }: Listener) =>
    new Set(heard.flatMap(({ data }) => (typeof data === 'object' && data && 'file' in data ? [data.file] : [])))
  assert.deepEqual(files(ofAda), new Set([mine, theirs]))
  assert.deepEqual(files(ofOtto), new Set([mine]))
  assert.deepEqual(files(ofOlga), new Set([theirs]))
  for (const { heard } of [ofAda, ofOtto, ofOlga])
    for (const { name, data } of heard) {
      assert.ok(['file', 'other'].includes(name), name)
      assert.ok(typeof data === 'object' && data)
      assert.deepEqual(Object.keys(data), name === 'file' ? ['file', 'kind'] : ['kind'], 'ids and kinds only')
    }
})

test('a client hears that the list changed, never why, and not of what is nothing to them', async () => {
  const clara = await enlist(server, 'client', 'clara@customer.example')
  const cyril = await enlist(server, 'client', 'cyril@customer.example')
  const [ofClara, ofCyril] = [await hear(clara), await hear(cyril)]
  const file = await upload(otto.client, 'For Clara.docx', { clients: [clara.id] })
  const isFiles = ({ name }: { name: string }) => name === 'files'
  await ofClara.event(isFiles, 'shared')
  let from = ofClara.heard.length
  assert.equal((await otto.client.put(`/api/v1/ops/files/${file}/audience`, {})).status, 200)
  await ofClara.event(isFiles, 'withdrawn: what could be seen before', from)
  // From here on the file is nothing to her: whatever happens to it.
  from = ofClara.heard.length
  await otto.client.put(`/api/v1/ops/files/${file}/audience`, { clients: [cyril.id] })
  await ofCyril.event(isFiles, 'shared with another')
  await cyril.client.get(await linkTo(cyril.client, file))
  await otto.client.delete(`/api/v1/ops/files/${file}`)
  await ofCyril.event(isFiles, 'deleted', ofCyril.heard.length)
  await upload(otto.client, 'Again.docx', { clients: [clara.id] })
  await ofClara.event(isFiles, 'a new one', from)
  assert.deepEqual(
    ofClara.heard.slice(from).map(({ name, data }) => [name, data]),
    [['files', {}]],
  )
  for (const { heard } of [ofClara, ofCyril])
    for (const one of heard) assert.deepEqual(one, { name: 'files', data: {} })
})

const endings: [string, 'client' | 'ops', (person: Person) => Promise<{ status: number }>][] = [
  ['signs out', 'client', ({ client }) => client.post('/api/v1/client/logout')],
  ['is disabled', 'client', ({ id }) => ada.client.patch(`/api/v1/ops/clients/${id}`, { disabled: true })],
  ['signs out', 'ops', ({ client }) => client.post('/api/v1/ops/logout')],
  ['is disabled', 'ops', ({ id }) => ada.client.patch(`/api/v1/ops/team/${id}`, { disabled: true })],
]
for (const [number, [what, role, leave]] of endings.entries()) {
  test(`the stream of ${role} ends within a second or so when somebody ${what}; of others it goes on`, async () => {
    const gone = await enlist(server, role, `gone${number}@somewhere.example`)
    const other = await enlist(server, role, `other${number}@somewhere.example`)
    const [ends, stays] = [await hear(gone), await hear(other)]
    const file = role === 'ops' ? await upload(gone.client, 'Mine.docx') : ''
    const done = await leave(gone)
    assert.ok(done.status < 300)
    const from = ends.heard.length
    if (file) await ada.client.delete(`/api/v1/ops/files/${file}`)
    const took = await ends.end()
    assert.ok(took < 1500, `${took} ms`)
    assert.deepEqual(
      ends.heard.slice(from).filter(({ data }) => isKind('file.deleted')({ data })),
      [],
      'nothing of what happened afterwards',
    )
    assert.equal(ends.heard.at(-1)?.name, 'end')
    assert.ok(stays.isOpen())
    const again = await listen(server, role, gone.token)
    assert.equal(again.status, 401)
  })
}

test('who is no admin any more hears of own files alone, from the next look on', async () => {
  const anna = await enlist(server, 'ops', 'anna@firm.example', { admin: true })
  const ofAnna = await hear(anna)
  await upload(otto.client, 'Before.docx')
  await ofAnna.event(isKind('file.uploaded'), 'of all')
  await server.db.write(async tx => {
    await tx.updateTable('accounts').set({ admin: 0 }).where('id', '=', anna.id).execute()
  })
  const from = ofAnna.heard.length
  const after = await upload(otto.client, 'After.docx')
  await anna.client.post('/api/v1/ops/groups', { name: 'Annas own' })
  await ofAnna.event(isKind('group.created'), 'own doings', from)
  assert.ok(!JSON.stringify(ofAnna.heard.slice(from)).includes(after))
})

test('the fifth stream of a session is refused, another session has its own four', async () => {
  const carl = await enlist(server, 'client', 'carl@customer.example')
  const four = [await hear(carl), await hear(carl), await hear(carl), await hear(carl)]
  const fifth = await listen(server, 'client', carl.token)
  assert.equal(fifth.status, 429)
  assert.match(String(fifth.retryAfter), /^[1-9]\d*$/)
  await hear(await enter(server, 'client', carl.email))
  four[0]?.close()
  await eventually(() => server.app.events.count() === 4, 3)
  await hear(carl)
})

test('all at once, four of twenty get in', async () => {
  const cora = await enlist(server, 'client', 'cora@customer.example')
  const all = await Promise.all(Array.from({ length: 20 }, () => listen(server, 'client', cora.token)))
  open.push(...all)
  assert.deepEqual(all.map(({ status }) => status).sort(), [
    ...Array.from({ length: 4 }, () => 200),
    ...Array.from({ length: 16 }, () => 429),
  ])
})

test('no answer of 500, no connection away', async () => {
  const oracle = watch(server)
  const listener = await hear(ada)
  await upload(ada.client, 'Last.docx')
  await listener.event(isKind('file.uploaded'), 'heard')
  oracle.verify()
})

test('a server that stops ends the streams at once', async () => {
  const stopping = await startServer()
  const dora = await enlist(stopping, 'client', 'dora@customer.example')
  const listener = await listen(stopping, 'client', dora.token)
  const began = performance.now()
  await stopping.stop()
  assert.ok(performance.now() - began < 3000, 'and does not wait for them')
  await listener.end()
  assert.equal(listener.heard.at(-1)?.name, 'end')
})
