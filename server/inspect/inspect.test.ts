import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { makeOffice, type OfficeOptions, type OfficeType, officeEntries } from '../../test/office.ts'
import { makeZip } from '../../test/zip.ts'
import type { Verdict } from './finding.ts'
import { inspect } from './inspect.ts'
import { documentTypeOf } from './name.ts'
import { bufferSource, SourceFailure } from './source.ts'

const TYPES: OfficeType[] = ['docx', 'xlsx', 'pptx']
const OFFICE = 'application/vnd.openxmlformats-officedocument'

const judge = (name: string, bytes: Buffer): Promise<Verdict> =>
  inspect({
    name,
    source: bufferSource(bytes),
    failed: error => {
      throw error
    },
  })

const rowsOf = ({ findings }: Verdict): string[] => findings.map(({ code, where }) => `${code} ${where}`.trim())

/** The findings about a document with this changed, under the name it should have. */
const findingsOf = async (options: OfficeOptions): Promise<string[]> =>
  rowsOf(await judge(`a.${options.type}`, makeOffice(options)))

for (const type of TYPES)
  test(`an honest ${type} has no findings, small, large or deflated with descriptors`, async () => {
    for (const options of [{}, { padTo: 1_500_000 }, { entry: { descriptor: 'signed' } }] as const)
      assert.deepEqual(await judge(`a.${type}`, makeOffice({ type, ...options })), {
        verdict: 'accept',
        type,
        findings: [],
      })
  })

test('the name decides what the document must be', async () => {
  for (const claimed of TYPES)
    for (const real of TYPES) {
      const { verdict, findings } = await judge(`a.${claimed}`, makeOffice({ type: real }))
      assert.equal(verdict, claimed === real ? 'accept' : 'refuse')
      if (claimed !== real) assert.equal(findings[0]?.code, 'type_mismatch')
    }
})

test('names', () => {
  for (const name of ['a.docx', 'A.DOCX', ' a.docx ', 'a.b.docx', 'Größe.docx', 'a.docm.docx'])
    assert.equal(documentTypeOf(name), 'docx', name)
  for (const name of [
    'a.docm',
    'a.doc',
    'a.docx.exe',
    'a.docx.',
    'a.docx .',
    'docx',
    '.docx',
    'a.dоcx',
    'a\u202excod.exe.docx',
    'a\u0000.docx',
    'a.docx\u200f',
    'a.pdf',
    '',
  ])
    assert.equal(documentTypeOf(name), null, JSON.stringify(name))
})

test('a name that is not allowed is refused unread', async () => {
  const source = { size: 10, read: () => Promise.reject(new Error('was read')) }
  assert.deepEqual(rowsOf(await inspect({ name: 'a.exe', source })), ['type_not_allowed'])
})

test('what is no archive is refused: nothing, text, a PDF, an executable before an archive', async () => {
  for (const bytes of ['', 'P', 'hello', '%PDF-1.7\n', '{\\rtf1}', 'MZ'])
    assert.deepEqual(rowsOf(await judge('a.docx', Buffer.from(bytes))), ['zip_structure'])
  assert.deepEqual(rowsOf(await judge('a.docx', makeOffice({ type: 'docx', zip: { prefix: Buffer.from('MZ') } }))), [
    'zip_structure',
  ])
})

test('OLE files: each with its own sentence, damaged or not', async () => {
  const ole = Buffer.alloc(2048)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(ole)
  ole.writeUInt16LE(9, 30)
  ole.writeUInt32LE(1, 48)
  assert.deepEqual(rowsOf(await judge('a.docx', ole)), ['legacy_format'])
  assert.deepEqual(rowsOf(await judge('a.docx', ole.subarray(0, 20))), ['legacy_format'])
  Buffer.from('EncryptedPackage', 'utf16le').copy(ole, 1024)
  assert.deepEqual(rowsOf(await judge('a.docx', ole)), ['encrypted_document'])
})

