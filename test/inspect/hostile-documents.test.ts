import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeOffice, type OfficeOptions, type OfficeRelationship } from '../office.ts'
import { judgeFile, officeRefusals, rewritten, wordRefusals } from './judge.ts'

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const STRICT = 'http://purl.oclc.org/ooxml/wordprocessingml/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006'
const MC = 'http://schemas.openxmlformats.org/markup-compatibility/2006'
const FAMILY = `xmlns:w="${WORD}" xmlns:s="${STRICT}" xmlns:mc="${MC}" xmlns:x="urn:x" mc:Ignorable="x"`

const documentOf = (body: string): string => `<w:document ${FAMILY}><w:body>${body}</w:body></w:document>`
const word = (body: string | Buffer, more: Partial<OfficeOptions> = {}): Promise<string[]> =>
  officeRefusals({
    type: 'docx',
    ...more,
    extraParts: { 'word/document.xml': typeof body === 'string' ? documentOf(body) : body, ...more.extraParts },
  })

const mark = (kind: string, prefix = 'w'): string => `<w:r><${prefix}:fldChar ${prefix}:fldCharType="${kind}"/></w:r>`
const run = (text: string, prefix = 'w'): string => `<w:r><${prefix}:instrText>${text}</${prefix}:instrText></w:r>`
const choose = (choice: string, fallback: string): string =>
  `<mc:AlternateContent><mc:Choice Requires="x">${choice}</mc:Choice><mc:Fallback>${fallback}</mc:Fallback></mc:AlternateContent>`
const paragraph = (...inside: string[]): string => `<w:p>${inside.join('')}</w:p>`
const COMMAND = 'DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"'

const hiddenFields: [what: string, code: string, body: string][] = [
  ['split into runs of one letter', 'dde', paragraph(mark('begin'), ...[...COMMAND].map(one => run(one)), mark('end'))],
  ['in the strict family', 'dde', paragraph(mark('begin', 's'), run(COMMAND, 's'), mark('end', 's'))],
  [
    'begun in one family and ended in the other',
    'dde',
    paragraph(mark('begin'), run('DDE', 's'), run('AUTO cmd'), mark('end', 's')),
  ],
  [
    'behind a decoy in alternatives',
    'xml_unsafe',
    paragraph(mark('begin'), choose(run('PAGE '), run(COMMAND)), mark('end')),
  ],
  [
    'behind a decoy in the choice alone',
    'xml_unsafe',
    paragraph(mark('begin'), choose(run('PAGE '), ''), run(COMMAND), mark('end')),
  ],
  [
    'behind an end in alternatives',
    'xml_unsafe',
    paragraph(mark('begin'), choose(mark('end'), ''), run(COMMAND), mark('end')),
  ],
  [
    'behind a decoy in an element to be ignored',
    'xml_unsafe',
    paragraph(mark('begin'), `<x:y>${run('PAGE ')}</x:y>`, run(COMMAND), mark('end')),
  ],
  [
    'behind a decoy of a foreign name',
    'xml_unsafe',
    paragraph(mark('begin'), run('PAGE ', 'x'), run(COMMAND), mark('end')),
  ],
  [
    'behind an end of a foreign name',
    'xml_unsafe',
    paragraph(mark('begin'), mark('end', 'x'), run(COMMAND), mark('end')),
  ],
  [
    'behind deleted text',
    'dde',
    paragraph(
      mark('begin'),
      '<w:del><w:r><w:delInstrText>PAGE </w:delInstrText></w:r></w:del>',
      run(COMMAND),
      mark('end'),
    ),
  ],
  ['behind ordinary text', 'dde', paragraph(mark('begin'), '<w:r><w:t>PAGE </w:t></w:r>', run(COMMAND), mark('end'))],
  ['behind text of another vocabulary', 'dde', paragraph(mark('begin'), '<x:t>PAGE </x:t>', run(COMMAND), mark('end'))],
  [
    'behind a text box',
    'dde',
    paragraph(
      mark('begin'),
      `<w:r><w:pict><w:txbxContent>${paragraph('<w:r><w:t>PAGE </w:t></w:r>', mark('end'))}</w:txbxContent></w:pict></w:r>`,
      run(COMMAND),
      mark('end'),
    ),
  ],
  [
    'in a text box inside another field',
    'dde',
    paragraph(
      mark('begin'),
      run('PAGE '),
      mark('separate'),
      `<w:r><w:pict><w:txbxContent>${paragraph(mark('begin'), run(COMMAND))}</w:txbxContent></w:pict></w:r>`,
      mark('end'),
    ),
  ],
  [
    'whose begin has an attribute too many',
    'xml_unsafe',
    paragraph('<w:r><w:fldChar x:fldCharType="none" w:fldCharType="begin"/></w:r>', run(COMMAND), mark('end')),
  ],
  [
    'simple, with an instruction too many',
    'xml_unsafe',
    `<w:fldSimple x:instr="PAGE" w:instr="${COMMAND.replaceAll('"', '&quot;')}"/>`,
  ],
  [
    'nested three deep, the name in two of them',
    'dde',
    paragraph(
      mark('begin'),
      mark('begin'),
      mark('begin'),
      run('QUOTE "DDE"'),
      mark('end'),
      mark('end'),
      run('AUTO cmd'),
      mark('end'),
    ),
  ],
  [
    'as character references',
    'dde',
    paragraph(mark('begin'), run([...COMMAND].map(one => `&#${one.charCodeAt(0)};`).join('')), mark('end')),
  ],
  ['in CDATA', 'dde', paragraph(mark('begin'), run('<![CDATA[DDE]]>'), run('<![CDATA[AUTO]]> cmd'), mark('end'))],
  [
    'with comments and instructions between',
    'dde',
    paragraph(mark('begin'), run('D<!-- x -->DE<?x y?>AUTO cmd'), mark('end')),
  ],
]
for (const [what, code, body] of hiddenFields)
  test(`a DDE field ${what}`, async () => assert.ok((await word(body)).includes(code), (await word(body)).join()))

