import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { makeZip, type ZipEntry, type ZipOptions } from '../../../test/zip.ts'
import { Refusal } from '../finding.ts'
import { bufferSource, withReadAhead } from '../source.ts'
import { openArchive } from './archive.ts'

const TWO: ZipEntry[] = [
  { name: 'one.xml', data: 'the first part '.repeat(20) },
  { name: 'dir/two.xml', data: 'the second part '.repeat(20) },
]

/** Reads all of an archive: the row it is refused with, or what was reported besides. */
const judge = async (archive: Buffer): Promise<{ refused?: string; reported: string[] }> => {
  const reported: string[] = []
  try {
    const source = withReadAhead(bufferSource(archive))
    const { entries, read } = await openArchive(source, row => reported.push(row))
    for (const entry of entries) await read(entry, () => {})
    return { reported }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { refused: error.row, reported }
  }
}

const first = (change: Partial<ZipEntry>): ZipEntry[] => [{ ...TWO[0], name: 'one.xml', ...change }, ...TWO.slice(1)]
const zip64Extra = (...values: bigint[]): Buffer => {
  const extra = Buffer.alloc(4 + 8 * values.length)
  extra.writeUInt16LE(1)
  extra.writeUInt16LE(8 * values.length, 2)
  for (const [index, value] of values.entries()) extra.writeBigUInt64LE(value, 4 + 8 * index)
  return extra
}
const field = (id: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt16LE(id)
  head.writeUInt16LE(body.length, 2)
  return Buffer.concat([head, body])
}
const text = Buffer.from('the first part '.repeat(20))
const packed = deflateRawSync(text)
const SIZE = BigInt(text.length)
const PACKED = BigInt(packed.length)

const honest: [what: string, entries: ZipEntry[], options?: ZipOptions][] = [
  ['plain', TWO],
  ['stored', first({ method: 0 })],
  ['data descriptor', first({ descriptor: 'signed' })],
  ['data descriptor without signature', first({ descriptor: 'unsigned' })],
  ['data descriptor of 64 bits', first({ descriptor: 'signed64' })],
  ['data descriptor of 64 bits without signature', first({ descriptor: 'unsigned64' })],
  [
    'data descriptor, and the local header knows the sizes already',
    first({ descriptor: 'signed', local: { size: text.length } }),
  ],
  ['a directory', [{ name: 'dir/', data: '', method: 0 }, ...TWO]],
  ['an empty part', first({ data: '' })],
  ['growth hint', first({ extra: field(0xa220, Buffer.alloc(40, 1)) })],
  ['effort bits and UTF-8 flag differ', first({ flags: 0x6, local: { flags: 0x800 } })],
  [
    'zip64 sizes where they are asked for',
    first({
      central: { size: 0xffffffff, compressedSize: 0xffffffff, extra: zip64Extra(SIZE, PACKED) },
      local: { size: 0xffffffff, compressedSize: 0xffffffff, extra: zip64Extra(SIZE, PACKED) },
    }),
  ],
]

for (const [what, entries, options] of honest)
  test(`sound: ${what}`, async () => assert.deepEqual(await judge(makeZip(entries, options)), { reported: [] }))

const tolerated: [what: string, archive: Buffer, row: string][] = [
  ['CR LF behind the archive', makeZip(TWO, { suffix: Buffer.from('\r\n') }), 'zip_structure/tail'],
  ['64 KiB of zeros behind the archive', makeZip(TWO, { suffix: Buffer.alloc(65536) }), 'zip_structure/tail'],
  ['zip64 records that agree', makeZip(TWO, { zip64: {} }), 'zip_structure/zip64'],
  [
    'zip64 sizes nobody asked for',
    makeZip(first({ central: { extra: zip64Extra(SIZE, PACKED) } })),
    'zip_structure/zip64',
  ],
  [
    'backslashes only',
    makeZip([
      { name: 'a.xml', data: 'a' },
      { name: 'dir\\b.xml', data: 'b' },
    ]),
    'zip_names/backslash',
  ],
]