test('templates, macro-enabled and binary documents under an honest name', async () => {
  const main = (contentType: string) => ({ contentTypes: { '/xl/workbook.xml': contentType } })
  const sheet = (contentType: string) => findingsOf({ type: 'xlsx', ...main(contentType) })
  assert.deepEqual(await sheet(`${OFFICE}.spreadsheetml.template.main+xml`), ['type_mismatch xl/workbook.xml'])
  assert.ok((await sheet('application/vnd.ms-excel.sheet.macroEnabled.main+xml')).includes('macros xl/workbook.xml'))
  assert.ok((await sheet('application/vnd.ms-excel.sheet.binary.macroEnabled.main')).includes('macros xl/workbook.xml'))
  assert.deepEqual(await sheet('application/xml'), ['type_mismatch xl/workbook.xml'])
  assert.deepEqual(await sheet(`${OFFICE}.spreadsheetml.sheet.main+xml; charset=utf-8`), [])
})

test('macros are found by relationship, by content type and by name', async () => {
  const vba = 'http://schemas.microsoft.com/office/2006/relationships/vbaProject'
  const relationships = [{ id: 'm', type: vba, target: 'anything.bin' }]
  assert.deepEqual(await findingsOf({ type: 'docx', extraParts: { 'word/anything.bin': 'x' }, relationships }), [
    'macros word/anything.bin',
  ])
  const contentTypes = { '/word/anything.bin': 'application/vnd.ms-office.vbaProject' }
  assert.ok(
    (await findingsOf({ type: 'docx', extraParts: { 'word/anything.bin': 'x' }, contentTypes })).includes(
      'macros word/anything.bin',
    ),
  )
  assert.ok(
    (await findingsOf({ type: 'docx', extraParts: { 'word/vbaProject.bin': 'x' } })).includes(
      'macros word/vbaProject.bin',
    ),
  )
  assert.ok(
    (await findingsOf({ type: 'xlsx', extraParts: { 'xl/macrosheets/sheet1.xml': '<x/>' } })).includes(
      'macros xl/macrosheets/sheet1.xml',
    ),
  )
})

/** The document with one part written otherwise. */
const replacing = (path: string, change: (text: string) => string): Buffer =>
  makeZip(
    officeEntries({ type: 'docx' }).map(entry =>
      entry.name === path ? { ...entry, data: change(String(entry.data)) } : entry,
    ),
  )

test('the package must lead to exactly one main part of one content type', async () => {
  const rels = (change: (text: string) => string) => judge('a.docx', replacing('_rels/.rels', change)).then(rowsOf)
  const types = (change: (text: string) => string) =>
    judge('a.docx', replacing('[Content_Types].xml', change)).then(rowsOf)
  assert.deepEqual(await rels(text => text.replace('Target="word', 'Target="/WORD')), [])
  assert.deepEqual(await rels(text => text.replace('Target="word', 'Target=".\\word')), [])
  assert.equal((await rels(text => text.replace(/<Relationship .*\/>/, '')))[0], 'type_mismatch')
  assert.equal(
    (
      await rels(text =>
        text.replace(/(<Relationship [^>]*\/>)/, (_, one: string) => one + one.replace('rId1', 'rId2')),
      )
    )[0],
    'type_mismatch',
  )
  assert.equal(
    (await rels(text => text.replace('word/document.xml', 'https://example.org/document.xml')))[0],
    'type_mismatch',
  )
  assert.equal((await rels(text => text.replace('/>', ' TargetMode="External"/>')))[0], 'type_mismatch')
  assert.equal(
    (
      await types(text =>
        text.replace(
          /(<Override [^>]*\/>)/,
          (_, one: string) => one + one.replace('main+xml', 'x').replace('document.xml', 'DOCUMENT.xml'),
        ),
      )
    )[0],
    'type_mismatch [Content_Types].xml',
  )
  assert.deepEqual(rowsOf(await judge('a.docx', makeZip([{ name: 'a.txt', data: 'x' }]))), ['type_mismatch'])
})

