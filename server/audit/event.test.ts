import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Fields, type FileRef, person, personal, toEntry } from './event.ts'
import { commitment } from './leaf.ts'

const ana = { id: 'AnaAnaAnaAnaAnaAnaAnaA', role: 'ops', email: 'ana@example.com', name: 'Ana Gómez' } as const
const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 6)

/** The bytes 0, 1, 2, … so that every salt is another. */
const counting = () => {
  let next = 0
  return (bytes: number) => Buffer.from(Array.from({ length: bytes }, () => next++))
}
const base = { id: 'EventEventEventEventEQ', at: AT, actor: null }
const entryOf = (event: { kind: string; subject?: Fields; file?: FileRef; data?: Fields }) =>
  toEntry({ ...base, ...event }, counting())

test('an entry is canonical, and has every member even when there is nothing to say', () => {
  assert.equal(
    entryOf({ kind: 'keys.rotated' }).entry,
    '{"actor":null,"at":"2026-01-02T03:04:05.006Z","data":{},"id":"EventEventEventEventEQ","kind":"keys.rotated",' +
      '"subject":null,"v":1}',
  )
})

test('nothing personal stands in an entry; its disclosures open the commitments', () => {
  const { entry, disclosures } = toEntry(
    {
      ...base,
      kind: 'x',
      actor: { ...ana, ip: '192.0.2.7', user_agent: 'curl/8' },
      file: { id: 'FileFileFileFileFileFA', owner: ana.id, name: 'Résumé.docx', sha256: Buffer.alloc(32, 0xab) },
      data: {
        clients: [{ id: personal('BobBobBobBobBobBobBobA'), email: personal('bob@example.com') }],
        note: personal('hi'),
      },
    },
    counting(),
  )
  for (const text of ['AnaAna', 'example.com', 'Gómez', '192.0.2.7', 'curl', 'sumé', 'BobBob', '"hi"'])
    assert.ok(!entry.includes(text), text)
  const read = JSON.parse(entry)
  assert.equal(read.actor.role, 'ops')
  assert.equal(read.subject.file, 'FileFileFileFileFileFA')
  assert.equal(read.subject.sha256, 'ab'.repeat(32))
  const opened = Object.fromEntries(disclosures.map(({ path, value }) => [path, JSON.parse(value)]))
  assert.deepEqual(opened, {
    '/actor/id': ana.id,
    '/actor/email': ana.email,
    '/actor/name': ana.name,
    '/actor/ip': '192.0.2.7',
    '/actor/user_agent': 'curl/8',
    '/subject/owner': ana.id,
    '/subject/name': 'Résumé.docx',
    '/data/clients/0/id': 'BobBobBobBobBobBobBobA',
    '/data/clients/0/email': 'bob@example.com',
    '/data/note': 'hi',
  })
  for (const { path, salt, value } of disclosures) {
    const found = path
      .slice(1)
      .split('/')
      .reduce((at, name) => at[name], read)
    assert.equal(found, commitment(salt, value), path)
  }
  assert.equal(new Set(disclosures.map(({ salt }) => Buffer.from(salt).toString('hex'))).size, disclosures.length)
})

test('equal values do not show as equal', () => {
  const { entry } = entryOf({ kind: 'x', data: { a: personal('same'), b: personal('same') } })
  const { data } = JSON.parse(entry)
  assert.notEqual(data.a, data.b)
})

test('an open text that has the shape of a commitment becomes one', () => {
  const lookalike = commitment(Buffer.alloc(16), '"x"')
  const { entry, disclosures } = entryOf({ kind: 'x', data: { text: lookalike } })
  assert.notEqual(JSON.parse(entry).data.text, lookalike)
  assert.deepEqual(
    disclosures.map(({ path, value }) => [path, value]),
    [['/data/text', `"${lookalike}"`]],
  )
})

test('lone surrogates are recorded as the database keeps them', () => {
  const { entry, disclosures } = entryOf({ kind: 'x', data: { open: 'a\ud800', name: personal('b\udc00') } })
  assert.equal(JSON.parse(entry).data.open, 'a\ufffd')
  assert.equal(disclosures[0]?.value, '"b\ufffd"')
})

test('what is undefined is left out; a long user agent is cut', () => {
  const { entry, disclosures } = toEntry(
    { ...base, kind: 'x', actor: { ...ana, user_agent: 'x'.repeat(16_000) }, data: { a: undefined, b: 1 } },
    counting(),
  )
  assert.deepEqual(JSON.parse(entry).data, { b: 1 })
  assert.ok(!('ip' in JSON.parse(entry).actor))
  assert.equal(disclosures.find(({ path }) => path === '/actor/user_agent')?.value.length, 302)
})

test('paths are RFC 6901 pointers', () => {
  const { disclosures } = entryOf({ kind: 'x', subject: { 'a/b~c': personal('v') } })
  assert.equal(disclosures[0]?.path, '/subject/a~1b~0c')
})

test('a personal value cannot end in an entry by accident', () => {
  assert.equal(JSON.stringify(person(ana)), '{"id":{},"role":"ops","email":{},"name":{}}')
})