test('a DDE field that never ends, in every part that has stories', async () => {
  for (const [root, inner] of [
    ['hdr', ''],
    ['ftr', ''],
    ['footnotes', 'footnote'],
    ['comments', 'comment'],
    ['glossaryDocument', 'docPartBody'],
  ]) {
    const field = paragraph(mark('begin'), run(COMMAND))
    const inside = inner === '' ? field : `<w:${inner}>${field}</w:${inner}>`
    const part = { 'word/story.xml': `<w:${root} ${FAMILY}>${inside}</w:${root}>` }
    const relationships = [{ id: 's', type: 'header', target: 'story.xml' }]
    assert.deepEqual(await word('', { extraParts: part, relationships }), ['dde'], root)
  }
})

test('honest documents have alternatives and text boxes around whole fields, in both', async () => {
  const box = (field: string): string =>
    `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><x:shape><w:txbxContent>${field}</w:txbxContent></x:shape></mc:Choice><mc:Fallback><w:pict><w:txbxContent>${field}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>`
  const page = paragraph(mark('begin'), run(' PAGE '), mark('separate'), '<w:r><w:t>1</w:t></w:r>', mark('end'))
  assert.deepEqual(await word(paragraph(box(page))), [])
  assert.deepEqual(await word(paragraph(mark('begin'), run('TOC'), mark('separate'), box(page), mark('end'))), [])
})

