import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeOffice, type OfficeOptions, type OfficeRelationship } from '../../../test/office.ts'
import { makeOle, makePackager } from '../../../test/ole.ts'
import { inspect } from '../inspect.ts'
import { bufferSource } from '../source.ts'

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const SLIDE = 'http://schemas.openxmlformats.org/presentationml/2006/main'

/** `code severity` of all findings, without repetition, in order of severity. */
const found = async (options: OfficeOptions): Promise<string[]> => {
  const { findings } = await inspect({
    name: `a.${options.type}`,
    source: bufferSource(makeOffice(options)),
    failed: error => {
      throw error
    },
  })
  return [...new Set(findings.map(({ code, severity }) => `${code} ${severity}`))]
}

const word = (body: string, more: Partial<OfficeOptions> = {}): Promise<string[]> =>
  found({
    type: 'docx',
    extraParts: {
      'word/document.xml': `<w:document xmlns:w="${WORD}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:body>${body}</w:body></w:document>`,
      ...more.extraParts,
    },
    ...(more.relationships && { relationships: more.relationships }),
  })
const sheet = (inside: string, more: Partial<OfficeOptions> = {}): Promise<string[]> =>
  found({
    type: 'xlsx',
    ...more,
    extraParts: { 'xl/worksheets/sheet1.xml': `<worksheet xmlns="${SHEET}">${inside}</worksheet>`, ...more.extraParts },
  })
const related = (type: string, target: string, external = true): Promise<string[]> =>
  found({ type: 'docx', relationships: [{ id: 'rIdX', type, target, external }] })

const run = (text: string): string => `<w:r><w:instrText>${text}</w:instrText></w:r>`
const mark = (kind: string): string => `<w:r><w:fldChar w:fldCharType="${kind}"/></w:r>`
const field = (...inside: string[]): string => `<w:p>${mark('begin')}${inside.join('')}${mark('end')}</w:p>`

test('fields that start programs, however they are written', async () => {
  const dde = [
    field(run('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"')),
    field(run(' dde '), run('Excel "x"')),
    field(run('D'), run('DEA'), '<w:r><w:t/></w:r>', run('UTO cmd')),
    field(run('DDE'), '</w:p><w:p>', run('AUTO cmd')),
    field(run('"DDEAUTO" cmd')),
    '<w:fldSimple w:instr=" DDEAUTO cmd "/>',
    field(field(run('QUOTE 68 68 69 65 85 84 79')), run(' cmd')),
    field(field(run('QUOTE "DDE"')), run('AUTO cmd')),
    field(field(run('REF hidden')), run(' cmd')),
    field(run(`${' '.repeat(70_000)}DDEAUTO cmd`)),
    field(run('IF 1 = 1 '), field(run('DDEAUTO cmd')), run(' ""')),
    `${mark('begin')}${run('DDEAUTO cmd')}`,
    `<w:del><w:r>${mark('begin')}<w:delInstrText>DDEAUTO cmd</w:delInstrText>${mark('end')}</w:r></w:del>`,
  ]
  for (const body of dde) assert.ok((await word(body)).includes('dde block'), body.slice(0, 200))
  const header = { 'word/header1.xml': `<w:hdr xmlns:w="${WORD}">${field(run('DDEAUTO cmd'))}</w:hdr>` }
  assert.ok(
    (
      await word('', { extraParts: header, relationships: [{ id: 'h', type: 'header', target: 'header1.xml' }] })
    ).includes('dde block'),
  )
})

test('fields that fetch something', async () => {
  for (const [instruction, severity] of [
    ['INCLUDEPICTURE "http://example.org/a.png" \\d', 'block'],
    ['INCLUDETEXT "\\\\\\\\host\\\\share\\\\a.docx"', 'block'],
    ['INCLUDETEXT \\\\host\\share\\a.docx', 'block'],
    ['LINK Excel.Sheet.12 "https://example.org/a.xlsx" "Sheet1!R1C1" \\a', 'block'],
    ['RD //host/a.docx', 'block'],
    ['INCLUDEPICTURE "C:\\\\Users\\\\a.png" \\* MERGEFORMAT', 'warn'],
    ['LINK Excel.Sheet.12 "a.xlsx"', 'warn'],
  ])
    assert.deepEqual(await word(field(run(String(instruction)))), [`external_code ${severity}`], instruction)
  const split = field(run('INCLUDEPICTURE "ht'), field(run('QUOTE "tp://example.org"')), run('/a.png"'))
  assert.deepEqual(await word(split), ['external_code block'])
})

