import { createCipheriv } from 'node:crypto'
import { makeZip, type ZipEntry, type ZipOptions } from './zip.ts'

export type OfficeType = 'docx' | 'xlsx' | 'pptx'

export type OfficeRelationship = { id: string; type: string; target: string; external?: boolean }

export type OfficeOptions = {
  type: OfficeType
  /** The text of the one paragraph, cell or slide. */
  text?: string
  /** More parts, by name without a leading slash (`word/media/image2.png`); one that exists already is replaced. */
  extraParts?: Record<string, string | Buffer>
  /** More relationships of the main part; a type without `:` is taken as one of officeDocument's. */
  relationships?: OfficeRelationship[]
  /** More `<Override>`s: part name with its leading slash, content type. */
  contentTypes?: Record<string, string>
  /** The exact size of the result in bytes, reached by a stored, incompressible picture that the main part refers to. */
  padTo?: number
  /** How each entry is written; see `makeZip`. */
  entry?: Partial<ZipEntry>
  zip?: ZipOptions
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const MEDIA_TYPE = 'application/vnd.openxmlformats-officedocument'
const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const SLIDE = 'http://schemas.openxmlformats.org/presentationml/2006/main'
const DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006/main'

const escapeXml = (text: string): string =>
  text.replace(/[&<>"]/g, found => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[found] ?? '')

const relationshipsXml = (relationships: OfficeRelationship[]): string =>
  `${XML}<Relationships xmlns="${PACKAGE}/relationships">${relationships
    .map(({ id, type, target, external }) => {
      const uri = type.includes(':') ? type : `${OFFICE}/relationships/${type}`
      const mode = external === true ? ' TargetMode="External"' : ''
      return `<Relationship Id="${id}" Type="${escapeXml(uri)}" Target="${escapeXml(target)}"${mode}/>`
    })
    .join('')}</Relationships>`

type Skeleton = {
  main: string
  types: Record<string, string>
  relationships: OfficeRelationship[]
  parts: Record<string, string>
}

const wordSkeleton = (text: string): Skeleton => ({
  main: 'word/document.xml',
  types: { '/word/document.xml': `${MEDIA_TYPE}.wordprocessingml.document.main+xml` },
  relationships: [],
  parts: {
    'word/document.xml': `${XML}<w:document xmlns:w="${WORD}" xmlns:r="${OFFICE}/relationships"><w:body><w:p><w:r><w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r></w:p><w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`,
  },
})

const sheetSkeleton = (text: string): Skeleton => ({
  main: 'xl/workbook.xml',
  types: {
    '/xl/workbook.xml': `${MEDIA_TYPE}.spreadsheetml.sheet.main+xml`,
    '/xl/worksheets/sheet1.xml': `${MEDIA_TYPE}.spreadsheetml.worksheet+xml`,
  },
  relationships: [{ id: 'rId1', type: 'worksheet', target: 'worksheets/sheet1.xml' }],
  parts: {
    'xl/workbook.xml': `${XML}<workbook xmlns="${SHEET}" xmlns:r="${OFFICE}/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/worksheets/sheet1.xml': `${XML}<worksheet xmlns="${SHEET}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>${escapeXml(text)}</t></is></c></row></sheetData></worksheet>`,
  },
})

const slideTree = (shapes: string): string =>
  `<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>${shapes}</p:spTree></p:cSld>`

const slideRoot = (name: string, attributes: string, body: string): string =>
  `${XML}<p:${name} xmlns:p="${SLIDE}" xmlns:a="${DRAWING}" xmlns:r="${OFFICE}/relationships"${attributes}>${body}</p:${name}>`

const themeXml = (): string => {
  const colour = (name: string, value: string): string => `<a:${name}><a:srgbClr val="${value}"/></a:${name}>`
  const names = [
    'dk1',
    'lt1',
    'dk2',
    'lt2',
    'accent1',
    'accent2',
    'accent3',
    'accent4',
    'accent5',
    'accent6',
    'hlink',
    'folHlink',
  ]
  const colours = names.map((name, index) => colour(name, index % 2 === 0 ? '1F2A44' : 'FFFFFF')).join('')
  const font = '<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>'
  const fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
  const line = `<a:ln w="6350">${fill}</a:ln>`
  const effect = '<a:effectStyle><a:effectLst/></a:effectStyle>'
  return `${XML}<a:theme xmlns:a="${DRAWING}" name="Plain"><a:themeElements><a:clrScheme name="Plain">${colours}</a:clrScheme><a:fontScheme name="Plain"><a:majorFont>${font}</a:majorFont><a:minorFont>${font}</a:minorFont></a:fontScheme><a:fmtScheme name="Plain"><a:fillStyleLst>${fill.repeat(3)}</a:fillStyleLst><a:lnStyleLst>${line.repeat(3)}</a:lnStyleLst><a:effectStyleLst>${effect.repeat(3)}</a:effectStyleLst><a:bgFillStyleLst>${fill.repeat(3)}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>`
}

const slideSkeleton = (text: string): Skeleton => {
  const map =
    'bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"'
  const override = '<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr>'
  const box = `<p:sp><p:nvSpPr><p:cNvPr id="2" name="Text"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="838200" y="838200"/><a:ext cx="7467600" cy="914400"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:t>${escapeXml(text)}</a:t></a:r></a:p></p:txBody></p:sp>`
  const type = (name: string): string => `${MEDIA_TYPE}.presentationml.${name}+xml`
  return {
    main: 'ppt/presentation.xml',
    types: {
      '/ppt/presentation.xml': type('presentation.main'),
      '/ppt/slideMasters/slideMaster1.xml': type('slideMaster'),
      '/ppt/slideLayouts/slideLayout1.xml': type('slideLayout'),
      '/ppt/slides/slide1.xml': type('slide'),
      '/ppt/theme/theme1.xml': `${MEDIA_TYPE}.theme+xml`,
    },
    relationships: [
      { id: 'rId1', type: 'slideMaster', target: 'slideMasters/slideMaster1.xml' },
      { id: 'rId2', type: 'slide', target: 'slides/slide1.xml' },
    ],
    parts: {
      'ppt/presentation.xml': slideRoot(
        'presentation',
        '',
        '<p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/></p:sldMasterIdLst><p:sldIdLst><p:sldId id="256" r:id="rId2"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/>',
      ),
      'ppt/slideMasters/slideMaster1.xml': slideRoot(
        'sldMaster',
        '',
        `${slideTree('')}<p:clrMap ${map}/><p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst>`,
      ),
      'ppt/slideMasters/_rels/slideMaster1.xml.rels': relationshipsXml([
        { id: 'rId1', type: 'slideLayout', target: '../slideLayouts/slideLayout1.xml' },
        { id: 'rId2', type: 'theme', target: '../theme/theme1.xml' },
      ]),
      'ppt/slideLayouts/slideLayout1.xml': slideRoot('sldLayout', ' type="blank"', `${slideTree('')}${override}`),
      'ppt/slideLayouts/_rels/slideLayout1.xml.rels': relationshipsXml([
        { id: 'rId1', type: 'slideMaster', target: '../slideMasters/slideMaster1.xml' },
      ]),
      'ppt/slides/slide1.xml': slideRoot('sld', '', `${slideTree(box)}${override}`),
      'ppt/slides/_rels/slide1.xml.rels': relationshipsXml([
        { id: 'rId1', type: 'slideLayout', target: '../slideLayouts/slideLayout1.xml' },
      ]),
      'ppt/theme/theme1.xml': themeXml(),
    },
  }
}

const skeletons = { docx: wordSkeleton, xlsx: sheetSkeleton, pptx: slideSkeleton }

/** Incompressible and the same every time: an AES-CTR key stream over zeros behind a PNG signature. */
const picture = (length: number): Buffer => {
  const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(length))
  Buffer.from('\x89PNG\r\n\x1a\n', 'latin1').copy(noise)
  return noise
}

const contentTypesXml = (overrides: Record<string, string>): string => {
  const list = Object.entries(overrides).map(([part, type]) => `<Override PartName="${part}" ContentType="${type}"/>`)
  return `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>${list.join('')}</Types>`
}

/** The entries of a small honest document, for tests that want to spoil one before `makeZip`. */
export const officeEntries = (options: OfficeOptions, padding = 0): ZipEntry[] => {
  const skeleton = skeletons[options.type](options.text ?? 'Hello')
  const folder = skeleton.main.slice(0, skeleton.main.indexOf('/'))
  const base = skeleton.main.slice(folder.length + 1)
  const pad = { id: 'rIdPad', type: 'image', target: 'media/padding.png' }
  const relationships = [
    ...skeleton.relationships,
    ...(options.relationships ?? []),
    ...(options.padTo === undefined ? [] : [pad]),
  ]
  const parts: Record<string, string | Buffer> = {
    '[Content_Types].xml': contentTypesXml({ ...skeleton.types, ...options.contentTypes }),
    '_rels/.rels': relationshipsXml([{ id: 'rId1', type: 'officeDocument', target: skeleton.main }]),
    [`${folder}/_rels/${base}.rels`]: relationshipsXml(relationships),
    ...skeleton.parts,
    ...options.extraParts,
  }
  const entries: ZipEntry[] = Object.entries(parts).map(([name, data]) => ({ name, data, ...options.entry }))
  if (options.padTo === undefined) return entries
  return [...entries, { name: `${folder}/media/padding.png`, data: picture(padding), ...options.entry, method: 0 }]
}

/**
 * A small sound Word, Excel or PowerPoint document that Office opens, the same bytes every time.
 * With `padTo` it has exactly that many bytes (made in memory: for tests and the demo).
 */
export const makeOffice = (options: OfficeOptions): Buffer => {
  const bare = makeZip(officeEntries(options), options.zip)
  if (options.padTo === undefined) return bare
  if (options.padTo < bare.length) throw new RangeError(`padTo is below the ${bare.length} bytes it takes already`)
  return makeZip(officeEntries(options, options.padTo - bare.length), options.zip)
}
