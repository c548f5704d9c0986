import assert from 'node:assert/strict'
import { test } from 'node:test'
import { constants, crc32, deflateRawSync } from 'node:zlib'
import { makeOffice } from '../office.ts'
import { makeOle, makePackager } from '../ole.ts'
import type { ZipEntry } from '../zip.ts'
import { officeRefusals, refusals, withMedia, wordRefusals } from './judge.ts'

const MIB = 1024 ** 2

/** The CPU that judging takes, in milliseconds, and the codes it is refused with. */
const measured = async (judge: () => Promise<string[]>): Promise<{ codes: string[]; ms: number }> => {
  const before = process.cpuUsage()
  const codes = await judge()
  const { user, system } = process.cpuUsage(before)
  return { codes, ms: (user + system) / 1000 }
}

/** `mib` MiB of zeros, deflated: blocks that stand alone can be repeated. About one byte for a thousand. */
const zeros = (mib: number): Buffer => {
  const block = deflateRawSync(Buffer.alloc(MIB), { finishFlush: constants.Z_FULL_FLUSH })
  return Buffer.concat([...Array.from({ length: mib }, () => block), deflateRawSync(Buffer.alloc(0))])
}
const u64s = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 + 8 * values.length)
  bytes.writeUInt16LE(1)
  bytes.writeUInt16LE(8 * values.length, 2)
  for (const [nth, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 4 + 8 * nth)
  return bytes
}
/** Deflated data under headers that state this size for it. */
const packed = (data: Buffer, size: number): ZipEntry => {
  const wide = size >= 0xffffffff
  const stated = { method: 8, crc: 0, size: wide ? 0xffffffff : size, ...(wide && { extra: u64s(size) }) }
  return { name: 'word/media/a.png', method: 0, data, local: stated, central: stated }
}

test('4 GiB of zeros in 4 MB, whatever size is stated, and cheaply', async () => {
  const bomb = zeros(4096)
  assert.ok(bomb.length < 4.5 * MIB)
  for (const [size, code] of [
    [4096 * MIB, 'zip_bomb'],
    [4096 * MIB + 1, 'zip_bomb'],
    [0xfffffffe, 'zip_bomb'],
    [500 * MIB, 'zip_mismatch'],
    [60 * MIB, 'zip_mismatch'],
    [1000, 'zip_mismatch'],
    [0, 'zip_mismatch'],
  ] as const) {
    const { codes, ms } = await measured(() => wordRefusals(entries => [...entries, packed(bomb, size)]))
    assert.deepEqual(codes, [code], String(size))
    assert.ok(ms < 3_000, `${size}: ${ms} ms`)
  }
})

test('the same as a part that is read for names and relationships, and inside another document', async () => {
  const bomb = zeros(300)
  const rels = { ...packed(bomb, 300 * MIB), name: 'word/_rels/styles.xml.rels' }
  // Incompressible company, so that the ratio alone does not tell.
  const noise = makeOffice({ type: 'docx', padTo: 2 * MIB })
  const { codes, ms } = await measured(() =>
    wordRefusals(entries => [...entries, { name: 'n.bin', data: noise, method: 0 }, rels]),
  )
  assert.deepEqual(codes, ['zip_bomb'])
  assert.ok(ms < 2_000, `${ms} ms`)
  const inner = makeOffice({ type: 'xlsx', extraParts: { 'xl/zeros.bin': Buffer.alloc(100 * MIB) } })
  assert.deepEqual(await wordRefusals(withMedia({ data: inner, method: 0 })), ['zip_bomb'])
})

test('a thousand documents in one, and documents in documents in documents', async () => {
  const small = makeOffice({ type: 'xlsx' })
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, nth) => [`word/embeddings/${nth}.xlsx`, small]))
  const { codes, ms } = await measured(() => officeRefusals({ type: 'docx', extraParts: many }))
  assert.deepEqual(codes, [])
  assert.ok(ms < 10_000, `${ms} ms`)
  const nested = (depth: number): Buffer =>
    makeOffice({
      type: 'docx',
      extraParts: depth === 0 ? {} : { 'word/a.docx': nested(depth - 1), 'word/b.docx': nested(depth - 1) },
    })
  assert.deepEqual(await refusals('a.docx', nested(5)), ['zip_bomb'])
})

const executable = makeOle({ '\u0001Ole10Native': makePackager('a.exe', Buffer.from('MZ')) })

test('data deflated so that it comes out byte by byte is known by its first bytes all the same', async () => {
  const empty = Buffer.from([0, 0, 0, 0xff, 0xff])
  // Stored blocks without contents: more of them than a reader takes at once, around blocks of a single byte.
  const silence = Buffer.concat(Array.from({ length: 60_000 }, () => empty))
  const single = (byte: number): Buffer => Buffer.from([0, 1, 0, 0xfe, 0xff, byte])
  const trickle = (data: Buffer): Buffer =>
    Buffer.concat([
      ...[...data.subarray(0, 4)].flatMap(byte => [silence, single(byte)]),
      deflateRawSync(data.subarray(4)),
    ])
  for (const [data, code] of [
    [Buffer.concat([executable, Buffer.alloc(5 * MIB)]), 'embedded_executable'],
    [Buffer.concat([Buffer.from('#!/bin/sh\n'), Buffer.alloc(5 * MIB)]), 'hidden_part'],
    [Buffer.concat([makeOffice({ type: 'xlsx' }), Buffer.alloc(5 * MIB)]), 'zip_structure'],
  ] as const) {
    const stated = { method: 8, size: data.length, crc: crc32(data) }
    const entry: ZipEntry = { name: 'word/media/a.png', method: 0, data: trickle(data), local: stated, central: stated }
    assert.deepEqual(await wordRefusals(entries => [...entries, entry]), [code])
  }
})

test('OLE objects whose tables run in circles or name one stream again and again take linear time', async () => {
  const circle = Buffer.alloc(512 * 20_000)
  makeOle({ Contents: Buffer.from('x') }).copy(circle)
  // The list of allocation tables goes on in sector 5, and from there in sector 5.
  circle.writeUInt32LE(5, 68)
  for (let nth = 0; nth < 127; nth++) circle.writeUInt32LE(0, 512 * 6 + 4 * nth)
  circle.writeUInt32LE(5, 512 * 6 + 508)

  // A directory in which every entry is the same package: each is as long as half the file.
  const object = makeOle({ '\u0001Ole10Native': makePackager('a.txt', Buffer.alloc(20_000)) })
  const [header, table, directory, stream] = [
    object.subarray(0, 512),
    object.subarray(512, 1024),
    object.subarray(1024, 1536),
    object.subarray(1536),
  ]
  const repeated = Buffer.concat([header, table, directory, stream])
  for (const nth of [0, 2, 3]) directory.copy(repeated, 1024 + 128 * nth, 128, 256)

  const embed = (bytes: Buffer) => () =>
    officeRefusals({
      type: 'docx',
      extraParts: { 'word/embeddings/a.bin': bytes },
      relationships: [{ id: 'o', type: 'oleObject', target: 'embeddings/a.bin' }],
    })
  const { codes, ms } = await measured(embed(circle))
  assert.deepEqual(codes, [])
  assert.ok(ms < 3_000, `${ms} ms`)
  assert.deepEqual(await embed(repeated)(), ['embedded_executable'])
})