test('honest fields have no findings', async () => {
  for (const instruction of [
    'PAGE \\* MERGEFORMAT',
    ' TOC \\o "1-3" \\h \\z \\u ',
    ' REF _Ref1 \\h',
    ' DATE \\@ "dd.MM.yyyy" ',
    ' MERGEFIELD Name ',
    ' = 1 + 2 ',
    ' EMBED Word.Document.8 \\s ',
    ' DDETERMINED ',
  ])
    assert.deepEqual(
      await word(field(run(instruction), mark('separate'), '<w:r><w:t>http://x | DDE</w:t></w:r>')),
      [],
      instruction,
    )
  assert.deepEqual(await word(field(run(' HYPERLINK "http://example.org" '), mark('separate'), field(run('PAGE')))), [
    'hyperlink info',
  ])
})

test('external relationships, by kind and by where they lead', async () => {
  const table: [type: string, target: string, finding: string][] = [
    ['attachedTemplate', 'http://example.org/a.dotm', 'external_code block'],
    ['attachedTemplate', 'file://host/a.dotm', 'external_code block'],
    ['attachedTemplate', 'mhtml:http://example.org', 'external_code block'],
    ['attachedTemplate', 'file:///C:\\a.dotm', 'external_template info'],
    ['attachedTemplate', 'Normal.dotm', 'external_template info'],
    ['oleObject', 'https://example.org/a', 'external_code block'],
    ['oleObject', 'mhtml:https://example.org/a!x-usc:https://example.org/a', 'external_code block'],
    ['oleObject', 'file:///C:\\a.xlsx', 'external_code warn'],
    ['frame', 'http://example.org', 'external_code block'],
    ['subDocument', '\\\\host\\a.docx', 'external_code block'],
    ['mailMergeSource', 'file:///C:\\a.mdb', 'external_code warn'],
    ['http://example.org/unknown', 'http://example.org', 'external_code block'],
    ['aFChunk', 'http://example.org/a.html', 'external_code block'],
    ['image', 'http://example.org/a.png', 'external_image warn'],
    ['image', '\\\\host\\a.png', 'external_image block'],
    ['image', 'file:///C:\\a.png', 'external_image info'],
    ['http://schemas.microsoft.com/office/2007/relationships/media', 'http://example.org/a.mp4', 'external_media warn'],
    ['video', 'file://host/a.mp4', 'external_media block'],
    ['externalLinkPath', 'file:///C:\\a.xlsx', 'external_workbook warn'],
    ['externalLinkPath', 'https://example.org/a.xlsx', 'external_workbook block'],
    [
      'http://purl.oclc.org/ooxml/officeDocument/relationships/externalLinkPath',
      '//host/a.xlsx',
      'external_workbook block',
    ],
    ['hyperlink', 'https://example.org', 'hyperlink info'],
    ['hyperlink', 'mailto:a@example.org', 'hyperlink info'],
    ['hyperlink', 'ms-word:ofe|u|https://example.org/a.docx', 'hyperlink info'],
    ['hyperlink', 'file:///C:\\a.docx', 'hyperlink_unsafe warn'],
    ['hyperlink', '\\\\host\\a', 'hyperlink_unsafe warn'],
    ['hyperlink', 'javascript://', 'hyperlink_unsafe warn'],
    ['hyperlink', 'consultantplus://x', 'hyperlink_unsafe warn'],
    ['hyperlink', 'vbscript:x', 'hyperlink_unsafe block'],
    ['hyperlink', 'ms-msdt:/id PCWDiagnostic', 'hyperlink_unsafe block'],
    ['hyperlink', 'search-ms:query=x', 'hyperlink_unsafe block'],
    ['hyperlink', 'data:text/html,x', 'hyperlink_unsafe block'],
  ]
  for (const [type, target, finding] of table)
    assert.deepEqual(await related(type, target), [finding], `${type} ${target}`)
  assert.deepEqual(
    await related('image', 'http://example.org/a.png', false),
    ['external_image warn'],
    'external by target, whatever the mode',
  )
})

