import { deflateRawSync } from 'node:zlib'
import { makeOffice } from '../test/office.ts'

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const MiB = 2 ** 20

const document = (body: string, attributes = '') =>
  `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="${WORD}"${attributes}><w:body>${body}</w:body></w:document>`
const withBody = (body: string, attributes?: string) => () =>
  makeOffice({ type: 'docx', extraParts: { 'word/document.xml': document(body, attributes) } })
const filled = (piece: string, bytes: number) => piece.repeat(Math.floor(bytes / piece.length))
const unlike = (index: number) => `<w:p><w:r><w:t>${(index * 2_654_435_761) % 4_294_967_296}</w:t></w:r></w:p>`
const prose = (bytes: number) => {
  const parts: string[] = []
  for (let length = 0, index = 0; length < bytes; index++) {
    const part = unlike(index)
    parts.push(part)
    length += part.length
  }
  return parts.join('')
}

/** Honest giants, and documents whose only purpose is to cost. Each is small to send for what it makes the reader do. */
export const costly: { what: string; name: string; make: () => Buffer }[] = [
  { what: 'text of 1 MiB packed', name: 'a.docx', make: withBody(prose(7 * MiB)) },
  { what: 'text of 60 MiB', name: 'a.docx', make: withBody(prose(60 * MiB)) },
  { what: 'stored picture of 100 MiB', name: 'a.docx', make: () => makeOffice({ type: 'docx', padTo: 100 * MiB }) },
  { what: '63 MiB of empty elements', name: 'a.docx', make: withBody(filled('<w:p/>', 63 * MiB)) },
  {
    what: '63 MiB of entities',
    name: 'a.docx',
    make: withBody(`<w:p><w:r><w:t>${filled('&lt;', 63 * MiB)}</w:t></w:r></w:p>`),
  },
  { what: 'one attribute of 60 MiB', name: 'a.docx', make: withBody(`<w:p w:rsidR="${'a'.repeat(60 * MiB)}"/>`) },
  {
    what: 'a million attributes',
    name: 'a.docx',
    make: withBody(`<w:p ${Array.from({ length: 1_000_000 }, (_, i) => `a${i}=""`).join(' ')}/>`),
  },
  { what: '200,000 namespaces', name: 'a.docx', make: withBody(filled('<x:p xmlns:x="urn:x"/>', 200_000 * 22)) },
  {
    what: '250 levels, over and over',
    name: 'a.docx',
    make: withBody(filled(`${'<w:p>'.repeat(250)}${'</w:p>'.repeat(250)}`, 60 * MiB)),
  },
  {
    what: '300,000 field starts',
    name: 'a.docx',
    make: withBody(filled('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', 300_000 * 45)),
  },
  {
    what: 'a field instruction in 500,000 runs',
    name: 'a.docx',
    make: withBody(
      `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>${filled('<w:r><w:instrText>A </w:instrText></w:r>', 500_000 * 41)}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`,
    ),
  },
  {
    what: '9,000 parts of nothing',
    name: 'a.docx',
    make: () =>
      makeOffice({
        type: 'docx',
        extraParts: Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`word/media/p${i}.xml`, '<a/>'])),
      }),
  },
  {
    what: '100,000 relationships',
    name: 'a.docx',
    make: () =>
      makeOffice({
        type: 'docx',
        relationships: Array.from({ length: 100_000 }, (_, i) => ({
          id: `r${i}`,
          type: 'hyperlink',
          target: `https://example.com/${i}`,
          external: true,
        })),
      }),
  },
  {
    what: '200 documents in one',
    name: 'a.docx',
    make: () => {
      const inner = makeOffice({ type: 'xlsx', text: 'x'.repeat(10_000) })
      return makeOffice({
        type: 'docx',
        extraParts: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`word/embeddings/b${i}.xlsx`, inner])),
        contentTypes: Object.fromEntries(
          Array.from({ length: 200 }, (_, i) => [
            `/word/embeddings/b${i}.xlsx`,
            'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          ]),
        ),
        relationships: Array.from({ length: 200 }, (_, i) => ({
          id: `e${i}`,
          type: 'package',
          target: `embeddings/b${i}.xlsx`,
        })),
      })
    },
  },
  {
    what: '4 GiB of zeros, packed',
    name: 'a.docx',
    make: () => {
      const zeros = Buffer.alloc(16 * MiB)
      return makeOffice({
        type: 'docx',
        extraParts: Object.fromEntries(Array.from({ length: 256 }, (_, i) => [`word/media/z${i}.bin`, zeros])),
      })
    },
  },
  {
    what: 'noise under an honest name',
    name: 'a.docx',
    make: () => deflateRawSync(Buffer.alloc(100 * MiB, 'PK\x03\x04'), { level: 1 }),
  },
]