for (const [what, archive, row] of tolerated)
  test(`tolerated: ${what}`, async () => assert.deepEqual(await judge(archive), { reported: [row] }))

const refused: [row: string, what: string, entries: ZipEntry[], options?: ZipOptions][] = [
  ['zip_structure', 'prepended byte', TWO, { prefix: Buffer.from('x') }],
  [
    'zip_structure',
    'prepended program, offsets made to fit',
    [{ name: 'x', data: 'MZ' }, ...TWO].map((entry, index) =>
      index === 0 ? { ...entry, directoryOnly: true } : entry,
    ),
    { prefix: Buffer.from('MZ') },
  ],
  ['zip_structure', 'trailing byte', TWO, { suffix: Buffer.from('x') }],
  ['zip_structure', 'three bytes of line ends', TWO, { suffix: Buffer.from('\r\n\n') }],
  ['zip_structure', 'zeros and then more', TWO, { suffix: Buffer.from('\0\0\0x') }],
  ['zip_structure', 'too many zeros', TWO, { suffix: Buffer.alloc(65537) }],
  ['zip_structure', 'archive comment', TWO, { comment: Buffer.from('hello') }],
  ['zip_structure', 'second end record in the comment', TWO, { comment: makeZip([]) }],
  ['zip_structure', 'second archive behind the first', TWO, { suffix: makeZip(TWO) }],
  ['zip_structure', 'second end record before the last', TWO, { suffix: Buffer.concat([makeZip([])]) }],
  ['zip_structure', 'gap between entries', first({ gapAfter: Buffer.from('hidden') })],
  ['zip_structure', 'gap before the directory', TWO, { beforeDirectory: Buffer.from('hidden') }],
  [
    'zip_structure',
    'an entry the directory does not list',
    TWO,
    { beforeDirectory: makeZip([{ name: 'x', data: 'x' }]).subarray(0, 34) },
  ],
  ['zip_structure', 'one entry too many announced', TWO, { end: { entries: 3 } }],
  ['zip_structure', 'one entry too few announced', TWO, { end: { entries: 1 } }],
  ['zip_structure', 'counts differ', TWO, { end: { entriesHere: 1, entries: 2 } }],
  ['zip_structure', 'several disks', TWO, { end: { disk: 1 } }],
  ['zip_structure', 'directory on another disk', TWO, { end: { directoryDisk: 1 } }],
  ['zip_structure', 'entry on another disk', first({ central: { disk: 1 } })],
  ['zip_structure', 'directory offset', TWO, { end: { offset: 3 } }],
  ['zip_structure', 'directory size', TWO, { end: { size: 3 } }],
  ['zip_structure', 'entry offset into nowhere', first({ central: { offset: 0xfffffff0 } })],
  ['zip_structure', 'no entries', []],
  ['zip_structure', 'zip64 record with another count', TWO, { zip64: { entries: 1n } }],
  ['zip_structure', 'zip64 record with another offset', TWO, { zip64: { directoryOffset: 0n } }],
  ['zip_structure', 'zip64 record with another size', TWO, { zip64: { directorySize: 1n } }],
  ['zip_structure', 'zip64 record elsewhere', TWO, { zip64: { recordOffset: 0n } }],
  [
    'zip_structure',
    'zip64 record that only it is asked for disagrees',
    TWO,
    { zip64: { entries: 1n }, end: { entries: 0xffff } },
  ],
  ['zip_structure', 'zip64 asked for and missing', TWO, { end: { offset: 0xffffffff } }],
  ['zip_structure', 'zip64 size that disagrees', first({ central: { extra: zip64Extra(1n, PACKED) } })],
  [
    'zip_structure',
    'zip64 size that can be read in two ways',
    first({ central: { compressedSize: 0xffffffff, extra: zip64Extra(SIZE, PACKED) } }),
  ],
  ['zip_structure', 'two zip64 fields', first({ extra: Buffer.concat([zip64Extra(), zip64Extra()]) })],
  [
    'zip_structure',
    'Unicode path',
    first({ extra: field(0x7075, Buffer.concat([Buffer.from('\x01abcd'), Buffer.from('one.xml')])) }),
  ],
  ['zip_structure', 'extra data that do not parse', first({ extra: Buffer.from([1, 2, 200, 0, 5]) })],
  ['zip_structure', 'descriptor where none is announced', first({ gapAfter: Buffer.alloc(16) })],
  ['zip_structure', 'descriptor announced and missing', first({ descriptor: Buffer.alloc(0) })],
  ['zip_mismatch', 'descriptor with another size', first({ descriptor: Buffer.alloc(16, 1) })],
  ['zip_mismatch', 'descriptor, and a local header that lies', first({ descriptor: 'signed', local: { size: 5 } })],
  ['zip_mismatch', 'local name', first({ local: { name: 'One.xml' } })],
  ['zip_mismatch', 'local method', first({ local: { method: 0 } })],
  ['zip_mismatch', 'local size', first({ local: { size: 5 } })],
  ['zip_mismatch', 'local compressed size', first({ local: { compressedSize: 5 } })],
  ['zip_mismatch', 'local CRC', first({ local: { crc: 5 } })],
  ['zip_mismatch', 'local flags', first({ local: { flags: 0x8 } })],
  ['zip_mismatch', 'UTF-8 flag of a name that is not ASCII', first({ name: 'é.xml', local: { flags: 0 } })],
  ['zip_mismatch', 'CRC', first({ local: { crc: 5 }, central: { crc: 5 } })],
  ['zip_mismatch', 'size too small', first({ local: { size: 5 }, central: { size: 5 } })],
  ['zip_mismatch', 'size too large', first({ local: { size: 500 }, central: { size: 500 } })],
  [
    'zip_mismatch',
    'data behind the compressed data',
    first({
      method: 0,
      data: Buffer.concat([packed, Buffer.from('hidden')]),
      local: { method: 8, size: text.length },
      central: { method: 8, size: text.length },
    }),
  ],
  [
    'zip_mismatch',
    'compressed data cut off',
    first({
      method: 0,
      data: packed.subarray(0, -3),
      local: { method: 8, size: text.length },
      central: { method: 8, size: text.length },
    }),
  ],
  ['zip_mismatch', 'stored with two sizes', first({ method: 0, local: { size: 5 }, central: { size: 5 } })],
  [
    'zip_mismatch',
    'overlapping entries',
    [...TWO, { ...TWO[1], name: 'three.xml', directoryOnly: true, central: { offset: 0 } }],
  ],
  ['zip_mismatch', 'a directory with contents', [{ name: 'dir/', data: 'x' }, ...TWO]],
  ['zip_names', 'duplicate', [...TWO, { name: 'one.xml', data: 'other' }]],
  ['zip_names', 'duplicate by case', [...TWO, { name: 'ONE.xml', data: 'other' }]],
  [
    'zip_names',
    'duplicate by case folding beyond ASCII',
    [
      { name: 'stra\u00dfe', data: '' },
      { name: 'STRASSE', data: '' },
    ],
  ],
  [
    'zip_names',
    'duplicate by normalisation',
    [
      { name: 'e\u0301', data: '' },
      { name: '\u00e9', data: '' },
    ],
  ],
  ['zip_names', 'duplicate by percent-encoding', [...TWO, { name: 'dir%2Ftwo%2exml', data: '' }]],
  ['zip_names', 'part and directory', [...TWO, { name: 'one.xml/', data: '' }]],
  ['zip_names', 'traversal', first({ name: '../one.xml' })],
  ['zip_names', 'traversal within', first({ name: 'word/../../one.xml' })],
  ['zip_names', 'traversal by percent-encoding', first({ name: 'word/%2e%2E/one.xml' })],
  ['zip_names', 'absolute', first({ name: '/one.xml' })],
  ['zip_names', 'drive', first({ name: 'C:one.xml' })],
  ['zip_names', 'empty', first({ name: '' })],
  ['zip_names', 'empty segment', first({ name: 'word//one.xml' })],
  ['zip_names', 'both slashes', first({ name: 'word\\x/one.xml' })],
  ['zip_names', 'both slashes in different names', [...TWO, { name: 'word\\x.xml', data: '' }]],
  ['zip_names', 'NUL', first({ name: 'one.xml\0.png' })],
  ['zip_names', 'control character', first({ name: 'one\n.xml' })],
  ['zip_names', 'no UTF-8 though it says so', first({ name: Buffer.from([0x61, 0xff]), flags: 0x800 })],
  ['zip_names', 'symbolic link', first({ central: { externalAttributes: 0xa1ff0000, madeBy: 0x314 } })],
  ['zip_names', 'interleaved piece', first({ name: 'word/document.xml/[0].piece' })],
  ['zip_method/encrypted', 'encrypted', first({ flags: 1 })],
  ['zip_method/encrypted', 'AES', first({ method: 99 })],
  ['zip_method/encrypted', 'encrypted directory', first({ flags: 0x2000 })],
  ['zip_method', 'bzip2', first({ method: 12 })],
  ['zip_method', 'deflate64', first({ method: 9 })],
]