const encodings: [what: string, codes: string[], document: Buffer][] = (() => {
  const hidden = documentOf(`<w:fldSimple w:instr="DDE cmd"/>`)
  const wide = (text: string): Buffer => Buffer.from(text, 'utf16le')
  const swapped = (text: string): Buffer => Buffer.from(wide(text)).swap16()
  const declared = (encoding: string, text = hidden): string => `<?xml version="1.0" encoding="${encoding}"?>${text}`
  return [
    ['UTF-16LE with a mark', ['dde'], wide(`\ufeff${hidden}`)],
    ['UTF-16LE without a mark', ['dde'], wide(hidden)],
    ['UTF-16BE with a mark', ['dde'], swapped(`\ufeff${hidden}`)],
    ['UTF-16BE without a mark', ['dde'], swapped(hidden)],
    ['UTF-16 that says UTF-8', ['dde'], wide(`\ufeff${declared('UTF-8')}`)],
    ['UTF-8 that says UTF-16', ['dde'], Buffer.from(declared('UTF-16'))],
    ['UTF-8 with a mark that says UTF-16', ['dde'], Buffer.from(`\ufeff${declared('UTF-16')}`)],
    [
      'UTF-32',
      ['xml_malformed'],
      Buffer.concat([
        Buffer.from('fffe0000', 'hex'),
        Buffer.from([...hidden].map(one => `${one}\0\0\0`).join(''), 'latin1'),
      ]),
    ],
    ['UTF-7', ['xml_unsafe'], Buffer.from(declared('UTF-7', hidden.replace('<w:fld', '+ADw-w:fld')))],
    ['UTF-7 with its mark', ['xml_malformed'], Buffer.from(`+/v8-${hidden}`)],
    [
      'UTF-7 undeclared is text',
      [],
      Buffer.from(documentOf('<w:p><w:r><w:t>+ADw-w:fldSimple w:instr=+ACI-DDE cmd+ACI-/+AD4-</w:t></w:r></w:p>')),
    ],
    ['EBCDIC', ['xml_unsafe'], Buffer.from('4c6fa79493', 'hex')],
    ['Shift JIS', ['xml_unsafe'], Buffer.from(declared('Shift_JIS'))],
    [
      'ASCII with an eighth bit',
      ['xml_unsafe'],
      Buffer.from(declared('us-ascii', documentOf('<w:p><w:r><w:t>\u00bc</w:t></w:r></w:p>'))),
    ],
    [
      'overlong UTF-8',
      ['xml_unsafe'],
      Buffer.concat([
        Buffer.from(documentOf('')).subarray(0, -14),
        Buffer.from([0xc0, 0xbc]),
        Buffer.from(documentOf('')).subarray(-14),
      ]),
    ],
    [
      'a surrogate in UTF-8',
      ['xml_unsafe'],
      Buffer.concat([Buffer.from('<w:document>'), Buffer.from('eda080', 'hex'), Buffer.from('</w:document>')]),
    ],
    ['two marks', ['xml_malformed'], Buffer.from(`\ufeff\ufeff${hidden}`)],
  ]
})()
for (const [what, codes, document] of encodings)
  test(`encoding: ${what}`, async () => assert.deepEqual(await word(document), codes))

test('the same in parts that are no XML by their name', async () => {
  const relationships: OfficeRelationship[] = [{ id: 'h', type: 'header', target: 'media/a.png' }]
  const header = `<é:hdr xmlns:é="${WORD}"><é:fldSimple é:instr="DDE cmd"/></é:hdr>`
  const wide = Buffer.from(`\ufeff\n${header}`, 'utf16le')
  for (const part of [Buffer.from(header), Buffer.from(' '.repeat(100_000) + header), wide, Buffer.from(wide).swap16()])
    assert.deepEqual(await word('', { extraParts: { 'word/media/a.png': part }, relationships }), ['dde'])
})

const main = (change: (types: string) => string) => wordRefusals(rewritten('[Content_Types].xml', change))
const MAIN_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'
const MACRO_TYPE = 'application/vnd.ms-word.document.macroEnabled.main+xml'

test('a namespace is what it says, spaces and all', async () => {
  const padded = `<w:p xmlns:p=" ${WORD} ">${mark('begin')}${run('PAGE ', 'p')}${run(COMMAND)}${mark('end')}</w:p>`
  assert.deepEqual(await word(padded), ['xml_unsafe'])
  assert.deepEqual(await main(text => text.replace('xmlns="', 'xmlns="&#x20;')), ['xml_unsafe'])
})

