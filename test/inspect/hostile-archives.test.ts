import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, deflateRawSync } from 'node:zlib'
import { officeEntries } from '../office.ts'
import { makeZip, type ZipEntry, type ZipOptions } from '../zip.ts'
import { refusals, withMedia, wordRefusals } from './judge.ts'

/**
 * The fourteen ways in which ZIP readers differ, as "My ZIP isn't your ZIP" (USENIX Security 2025) orders them, each at
 * the surface with a document that is otherwise honest. What `server/inspect/zip/archive.test.ts` has on the reader alone is
 * not repeated.
 */
const text = Buffer.from('some data '.repeat(20))
const packed = deflateRawSync(text)

const u32s = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [nth, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, 4 * nth)
  return bytes
}
const extra = (id: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(id)
  head.writeUInt16LE(body.length, 2)
  return Buffer.concat([head, body])
}
const u64s = (...values: number[]): Buffer =>
  Buffer.concat(values.map(value => u32s(value % 2 ** 32, Math.floor(value / 2 ** 32))))
/** The local part of an archive with one entry. */
const localOf = (entry: ZipEntry): Buffer => {
  const zip = makeZip([entry])
  return zip.subarray(0, zip.readUInt32LE(zip.length - 6))
}
const endOf = (comment = 0): Buffer => {
  const end = Buffer.from(makeZip([]))
  end.writeUInt16LE(comment, 20)
  return end
}
/** Puts a comment behind the last entry of the directory, and keeps the end record right. */
const commented =
  (comment: Buffer) =>
  (bytes: Buffer): Buffer => {
    const end = bytes.length - 22
    const head = Buffer.from(bytes.subarray(0, end))
    head.writeUInt16LE(comment.length, head.lastIndexOf('PK\x01\x02', undefined, 'latin1') + 32)
    const tail = Buffer.from(bytes.subarray(end))
    tail.writeUInt32LE(tail.readUInt32LE(12) + comment.length, 12)
    return Buffer.concat([head, comment, tail])
  }

type Case = [
  what: string,
  code: string,
  change: (entries: ZipEntry[]) => ZipEntry[],
  options?: ZipOptions | ((bytes: Buffer) => Buffer),
]
const same = (entries: ZipEntry[]): ZipEntry[] => entries

