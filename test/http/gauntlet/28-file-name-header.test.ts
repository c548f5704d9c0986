import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { startServer, type TestServer } from '../../server.ts'
import { each, enlist, linkTo, type Person } from './cast.ts'

let server: TestServer
let ada: Person
let clara: Person
before(async () => {
  server = await startServer()
  ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  clara = await enlist(server, 'client', 'clara@customer.example')
})
after(() => server.stop())

/** RFC 6266 and 8187: one disposition, two parameters, nothing else. */
const shape = /^attachment; filename="([ !#-[\]-~]*)"; filename\*=UTF-8''((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+)$/

const names = [
  'plain.docx',
  'a;b=c.docx',
  "it's.docx",
  'comma, and space.docx',
  '100%20.docx',
  '%22%0d%0aX-Evil%3a 1.docx',
  'Ünïcödé 日本語.docx',
  'مرحبا.docx',
  '👩‍👩‍👧.docx',
  'e\u0301.docx',
  'a\u202excod.docx',
  'semi";filename="evil.exe;.docx',
  `${'x'.repeat(240)}.docx`,
  '(1)*[2]{3}.docx',
  '=cmd|calc.docx',
]

test('whatever a file is called, its download has one correct header', async () => {
  await each(names, async name => {
    const answer = await ada.client.upload(name, makeOffice({ type: 'docx' }), { everyone: true })
    // Names that are refused at the door reach no header.
    if (answer.status === 400 || answer.status === 422) return
    assert.equal(answer.status, 201, `${name}: ${answer.text}`)
    const path = await linkTo(clara.client, String(answer.body.id))
    for (const method of ['GET', 'HEAD']) {
      const download = await clara.client.request(path, { method })
      assert.equal(download.status, 200)
      const header = download.headers.get('content-disposition') ?? ''
      const [, plain, exact] = shape.exec(header) ?? []
      assert.ok(plain && exact, header)
      assert.equal(decodeURIComponent(exact), String(answer.body.name).replaceAll(/[\u202a-\u202e/\\]/g, '_'))
      assert.equal(download.headers.get('x-evil'), null)
      assert.equal(download.headers.get('x-content-type-options'), 'nosniff')
    }
  })
})