test('content types: one for each part, said once and plainly', async () => {
  const foreign = (text: string): string =>
    text
      .replace('<Types', '<Types xmlns:x="urn:x"')
      .replace('<Override', '<x:Override')
      .replace('ContentType="application/xml"', `ContentType="${MACRO_TYPE}"`)
  assert.deepEqual(await main(foreign), ['xml_unsafe'], 'in a namespace that Office does not look at')
  for (const [from, to, code] of [
    ['PartName="/word', 'PartName="word', 'type_mismatch'],
    ['PartName="/word', 'PartName="//word', 'type_mismatch'],
    ['PartName="/word/', 'PartName="/word\\', 'type_mismatch'],
    ['PartName="/word', 'PartName=" /word', 'type_mismatch'],
    ['<Override', `<Override PartName="/word/Document.xml" ContentType="${MACRO_TYPE}"/><Override`, 'type_mismatch'],
    ['<Override', `<Override PartName="/word/%64ocument.xml" ContentType="${MACRO_TYPE}"/><Override`, 'type_mismatch'],
    ['<Default', `<Default Extension="XML" ContentType="${MACRO_TYPE}"/><Default`, 'type_mismatch'],
    [
      /<Override.*\/>/,
      `<mc:AlternateContent xmlns:mc="${MC}"><mc:Choice Requires="x">$&</mc:Choice><mc:Fallback/></mc:AlternateContent>`,
      'xml_unsafe',
    ],
    [
      /<Override.*\/>/,
      `<Override PartName="/word/document.xml" xmlns:x="urn:x" x:ContentType="${MAIN_TYPE}" ContentType="${MACRO_TYPE}"/>`,
      'macros',
    ],
    [/<Override.*\/>/, '<!-- $& -->', 'type_mismatch'],
  ] as const)
    assert.ok((await main(text => text.replace(from, to))).includes(code), String(to))
})

test('relationships: nothing in alternatives or foreign elements, in no spelling of the target', async () => {
  const rels = (change: (text: string) => string) => wordRefusals(rewritten('_rels/.rels', change))
  const inner = (inside: string) =>
    wordRefusals(
      rewritten('word/_rels/document.xml.rels', text =>
        text.replace('/>', `>${inside}</Relationships>`).replace('"></Relationships>', `">${inside}</Relationships>`),
      ),
    )
  const remote = `<Relationship Id="t" Type="${OFFICE}/relationships/attachedTemplate" Target="http://example.org/a.dotm" TargetMode="External"/>`
  for (const inside of [
    `<mc:AlternateContent xmlns:mc="${MC}"><mc:Choice Requires="x">${remote}</mc:Choice><mc:Fallback/></mc:AlternateContent>`,
    `<mc:AlternateContent xmlns:mc="${MC}"><mc:Choice Requires="x"/><mc:Fallback>${remote}</mc:Fallback></mc:AlternateContent>`,
    `<x:y xmlns:x="urn:x">${remote}</x:y>`,
    remote.replace('<Relationship', '<x:Relationship xmlns:x="urn:x"'),
  ])
    assert.deepEqual(await inner(inside), ['xml_unsafe'], inside)
  assert.deepEqual(await inner(remote), ['external_code'])
  const theme = `<Relationship Id="t" Type="${OFFICE}/relationships/theme" Target="theme.xml"/>`
  assert.deepEqual(await inner(theme), [])
  assert.deepEqual(await inner(theme + theme), ['xml_malformed'], 'one id twice')
  assert.deepEqual(await inner(remote.replace('TargetMode="External"', '')), ['external_code'])
  assert.deepEqual(await inner(remote.replace('http', '&#104;ttp')), ['external_code'])
  const [, main = ''] =
    /(<Relationship [^>]*\/>)/.exec(String(makeOffice({ type: 'docx', entry: { method: 0 } }))) ?? []
  assert.deepEqual(
    await rels(text =>
      text.replace(
        main,
        `<mc:AlternateContent xmlns:mc="${MC}"><mc:Choice Requires="x">${main}</mc:Choice><mc:Fallback>${main}</mc:Fallback></mc:AlternateContent>`,
      ),
    ),
    ['xml_unsafe'],
  )
  const strict = main
    .replace(OFFICE, 'http://purl.oclc.org/ooxml/officeDocument')
    .replace('rId1', 'rId2')
    .replace('word/document.xml', 'word/other.xml')
  assert.ok(
    (await rels(text => text.replace(main, main + strict))).includes('type_mismatch'),
    'one main part by each family',
  )
  for (const type of [
    'HTTP://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument',
    'http://x.org/OFFICEDOCUMENT',
  ]) {
    const other = strict.replace(/Type="[^"]*"/, `Type="${type}"`)
    assert.ok((await rels(text => text.replace(main, main + other))).includes('type_mismatch'), type)
    assert.ok((await rels(text => text.replace(main, other))).includes('type_mismatch'), type)
  }
})