const cases: Case[] = [
  [
    'A1: stored by the local header, deflated by the directory',
    'zip_mismatch',
    withMedia({ data: text, local: { method: 0, compressedSize: text.length } }),
  ],
  [
    'A1: stored by the directory, deflated by the local header',
    'zip_mismatch',
    withMedia({ data: text, central: { method: 0, compressedSize: text.length } }),
  ],
  [
    'A2: no size in the local header, and no descriptor',
    'zip_mismatch',
    withMedia({ data: text, local: { size: 0, compressedSize: 0 } }),
  ],
  ['A2: no size in the directory', 'zip_mismatch', withMedia({ data: text, central: { size: 0 } })],
  [
    'A2: no compressed size in the directory',
    'zip_mismatch',
    withMedia({ data: text, central: { compressedSize: 0 } }),
  ],
  [
    'A2: the descriptor says nothing',
    'zip_mismatch',
    withMedia({ data: text, descriptor: u32s(0x08074b50, crc32(text), 0, 0) }),
  ],
  [
    'A2: the descriptor in 64 bits says nothing',
    'zip_mismatch',
    withMedia({ data: text, descriptor: u32s(0x08074b50, crc32(text), 0, 0, 0, 0) }),
  ],
  [
    'A2: zip64 in the local header says nothing',
    'zip_mismatch',
    withMedia({ data: text, local: { size: 0xffffffff, compressedSize: 0xffffffff, extra: extra(1, u64s(0, 0)) } }),
  ],
  [
    'A2: zip64 in the directory disagrees',
    'zip_mismatch',
    withMedia({ data: text, central: { size: 0xffffffff, extra: extra(1, u64s(1)) } }),
  ],
  [
    'A2: two zip64 fields',
    'zip_structure',
    withMedia({ data: text, extra: Buffer.concat([extra(1, u64s(text.length)), extra(1, u64s(0))]) }),
  ],
  [
    'A2: stored, and only the descriptor knows where it ends',
    'zip_mismatch',
    withMedia({ data: text, method: 0, descriptor: 'signed' }),
  ],
  ['A3: two names', 'zip_mismatch', withMedia({ data: text, local: { name: 'word/media/b.png' } })],
  ...[0, 1, 2].map(
    (version): Case => [
      `A3: a Unicode path of version ${version}`,
      'zip_structure',
      withMedia({
        data: text,
        extra: extra(
          0x7075,
          Buffer.concat([Buffer.from([version]), u32s(crc32('word/media/a.png')), Buffer.from('b.png')]),
        ),
      }),
    ],
  ),
  [
    'A3: a Unicode path in the local header only',
    'zip_structure',
    withMedia({ data: text, local: { extra: extra(0x7075, Buffer.from('\x01abcdb.png')) } }),
  ],
  ['A4: a directory that holds something', 'zip_mismatch', withMedia({ name: 'word/media/', data: text })],
  ['A4: the same with a backslash', 'zip_mismatch', withMedia({ name: 'media\\', data: text })],
  ...[0x10, 0x40000000, 0x41ed0010].flatMap(externalAttributes =>
    [20, 0x314, 0x1314].map(
      (madeBy): Case => [
        `A4: a part with the attributes of a directory: ${externalAttributes.toString(16)}, made by ${madeBy.toString(16)}`,
        'zip_names',
        withMedia({ data: text, central: { externalAttributes, madeBy } }),
      ],
    ),
  ),
  ['A4: a device', 'zip_names', withMedia({ data: text, central: { externalAttributes: 0x61b60000, madeBy: 0x314 } })],
  ['A5: encrypted by the local header', 'zip_mismatch', withMedia({ data: text, local: { flags: 1 } })],
  ['A5: encrypted by the directory', 'zip_method', withMedia({ data: text, central: { flags: 1 } })],
  ['B1: one name twice', 'zip_names', entries => [...entries, { name: 'word/document.xml', data: '<x/>' }]],
  ...['\x00', '\x08', '\t', '\n', '\r', '\x1a', '\x1b', '\x7f'].map(
    (byte): Case => [
      `B2: ${JSON.stringify(byte)} in a name`,
      'zip_names',
      withMedia({ name: `word/media/a${byte}b.png`, data: text }),
    ],
  ),
  [
    'B2: letters beyond ASCII without the flag: UTF-8',
    'zip_names',
    withMedia({ name: Buffer.from('word/é.png'), flags: 0, data: text }),
  ],
  [
    'B2: letters beyond ASCII without the flag: Latin-1',
    'zip_names',
    withMedia({ name: Buffer.from('word/\xe9.png', 'latin1'), flags: 0, data: text }),
  ],
  ['B2: a dot that Windows drops', 'zip_names', withMedia({ name: 'word/document.xml.', data: text })],
  ['B2: a space that Windows drops', 'zip_names', withMedia({ name: 'word/document.xml ', data: text })],
  ...[
    '/word/x.xml',
    'word//x.xml',
    'word\\x.xml',
    './word/x.xml',
    'word/./x.xml',
    'word/x.xml/.',
    '../word/x.xml',
    '.../word/x.xml',
    'word/.../x.xml',
    'c/../word/x.xml',
    'word/%64ocument.xml',
    'word%2fdocument.xml',
    'word/%5Frels/document.xml.rels',
  ].map((name): Case => [`B3: ${name}`, 'zip_names', withMedia({ name, data: text })]),
  ['B4: a name in other letters', 'zip_names', entries => [...entries, { name: 'Word/Document.XML', data: '<x/>' }]],
  [
    'B4: with the Kelvin sign',
    'zip_names',
    entries => [...entries, { name: 'k.xml', data: '' }, { name: '\u212a.xml', data: '' }],
  ],
  [
    'C1: an entry the directory does not have',
    'zip_structure',
    same,
    { beforeDirectory: localOf({ name: 'word/document.xml', data: '<x/>' }) },
  ],
  ['C1: entries in the comment of an entry', 'zip_structure', same, commented(localOf({ name: 'a', data: 'a' }))],
  [
    'C1: a whole archive in the comment of an entry',
    'zip_structure',
    same,
    commented(makeZip(officeEntries({ type: 'docx' }))),
  ],
  ['C1: an empty comment would do, one byte does not', 'zip_structure', same, commented(Buffer.from('x'))],
  [
    'C1: readers from the front lose their way in stored data',
    'zip_mismatch',
    withMedia({
      method: 0,
      descriptor: 'signed',
      data: Buffer.concat([u32s(0x08074b50, 0, 0, 0), localOf({ name: 'word/document.xml', data: '<x/>' })]),
    }),
  ],
  [
    'C2: another end record in the directory',
    'zip_structure',
    withMedia({ data: text, extra: extra(0xcafe, endOf()) }),
  ],
  [
    'C2: an end record in stored data whose comment is the rest of the file',
    'zip_structure',
    withMedia({ method: 0, data: endOf(300) }),
    bytes => {
      const at = bytes.indexOf('PK\x05\x06', 0, 'latin1')
      bytes.writeUInt16LE(bytes.length - at - 22, at + 20)
      const crc = crc32(bytes.subarray(at, at + 22))
      bytes.writeUInt32LE(crc, bytes.lastIndexOf('PK\x03\x04', undefined, 'latin1') + 14)
      bytes.writeUInt32LE(crc, bytes.lastIndexOf('PK\x01\x02', undefined, 'latin1') + 16)
      return bytes
    },
  ],
  [
    'C2: a comment shorter than stated',
    'zip_structure',
    same,
    bytes => Buffer.concat([bytes.subarray(0, -2), Buffer.from([5, 0, 0])]),
  ],
  ['C2: a comment longer than stated', 'zip_structure', same, { suffix: Buffer.from('x') }],
  ...[1, 2, 3, 4, 5, 6, 7].map(
    (flags): Case => [
      `C3: counts and size that leave out an entry (${flags})`,
      'zip_structure',
      same,
      bytes => {
        const end = bytes.length - 22
        if (flags & 1) bytes.writeUInt16LE(bytes.readUInt16LE(end + 8) - 1, end + 8)
        if (flags & 2) bytes.writeUInt16LE(bytes.readUInt16LE(end + 10) - 1, end + 10)
        const last = bytes.lastIndexOf('PK\x01\x02', undefined, 'latin1')
        if (flags & 4) bytes.writeUInt32LE(last - bytes.readUInt32LE(end + 16), end + 12)
        return bytes
      },
    ],
  ),
  [
    'C4: the directory is not where the end record says',
    'zip_structure',
    same,
    bytes => {
      bytes.writeUInt32LE(bytes.readUInt32LE(bytes.length - 6) - 1, bytes.length - 6)
      return bytes
    },
  ],
  [
    'C4: two directories, the one beside the end record another than the one it points to',
    'zip_structure',
    same,
    bytes => {
      const [end, offset] = [bytes.length - 22, bytes.readUInt32LE(bytes.length - 6)]
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(offset, end), bytes.subarray(end)])
    },
  ],
  ...[
    { entries: 0xffff },
    { size: 0xffffffff },
    { offset: 0xffffffff },
    { disk: 0xffff },
    { entries: 0xffff, size: 0xffffffff, offset: 0xffffffff },
  ].map(
    (end): Case => [
      `C5: zip64 with another count, asked for by ${Object.keys(end).join(', ')}`,
      'zip_structure',
      same,
      { zip64: { entries: 1n }, end },
    ],
  ),
  [
    'C5: a byte between the zip64 locator and the end record',
    'zip_structure',
    same,
    bytes => Buffer.concat([bytes.subarray(0, -22), Buffer.alloc(1), bytes.subarray(-22)]),
  ],
  [
    'C5: a second zip64 archive in the comment of an entry',
    'zip_structure',
    same,
    commented(makeZip([{ name: 'a', data: 'a' }], { zip64: {} }).subarray(0, -22)),
  ],
]