test('the strict family of OOXML is as good', async () => {
  const strict = replacing('_rels/.rels', text =>
    text.replace(
      'schemas.openxmlformats.org/officeDocument/2006/relationships',
      'purl.oclc.org/ooxml/officeDocument/relationships',
    ),
  )
  assert.deepEqual(rowsOf(await judge('a.docx', strict)), [])
})

test('XML is judged in the parts that name the others, in those they name, and in those that only look like it', async () => {
  const dtd = '<!DOCTYPE x [<!ENTITY a "b">]>'
  for (const path of ['[Content_Types].xml', '_rels/.rels', 'word/document.xml'])
    assert.deepEqual(
      rowsOf(
        await judge(
          'a.docx',
          replacing(path, text => text.replace('\r\n', `\r\n${dtd}`)),
        ),
      ),
      [`xml_unsafe ${path}`],
    )
  assert.deepEqual(
    rowsOf(
      await judge(
        'a.docx',
        replacing('word/document.xml', text => text.slice(0, -3)),
      ),
    ),
    ['xml_malformed word/document.xml'],
  )
  assert.deepEqual(
    rowsOf(
      await judge(
        'a.docx',
        replacing('word/document.xml', () => ''),
      ),
    ),
    ['xml_malformed word/document.xml'],
  )
  assert.deepEqual(
    rowsOf(
      await judge(
        'a.docx',
        replacing('word/document.xml', () => '<workbook/>'),
      ),
    ),
    ['type_mismatch word/document.xml'],
  )
})

test('what lies behind the archive or is written by Windows tools is told, and no reason to refuse', async () => {
  const tail = await judge('a.docx', makeOffice({ type: 'docx', zip: { suffix: Buffer.from('\n') } }))
  assert.deepEqual(
    [tail.verdict, tail.findings[0]?.severity, tail.findings[0]?.code],
    ['accept', 'info', 'zip_structure'],
  )
  const entries = officeEntries({ type: 'docx' }).map(entry => ({
    ...entry,
    name: String(entry.name).replaceAll('/', '\\'),
  }))
  const windows = { name: 'a.docx', source: bufferSource(makeZip(entries)) }
  assert.equal((await inspect(windows)).verdict, 'accept')
  assert.equal((await inspect({ ...windows, policy: { zip_names: 'block' } })).verdict, 'refuse')
})

test('a source that fails, or answers too little, is no refusal', async () => {
  const bytes = makeOffice({ type: 'docx' })
  const broken = new Error('disk')
  const failing = { size: bytes.length, read: () => Promise.reject(broken) }
  await assert.rejects(
    inspect({ name: 'a.docx', source: failing }),
    (error: Error) => error instanceof SourceFailure && error.cause === broken,
  )
  const short = { size: bytes.length + 1, read: async () => bytes }
  await assert.rejects(inspect({ name: 'a.docx', source: short }), SourceFailure)
})

test('a document changed at random is judged, never a crash, and never of another type', async () => {
  const honest = makeOffice({ type: 'docx' })
  const change = fc.oneof(
    fc.record({ at: fc.nat(honest.length - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
    fc.record({ at: fc.nat(honest.length - 1), remove: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ at: fc.nat(honest.length - 1), insert: fc.uint8Array({ minLength: 1, maxLength: 60 }) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async changes => {
      let bytes = Buffer.from(honest)
      for (const one of changes) {
        if ('bytes' in one) Buffer.from(one.bytes).copy(bytes, one.at)
        else if ('remove' in one)
          bytes = Buffer.concat([bytes.subarray(0, one.at), bytes.subarray(one.at + one.remove)])
        else bytes = Buffer.concat([bytes.subarray(0, one.at), one.insert, bytes.subarray(one.at)])
      }
      const { verdict, findings, type } = await judge('a.docx', bytes)
      assert.equal(type, 'docx')
      assert.equal(
        verdict === 'refuse',
        findings.some(({ severity }) => severity === 'block'),
      )
    }),
    { numRuns: 3_000 },
  )
})
