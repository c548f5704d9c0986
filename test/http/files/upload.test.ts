import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { makeOffice } from '../../office.ts'
import { joinClient, setUpAdmin, signIn } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { FORM_TYPE, formOf, postForm } from './form.ts'

const LIMIT = 2 * 1024 * 1024
let server: TestServer
let ops: Client
before(async () => {
  server = await startServer({ env: { VALISE_MAX_UPLOAD: '2MiB' } })
  ops = await setUpAdmin(server)
})
after(() => server.stop())

const docx = makeOffice({ type: 'docx', text: 'Hello' })
const file = { name: 'file', filename: 'Hello.docx', body: docx }

/** Everything an upload could leave: rows, blobs, unfinished blobs. */
const traces = async () => {
  const inside = async (part: string) => {
    const entries = await readdir(join(server.dataDir, part), { recursive: true, withFileTypes: true })
    return entries.filter(entry => entry.isFile()).map(entry => entry.name)
  }
  const rows = await server.db.read.selectFrom('files').select('id').execute()
  const removals = await server.db.read.selectFrom('blob_removals').select('blob').execute()
  return {
    rows: rows.map(row => row.id).sort(),
    removals,
    blobs: (await inside('blobs')).sort(),
    unfinished: await inside('tmp'),
  }
}

const leavesNothing = async (act: () => Promise<unknown>) => {
  const before = await traces()
  await act()
  assert.deepEqual(await traces(), before)
}

test('the parts come in any order, the audience also as a file part', async () => {
  const audience = { name: 'audience', body: '{"everyone":true}' }
  for (const parts of [
    [audience, file],
    [file, audience],
    [file, { ...audience, filename: 'blob', type: 'application/json' }],
  ]) {
    const answer = await postForm(ops, parts)
    assert.equal(answer.status, 201, answer.text)
    assert.equal(answer.body.audience.everyone, true)
  }
  const alone = await postForm(ops, [file])
  assert.deepEqual(alone.body.audience, { everyone: false, groups: [], clients: [] })
})

test('the same name twice is two files', async () => {
  const [one, two] = [await postForm(ops, [file]), await postForm(ops, [file])]
  assert.notEqual(one.body.id, two.body.id)
  assert.equal(one.body.name, two.body.name)
})

test('names arrive as they were: paths cut, escapes undone, NFC', async () => {
  const names: [string, string][] = [
    ['C:\\\\Users\\\\ada\\\\Plan.docx', 'Plan.docx'],
    ['../../etc/Plan.docx', 'Plan.docx'],
    ['Gr\u0075\u0308\u00dfe %22an%22 alle.docx', 'Gr\u00fc\u00dfe "an" alle.docx'],
    ['\u8a08\u753b.docx', '\u8a08\u753b.docx'],
  ]
  for (const [sent, kept] of names) {
    const answer = await postForm(ops, [{ ...file, filename: sent }])
    assert.equal(answer.status, 201, answer.text)
    assert.equal(answer.body.name, kept)
  }
})

const wrongForms: [string, Parameters<typeof postForm>[1], RegExp][] = [
  ['no file', [{ name: 'audience', body: '{}' }], /file: is missing/],
  ['two files', [file, file], /two parts file/],
  ['two audiences', [{ name: 'audience', body: '{}' }, { name: 'audience', body: '{}' }, file], /two parts audience/],
  ['an unknown part', [file, { name: 'note', body: 'x' }], /other than file and audience/],
  ['an unknown file part', [{ ...file, name: 'other' }], /other than file and audience/],
  ['a file without a name', [{ name: 'file', body: 'x' }], /needs a file name/],
  ['an empty name', [{ ...file, filename: '' }], /file/],
  ['a line break in the name', [{ ...file, filename: 'a%0D%0Ab.docx' }], /control characters/],
  ['a name too long', [{ ...file, filename: `${'a'.repeat(260)}.docx` }], /255/],
  ['an audience that is not JSON', [file, { name: 'audience', body: '{' }], /audience: is not JSON/],
  ['an unknown field in the audience', [file, { name: 'audience', body: '{"all":true}' }], /audience/],
  [
    'an audience too long',
    [file, { name: 'audience', body: `{"clients":["${'a'.repeat(600_000)}"]}` }],
    /audience: is too long/,
  ],
]
for (const [what, parts, detail] of wrongForms) {
  test(`${what}: 400, and nothing is left`, () =>
    leavesNothing(async () => {
      const answer = await postForm(ops, parts)
      assert.equal(answer.status, 400, answer.text)
      assert.equal(answer.body.code, 'invalid_request')
      assert.match(answer.body.detail, detail)
    }))
}

test('a form without its end is no upload', () =>
  leavesNothing(async () => {
    const answer = await postForm(ops, [file], { end: false })
    assert.equal(answer.status, 400, answer.text)
  }))

test('other content types are refused', () =>
  leavesNothing(async () => {
    for (const type of [
      'application/json',
      'application/octet-stream',
      'application/x-www-form-urlencoded',
      'text/plain',
    ]) {
      const answer = await ops.request('/api/v1/ops/files', {
        method: 'POST',
        headers: { 'content-type': type },
        body: '{}',
      })
      assert.equal(answer.status, 415, `${type}: ${answer.text}`)
    }
    const bare = await ops.request('/api/v1/ops/files', { method: 'POST' })
    assert.equal(bare.status, 415, bare.text)
  }))

