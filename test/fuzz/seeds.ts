import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeOffice, type OfficeOptions, officeEntries } from '../office.ts'
import { makeOle, makePackager } from '../ole.ts'
import type { ZipEntry } from '../zip.ts'
import { readLast } from './readers.ts'

/** A file to start from: its entries, to be put together otherwise, and its bytes. */
export type Seed = { name: string; entries: ZipEntry[]; bytes: Buffer }

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006'
const NAMESPACES = `xmlns:w="${WORD}" xmlns:r="${OFFICE}/relationships" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`

const mark = (kind: string): string => `<w:r><w:fldChar w:fldCharType="${kind}"/></w:r>`
const field = (text: string): string =>
  `<w:p>${mark('begin')}<w:r><w:instrText xml:space="preserve"> ${text} </w:instrText></w:r>${mark('separate')}<w:r><w:t>1</w:t></w:r>${mark('end')}</w:p>`
const body = (inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<w:document ${NAMESPACES}><w:body>${inside}</w:body></w:document>`

/** Small documents with something of everything the inspection looks at, sound ones and (to be broken) unsound ones. */
const documents = (): OfficeOptions[] => [
  { type: 'docx' },
  { type: 'xlsx' },
  { type: 'pptx' },
  { type: 'docx', entry: { descriptor: 'signed' } },
  { type: 'xlsx', entry: { method: 0 }, zip: { zip64: {} } },
  { type: 'pptx', entry: { descriptor: 'unsigned' } },
  {
    type: 'docx',
    extraParts: {
      'word/document.xml': body(
        `${field('PAGE \\* MERGEFORMAT')}${field('HYPERLINK "http://example.org"')}<w:p><mc:AlternateContent><mc:Choice Requires="wps"><w:r/></mc:Choice><mc:Fallback><w:pict><v:imagedata r:id="rId9" o:href="#a"/></w:pict></mc:Fallback></mc:AlternateContent></w:p>`,
      ),
      'word/header1.xml': `<w:hdr ${NAMESPACES}>${field('NUMPAGES')}</w:hdr>`,
      'word/embeddings/a.xlsx': makeOffice({ type: 'xlsx' }),
    },
    relationships: [
      { id: 'h', type: 'header', target: 'header1.xml' },
      { id: 'p', type: 'package', target: 'embeddings/a.xlsx' },
      { id: 'l', type: 'hyperlink', target: 'https://example.org/', external: true },
    ],
    contentTypes: { '/word/header1.xml': 'application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml' },
  },
  {
    type: 'docx',
    extraParts: {
      'word/embeddings/oleObject1.bin': makeOle({ '\u0001Ole10Native': makePackager('a.txt', Buffer.from('text')) }),
      'word/chunk.html': '<html><p>Hello</p></html>',
    },
    relationships: [
      { id: 'o', type: 'oleObject', target: 'embeddings/oleObject1.bin' },
      { id: 'c', type: 'aFChunk', target: 'chunk.html' },
      { id: 't', type: 'attachedTemplate', target: 'file:///C:\\a.dotm', external: true },
    ],
  },
  {
    type: 'xlsx',
    extraParts: {
      'xl/worksheets/sheet1.xml': `<worksheet xmlns="${SHEET}"><sheetData><row r="1"><c r="A1"><f>SUM(1,2)</f><v>3</v></c></row></sheetData></worksheet>`,
      'xl/connections.xml': `<connections xmlns="${SHEET}"><connection id="1"><webPr url="http://example.org"/></connection></connections>`,
    },
    relationships: [{ id: 'c', type: 'connections', target: 'connections.xml' }],
  },
  { type: 'docx', extraParts: { 'word/document.xml': body(field('DDEAUTO cmd')) } },
  {
    type: 'docx',
    extraParts: { 'word/vbaProject.bin': makeOle({ _VBA_PROJECT: Buffer.from('x') }) },
    relationships: [
      { id: 'm', type: 'http://schemas.microsoft.com/office/2006/relationships/vbaProject', target: 'vbaProject.bin' },
    ],
    contentTypes: { '/word/vbaProject.bin': 'application/vnd.ms-office.vbaProject' },
  },
  {
    type: 'docx',
    relationships: [{ id: 't', type: 'attachedTemplate', target: 'http://example.org/a.dotm', external: true }],
  },
]

export const madeSeeds = (): Seed[] =>
  documents().map(options => ({
    name: `a.${options.type}`,
    entries: officeEntries(options),
    bytes: makeOffice(options),
  }))

/** From the corpus's manifest: small files that are to be accepted, every `step`th. */
export const corpusSeeds = (folder: string, { maxBytes, step }: { maxBytes: number; step: number }): Seed[] => {
  const [head = '', ...lines] = readFileSync(join(folder, 'manifest.tsv'), 'utf8').trimEnd().split('\n')
  const columns = head.split('\t')
  return lines
    .map(line => {
      const cells = line.split('\t')
      return (column: string): string => cells[columns.indexOf(column)] ?? ''
    })
    .filter(cell => cell('expect') === 'accept' && Number(cell('bytes')) <= maxBytes)
    .filter((_, nth) => nth % step === 0)
    .map(cell => {
      const bytes = readFileSync(join(folder, cell('file')))
      return seedOf(`a.${cell('ext')}`, bytes)
    })
}

/** A file as a seed: its entries as far as they can be read. */
export const seedOf = (name: string, bytes: Buffer): Seed => {
  try {
    const entries = readLast(bytes).map(entry => ({
      name: Buffer.from(entry.name, 'latin1'),
      data: Buffer.from(entry.data),
    }))
    return { name, entries, bytes }
  } catch {
    return { name, entries: [], bytes }
  }
}