for (const [row, what, entries, options] of refused)
  test(`${row}: ${what}`, async () => assert.equal((await judge(makeZip(entries, options))).refused, row))

test('zip_bomb: a hundred MiB of zeros, refused before it is inflated', async () => {
  const bomb = makeZip([{ name: 'zeros', data: Buffer.alloc(100 * 1024 * 1024) }])
  const before = process.cpuUsage()
  assert.equal((await judge(bomb)).refused, 'zip_bomb')
  assert.ok(process.cpuUsage(before).user < 50_000)
})

test('zip_mismatch: a bomb that states a small size is stopped there', async () => {
  const lie = { size: 100 }
  const bomb = makeZip([{ name: 'zeros', data: Buffer.alloc(50 * 1024 * 1024), local: lie, central: lie }])
  const before = process.cpuUsage()
  assert.equal((await judge(bomb)).refused, 'zip_mismatch')
  assert.ok(process.cpuUsage(before).user < 100_000)
})

test('zip_bomb: more than 10,000 entries', async () => {
  const entries = Array.from({ length: 10_001 }, (_, nth) => ({ name: `${nth}`, data: '', method: 0 }))
  assert.equal((await judge(makeZip(entries))).refused, 'zip_bomb')
  assert.equal((await judge(makeZip(entries.slice(1)))).refused, undefined)
})