test('targets in attributes and in properties', async () => {
  assert.deepEqual(await word('<v:imagedata src="http://example.org/a.png"/>'), ['external_image warn'])
  assert.deepEqual(await word('<v:fill o:href="\\\\host\\a.png"/>'), ['external_image block'])
  assert.deepEqual(await word('<v:shape href="vbscript:x"/>'), ['hyperlink_unsafe block'])
  assert.deepEqual(await word('<v:imagedata src="media/image1.png" o:href="#a"/>'), [])
  const image = (text: string): Promise<string[]> =>
    word('', {
      extraParts: { 'word/media/a.svg': text },
      relationships: [{ id: 's', type: 'image', target: 'media/a.svg' }],
    })
  assert.deepEqual(
    await image(
      '<svg xmlns="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink"><image l:href="http://example.org/a.png"/></svg>',
    ),
    ['external_image warn'],
  )
  assert.deepEqual(
    await image(
      '<svg xmlns="http://www.w3.org/2000/svg"><image href="data:image/png;base64,AAAA"/><use href="#a"/></svg>',
    ),
    [],
  )
  const base =
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><HyperlinkBase>\\\\host\\share</HyperlinkBase></Properties>'
  assert.ok((await word('', { extraParts: { 'docProps/app.xml': base } })).includes('hyperlink_unsafe warn'))
})

test('formulas and links of workbooks', async () => {
  const formula = (text: string): Promise<string[]> =>
    sheet(`<sheetData><row r="1"><c r="A1"><f>${text}</f></c></row></sheetData>`)
  for (const text of ["cmd|'/c calc'!A0", "-1+cmd|' /C calc'!A0", 'MSEXCEL|x!y', '"never closed |'])
    assert.deepEqual(await formula(text), ['dde block'], text)
  for (const text of ['_xlfn.WEBSERVICE("http://example.org")', 'RTD("x",,"y")', 'IF(TRUE, image ("http://x"))'])
    assert.deepEqual(await formula(text), ['active_content warn'], text)
  for (const text of ["SUM('a|b'!A1)", 'A1&amp;"|"', 'Table1[a|b]', 'MYIMAGE(1)', '_xlfn.IMAGES(1)', 'SUM(A1:A3)'])
    assert.deepEqual(await formula(text), [], text)
  assert.deepEqual(
    await sheet('', {
      extraParts: {
        'xl/externalLinks/externalLink1.xml': `<externalLink xmlns="${SHEET}"><ddeLink ddeService="cmd" ddeTopic="x"/></externalLink>`,
      },
      relationships: [{ id: 'e', type: 'externalLink', target: 'externalLinks/externalLink1.xml' }],
    }),
    ['dde block'],
  )
})

test('data connections: told, and refused if they are remote and refreshed on opening', async () => {
  const connected = (connection: string, table = ''): Promise<string[]> =>
    sheet(table, {
      extraParts: { 'xl/connections.xml': `<connections xmlns="${SHEET}">${connection}</connections>` },
      relationships: [{ id: 'c', type: 'connections', target: 'connections.xml' }],
    })
  assert.deepEqual(
    await connected(
      '<connection id="1" refreshOnLoad="1"><dbPr connection="Provider=x;Data Source=C:\\a.mdb"/></connection>',
    ),
    ['active_content warn'],
  )
  assert.deepEqual(await connected('<connection id="1"><webPr url="http://example.org"/></connection>'), [
    'active_content warn',
  ])
  assert.ok(
    (await connected('<connection id="1" refreshOnLoad="1"><webPr url="http://example.org"/></connection>')).includes(
      'active_content block',
    ),
  )
  assert.ok(
    (
      await connected(
        '<connection id="1"><dbPr connection="Data Source=\\\\host\\a.mdb"/></connection>',
        '<queryTable refreshOnLoad="1"/>',
      )
    ).includes('active_content block'),
  )
})