test('too large: 413, by the length announced and by the bytes that come', () =>
  leavesNothing(async () => {
    const large = makeOffice({ type: 'docx', padTo: LIMIT + 1 })
    const announced = await postForm(ops, [{ ...file, body: Buffer.alloc(4 * 1024 * 1024) }])
    assert.equal(announced.status, 413, announced.text)
    const counted = await postForm(ops, [{ ...file, body: large }])
    assert.equal(counted.status, 413, counted.text)
    assert.equal(counted.body.code, 'too_large')
    const exact = await postForm(ops, [{ ...file, body: makeOffice({ type: 'docx', padTo: LIMIT }) }])
    assert.equal(exact.status, 201, exact.text)
    await ops.delete(`/api/v1/ops/files/${exact.body.id}`)
  }))

test('a refused file: findings a person understands, nothing kept, recorded once', () =>
  leavesNothing(async () => {
    const refused: [string, Uint8Array, string][] = [
      ['Macro.docx', makeOffice({ type: 'docx', extraParts: { 'word/vbaProject.bin': 'x' } }), 'macros'],
      ['Sheet.docx', makeOffice({ type: 'xlsx' }), 'type_mismatch'],
      ['Text.docx', Buffer.from('hello'), 'zip_structure'],
      ['Empty.docx', Buffer.alloc(0), 'zip_structure'],
      ['Notes.pdf', Buffer.from('%PDF-1.7'), 'type_not_allowed'],
      ['Old.docx', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'legacy_format'],
    ]
    for (const [name, bytes, code] of refused) {
      const answer = await ops.upload(name, bytes)
      assert.equal(answer.status, 422, `${name}: ${answer.text}`)
      assert.equal(answer.body.code, 'file_refused')
      const finding = answer.body.findings.find((one: { code: string }) => one.code === code)
      assert.ok(finding, `${name}: ${answer.text}`)
      assert.equal(finding.severity, 'block')
      assert.match(finding.message, /^[A-Z].*\.$/s)
    }
    const { body } = await ops.get('/api/v1/ops/audit?kind=file.refused')
    assert.equal(body.items.length, 1)
    assert.equal(body.items[0].count, refused.length)
  }))

test('an unknown recipient: 422 that names it, nothing kept', () =>
  leavesNothing(async () => {
    const answer = await ops.upload('Plan.docx', docx, { clients: ['nobody@nowhere.example'] })
    assert.equal(answer.status, 422, answer.text)
    assert.equal(answer.body.code, 'unknown_recipient')
    assert.match(answer.body.detail, /nobody@nowhere\.example/)
  }))

test('an upload cut in the middle leaves nothing', () =>
  leavesNothing(async () => {
    const { hostname, port, host } = new URL(server.url)
    const { body } = await server
      .client()
      .post('/api/v1/ops/login', { email: 'admin@firm.example', password: 'correct horse battery staple' })
    const form = formOf([{ ...file, body: makeOffice({ type: 'docx', padTo: 1_500_000 }) }])
    const socket = connect(Number(port), hostname)
    const head = `POST /api/v1/ops/files HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${body.access_token}\r\nContent-Type: ${FORM_TYPE}\r\nContent-Length: ${form.length}\r\n\r\n`
    await new Promise<void>(resolve =>
      socket.write(Buffer.concat([Buffer.from(head), form.subarray(0, 900_000)]), () => resolve()),
    )
    const arrived = async () => (await traces()).unfinished.length > 0
    while (!(await arrived())) await new Promise(resolve => setImmediate(resolve))
    socket.destroy()
    while (await arrived()) await new Promise(resolve => setImmediate(resolve))
    while ((await traces()).removals.length > 0) await new Promise(resolve => setImmediate(resolve))
  }))

test('a session that ended while the file arrived keeps it out', () =>
  leavesNothing(async () => {
    const uploader = await signIn(server, 'ops', 'admin@firm.example')
    const form = formOf([file])
    const rest = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    async function* slowly() {
      yield form.subarray(0, 400)
      begun.resolve()
      await rest.promise
      yield form.subarray(400)
    }
    const upload = uploader.request('/api/v1/ops/files', {
      method: 'POST',
      headers: { 'content-type': FORM_TYPE },
      body: ReadableStream.from(slowly()),
      duplex: 'half',
    })
    await begun.promise
    while ((await traces()).removals.length === 0) await new Promise(resolve => setImmediate(resolve))
    assert.equal((await uploader.post('/api/v1/ops/logout')).status, 204)
    rest.resolve()
    const answer = await upload
    assert.equal(answer.status, 401, answer.text)
  }))

test('what the audit log says of an upload', async () => {
  await joinClient(server, 'clara@customer.example')
  const { body: uploaded } = await ops.upload('Audit me.docx', docx, { clients: ['clara@customer.example'] })
  const { body } = await ops.get(`/api/v1/ops/audit?file=${uploaded.id}`)
  assert.deepEqual(body.items.map((event: { kind: string }) => event.kind).sort(), ['file.shared', 'file.uploaded'])
  const event = body.items.find((one: { kind: string }) => one.kind === 'file.uploaded')
  assert.equal(event.actor.email, 'admin@firm.example')
  assert.equal(event.subject.name, 'Audit me.docx')
  assert.equal(event.subject.sha256, createHash('sha256').update(docx).digest('hex'))
})