for (const [what, code, change, options] of cases)
  test(what, async () => assert.deepEqual(await wordRefusals(change, options), [code]))

test('C1: a CRC that looks like the signature of a descriptor, which then may begin at either', async () => {
  const data = Buffer.from('ac0a7ad5', 'hex')
  assert.equal(crc32(data), 0x08074b50)
  assert.deepEqual(await wordRefusals(withMedia({ data, descriptor: 'unsigned' })), ['zip_mismatch'])
  assert.deepEqual(await wordRefusals(withMedia({ data, descriptor: 'signed' })), [])
})

test('what is stored inside is its own affair: an embedded workbook, and signatures in a picture', async () => {
  const workbook = makeZip(officeEntries({ type: 'xlsx' }))
  const noise = Buffer.from('x PK\x03\x04 PK\x01\x02 PK\x07\x08 PK\x05\x06'.padEnd(60, '\0'), 'latin1')
  for (const data of [workbook, noise]) assert.deepEqual(await wordRefusals(withMedia({ method: 0, data })), [])
})

test('a version of ZIP that no program has', async () => {
  assert.deepEqual(await wordRefusals(withMedia({ data: text, central: { version: 255 } })), ['zip_method'])
  assert.deepEqual(await wordRefusals(withMedia({ data: text, central: { version: 45 }, local: { version: 45 } })), [])
})

test('sizes known beforehand make stored data with a descriptor readable from the front', async () => {
  const sizes = { size: text.length, compressedSize: text.length }
  assert.deepEqual(await wordRefusals(withMedia({ method: 0, data: text, descriptor: 'signed', local: sizes })), [])
  assert.deepEqual(await wordRefusals(withMedia({ method: 0, data: '', descriptor: 'signed' })), [])
  for (const unsigned of [{ data: '' }, { data: text, local: sizes }])
    assert.deepEqual(await wordRefusals(withMedia({ method: 0, descriptor: 'unsigned', ...unsigned })), [
      'zip_mismatch',
    ])
})

test('one archive before another, whatever their end records say', async () => {
  const first = makeZip(officeEntries({ type: 'docx', text: 'first' }))
  const second = makeZip(officeEntries({ type: 'docx', text: 'second' }))
  assert.deepEqual(await refusals('a.docx', Buffer.concat([first, second])), ['zip_structure'])
  const covering = Buffer.from(first)
  covering.writeUInt16LE(second.length, covering.length - 2)
  assert.deepEqual(await refusals('a.docx', Buffer.concat([covering, second])), ['zip_structure'])
})

test('deflated data that ends early, with more behind it that other readers go on with', async () => {
  const twice = Buffer.concat([packed, packed])
  const stated = { method: 8, size: text.length, crc: crc32(text) }
  assert.deepEqual(await wordRefusals(withMedia({ method: 0, data: twice, local: stated, central: stated })), [
    'zip_mismatch',
  ])
})