test('ActiveX and actions', async () => {
  const control: OfficeRelationship[] = [{ id: 'c', type: 'control', target: 'activeX/activeX1.xml' }]
  assert.deepEqual(await word('', { extraParts: { 'word/activeX/activeX1.xml': '<ocx/>' }, relationships: control }), [
    'activex block',
  ])
  assert.deepEqual(await sheet('<controls><control shapeId="1" name="Button 1"/></controls>'), [], 'a form control')
  const slide = (inside: string): Promise<string[]> =>
    found({ type: 'pptx', extraParts: { 'ppt/slides/slide1.xml': `<p:sld xmlns:p="${SLIDE}">${inside}</p:sld>` } })
  assert.deepEqual(await slide('<hlinkClick action="ppaction://program"/>'), ['active_content block'])
  assert.deepEqual(await slide('<hlinkHover action="ppaction://macro?name=x"/>'), ['active_content block'])
  assert.deepEqual(await slide('<hlinkClick action="ppaction://hlinksldjump"/>'), [])
})

const object = (bytes: Buffer): Promise<string[]> =>
  word('', {
    extraParts: { 'word/embeddings/oleObject1.bin': bytes },
    relationships: [{ id: 'o', type: 'oleObject', target: 'embeddings/oleObject1.bin' }],
  })
const native = (name: string, data: string): Buffer =>
  makeOle({ '\u0001Ole10Native': makePackager(name, Buffer.from(data)) })

test('embedded OLE objects are looked into', async () => {
  assert.deepEqual(await object(makeOle({ Contents: Buffer.from('x') })), ['embedded_ole warn'])
  assert.deepEqual(await object(native('offer.pdf', '%PDF-1.7')), ['embedded_ole warn'])
  for (const [name, data] of [
    ['a.exe', 'x'],
    ['a.pdf.JS ', 'x'],
    ['a.lnk.', 'x'],
    ['a.pdf', 'MZ'],
    ['a.txt', '#!/bin/sh'],
    ['a.txt', '\ufeff  <script>'],
  ])
    assert.deepEqual(await object(native(String(name), String(data))), ['embedded_executable block'], `${name} ${data}`)
  assert.deepEqual(await object(makeOle({ '\u0001Ole10Native': Buffer.from('not a packager') })), [
    'embedded_executable block',
  ])
  assert.deepEqual(await object(makeOle({}, Buffer.from('02ce020000000000c000000000000046', 'hex'))), [
    'embedded_executable block',
  ])
  assert.deepEqual(await object(makeOle({ 'Equation Native': Buffer.from('x') })), ['embedded_executable block'])
  assert.deepEqual(await object(makeOle({ _VBA_PROJECT: Buffer.from('x') })), ['macros block'])
  assert.deepEqual(await object(makeOle({ EncryptedPackage: Buffer.from('x') })), ['encrypted_document block'])
  assert.deepEqual(await object(makeOle({}).subarray(0, 600)), ['embedded_executable block'])
})

test('embedded documents are inspected as documents', async () => {
  const inner = (options: OfficeOptions): Promise<string[]> =>
    word('', {
      extraParts: { 'word/embeddings/a.bin': makeOffice(options) },
      relationships: [{ id: 'p', type: 'package', target: 'embeddings/a.bin' }],
    })
  assert.deepEqual(await inner({ type: 'xlsx' }), [])
  assert.deepEqual(await inner({ type: 'xlsx', extraParts: { 'xl/vbaProject.bin': 'x' } }), [
    'macros block',
    'hidden_part warn',
  ])
  assert.deepEqual(await inner({ type: 'docx', zip: { suffix: Buffer.from('x') } }), ['zip_structure block'])
  const deep = (depth: number): Buffer =>
    makeOffice({
      type: 'docx',
      extraParts: depth === 0 ? {} : { 'word/embeddings/a.docx': deep(depth - 1) },
      relationships: [{ id: 'p', type: 'package', target: 'embeddings/a.docx' }],
    })
  const verdict = (depth: number) => inspect({ name: 'a.docx', source: bufferSource(deep(depth)) })
  assert.equal((await verdict(3)).verdict, 'accept')
  assert.equal((await verdict(4)).findings[0]?.code, 'zip_bomb')
  const { findings } = await inspect({
    name: 'a.docx',
    source: bufferSource(
      makeOffice({
        type: 'docx',
        extraParts: {
          'word/embeddings/a.docx': makeOffice({ type: 'xlsx', extraParts: { 'xl/vbaProject.bin': 'x' } }),
        },
        relationships: [{ id: 'p', type: 'package', target: 'embeddings/a.docx' }],
      }),
    ),
  })
  assert.equal(findings[0]?.where, 'word/embeddings/a.docx > xl/vbaProject.bin')
})