test('zip_bomb: entries that share their data cannot be told from a bomb, and are refused either way', async () => {
  const entries = Array.from({ length: 100 }, (_, nth) => ({
    name: `${nth}`,
    data: Buffer.alloc(1024 * 1024),
    ...(nth > 0 && { directoryOnly: true, central: { offset: 0 } }),
  }))
  assert.equal((await judge(makeZip(entries))).refused, 'zip_bomb')
})

test('large entries are inflated piece by piece, with the same judgement', async () => {
  const data = Buffer.alloc(6 * 1024 * 1024, 'not quite zero: ')
  const big = (change: Partial<ZipEntry>): Buffer => makeZip([{ name: 'big', data, ...change }, ...TWO])
  assert.deepEqual(await judge(big({})), { reported: [] })
  assert.deepEqual(await judge(big({ method: 0 })), { reported: [] })
  assert.equal((await judge(big({ central: { crc: 1 }, local: { crc: 1 } }))).refused, 'zip_mismatch')
  const tooSmall = { size: data.length - 1 }
  assert.equal((await judge(big({ central: tooSmall, local: tooSmall }))).refused, 'zip_mismatch')
  const squeezed = Buffer.concat([deflateRawSync(data), Buffer.from('hidden')])
  const stated = { method: 8, size: data.length }
  assert.equal(
    (await judge(big({ method: 0, data: squeezed, local: stated, central: stated }))).refused,
    'zip_mismatch',
  )
  const cut = squeezed.subarray(0, 1000)
  assert.equal((await judge(big({ method: 0, data: cut, local: stated, central: stated }))).refused, 'zip_mismatch')
})