test('a chunk or a macro is found however the relationship spells its target', async () => {
  const script = '<html><script>x</script></html>'
  for (const target of [
    'chunk.dat',
    '/word/chunk.dat',
    './chunk.dat',
    '../word/chunk.dat',
    '/WORD/Chunk.dat',
    '%63hunk.dat',
    '%2e%2e/word/chunk.dat',
    '..%2Fword%2Fchunk.dat',
    '..\\word\\chunk.dat',
    '/word/media/%2E%2E/chunk.dat',
    'chunk.dat#x',
    'chunk.dat?x',
    ' chunk.dat ',
  ]) {
    const options = (type: string): Partial<OfficeOptions> => ({
      extraParts: { 'word/chunk.dat': script },
      relationships: [{ id: 'c', type, target }],
    })
    assert.deepEqual(await word('', options('aFChunk')), ['active_content'], target)
    assert.deepEqual(
      await word('', options('http://schemas.microsoft.com/office/2006/relationships/vbaProject')),
      ['macros'],
      target,
    )
  }
})

test('a chunk that is a whole document in one XML file', async () => {
  const flat = '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>'
  const old = '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>'
  for (const part of [Buffer.from(flat), Buffer.from(old), Buffer.from(`\ufeff${flat}`, 'utf16le')]) {
    const relationships = [{ id: 'c', type: 'aFChunk', target: 'chunk.dat' }]
    assert.deepEqual(await word('', { extraParts: { 'word/chunk.dat': part }, relationships }), ['active_content'])
  }
})

test('workbooks: alternatives, families and foreign attributes hide nothing', async () => {
  const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const sheet = (inside: string, namespace = SHEET) =>
    officeRefusals({
      type: 'xlsx',
      extraParts: {
        'xl/worksheets/sheet1.xml': `<worksheet xmlns="${namespace}" xmlns:mc="${MC}" xmlns:x="urn:x">${inside}</worksheet>`,
      },
    })
  const cell = '<sheetData><row><c><f>cmd|x!y</f></c></row></sheetData>'
  assert.deepEqual(await sheet(choose(cell, '')), ['dde'])
  assert.deepEqual(await sheet(choose('', cell)), ['dde'])
  assert.deepEqual(await sheet(cell, 'http://purl.oclc.org/ooxml/spreadsheetml/main'), ['dde'])
  assert.deepEqual(await sheet('<f>cm<x:y/>d|<x:y>!</x:y>x!y</f>'), ['dde'])
  assert.deepEqual(await sheet('<queryTable x:refreshOnLoad="0" refreshOnLoad="1"/>'), ['xml_unsafe'])
})

test('deep and wide XML, at and beyond the bounds', async () => {
  const deep = (levels: number): string => '<w:p>'.repeat(levels) + '</w:p>'.repeat(levels)
  assert.deepEqual(await word(deep(254)), [])
  assert.deepEqual(await word(deep(255)), ['xml_unsafe'])
  assert.deepEqual(await word(deep(1_000_000)), ['xml_unsafe'])
  assert.deepEqual(await word(`<w:p ${Array.from({ length: 600 }, (_, nth) => `a${nth}=""`).join(' ')}/>`), [
    'xml_malformed',
  ])
  const { findings } = await judgeFile(
    'a.docx',
    makeOffice({ type: 'docx', extraParts: { 'word/document.xml': '<w:document>'.repeat(3) } }),
  )
  assert.equal(findings[0]?.where, 'word/document.xml')
})