test('parts that nothing leads to, and programs among the parts', async () => {
  assert.deepEqual(await word('', { extraParts: { 'word/notes.txt': 'secret' } }), ['hidden_part warn'])
  const program = Buffer.alloc(200)
  program.write('MZ')
  program.writeUInt32LE(128, 60)
  program.write('PE\0\0', 128)
  assert.deepEqual(await word('', { extraParts: { 'word/a.png': program } }), ['hidden_part block', 'hidden_part warn'])
  const picture: OfficeRelationship[] = [{ id: 'i', type: 'image', target: 'a.png' }]
  assert.deepEqual(await word('', { extraParts: { 'word/a.png': program }, relationships: picture }), [
    'embedded_executable block',
  ])
  assert.deepEqual(
    await word('', { extraParts: { 'word/a.png': 'MZ is how this begins' }, relationships: picture }),
    [],
  )
})

test('chunks of other formats', async () => {
  const chunk = (text: string): Promise<string[]> =>
    word('', {
      extraParts: { 'word/chunk.dat': text },
      relationships: [{ id: 'a', type: 'aFChunk', target: 'chunk.dat' }],
    })
  for (const text of [
    '{\\rtf1 x}',
    'MIME-Version: 1.0\n',
    '<html><script>x</script>',
    '<p onclick=x>',
    '<img src="http://example.org/a.png">',
    '<p style="background:url(//host/a)">',
    Buffer.from('<SCRIPT>', 'utf16le').toString('latin1'),
  ])
    assert.ok((await chunk(text)).includes('active_content block'), text)
  for (const text of [
    '<html><p>Hello</p><a href="http://example.org">x</a></html>',
    'plain text',
    '<img src="image1.png">',
  ])
    assert.ok(!(await chunk(text)).includes('active_content block'), text)
  assert.deepEqual(await chunk(`<p ${' src '.repeat(100_000)}`), [], 'in linear time')
})

test('what an author may have forgotten, counted', async () => {
  const author = '<w:ins w:author="a"><w:r/></w:ins>'
  assert.deepEqual(await word(`<w:p>${author}<w:del/><w:moveFrom/></w:p>`), ['leak_changes warn'])
  assert.deepEqual(await word('<w:r><w:rPr><w:vanish/></w:rPr></w:r>'), ['leak_hidden warn'])
  const comments = {
    'word/comments.xml': `<w:comments xmlns:w="${WORD}"><w:comment w:id="1"/><w:comment w:id="2"/></w:comments>`,
  }
  const source = bufferSource(
    makeOffice({
      type: 'docx',
      extraParts: comments,
      relationships: [{ id: 'c', type: 'comments', target: 'comments.xml' }],
    }),
  )
  const { findings } = await inspect({ name: 'a.docx', source })
  assert.match(findings[0]?.message ?? '', /: 2\./)
  assert.deepEqual(await sheet('<sheetData><row r="1" hidden="1"/><row r="2" hidden="0"/></sheetData>'), [
    'leak_hidden warn',
  ])
  const hidden = `<workbook xmlns="${SHEET}"><sheets><sheet name="a" sheetId="1" state="veryHidden"/></sheets></workbook>`
  assert.deepEqual(await found({ type: 'xlsx', extraParts: { 'xl/workbook.xml': hidden } }), ['leak_hidden warn'])
  assert.deepEqual(
    await found({ type: 'pptx', extraParts: { 'ppt/slides/slide1.xml': `<p:sld xmlns:p="${SLIDE}" show="0"/>` } }),
    ['leak_hidden warn'],
  )
  const core =
    '<p:coreProperties xmlns:p="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Ann</dc:creator></p:coreProperties>'
  assert.ok((await word('', { extraParts: { 'docProps/core.xml': core } })).includes('leak_author info'))
})
