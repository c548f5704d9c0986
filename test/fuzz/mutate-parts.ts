import { makeZip, type ZipEntry } from '../zip.ts'
import type { Random } from './random.ts'

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const MC = 'http://schemas.openxmlformats.org/markup-compatibility/2006'

/** Tags and texts that mean something to somebody. */
const SNIPPETS = [
  '<!DOCTYPE x [<!ENTITY e "e">]>',
  '<!-- <!DOCTYPE x> -->',
  '<![CDATA[<Relationship/>]]>',
  '<?xml version="1.0" encoding="UTF-7"?>',
  '<?xml-stylesheet href="http://example.org/a.xsl"?>',
  `<mc:AlternateContent xmlns:mc="${MC}"><mc:Choice Requires="x"><x/></mc:Choice><mc:Fallback/></mc:AlternateContent>`,
  `<Relationship Id="x1" Type="${OFFICE}/attachedTemplate" Target="http://example.org/a.dotm" TargetMode="External"/>`,
  `<Relationship Id="x2" Type="${OFFICE}/officeDocument" Target="word/other.xml"/>`,
  `<x:Relationship xmlns:x="urn:x" Id="x3" Type="${OFFICE}/officeDocument" Target="word/document.xml"/>`,
  `<Relationship Id="x4" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>`,
  '<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>',
  '<x:Override xmlns:x="urn:x" PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>',
  '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>',
  '<Default Extension="XML" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>',
  '<w:fldSimple w:instr="DDEAUTO cmd"/>',
  '<w:instrText> DDEAUTO cmd </w:instrText>',
  '<w:fldChar w:fldCharType="begin"/>',
  '<w:fldChar w:fldCharType="end"/>',
  '<f>cmd|x!y</f>',
  '&#60;',
  '&e;',
  '\ud800',
  '\0',
]
const TARGETS = [
  'http://example.org/',
  '\\\\host\\share',
  'file://host/a',
  '..%2f..%2fword/document.xml',
  '/WORD/document.xml',
  './../word/./document.xml',
  'word%2Fdocument.xml',
  '#x',
  '',
  '?',
  '//',
  'C:\\a',
  'javascript:x',
]
const TAG = /<[^>]*>/g
const ATTRIBUTE = /[\w:]+\s*=\s*"[^"]*"/g

type Mutate = (text: string, random: Random) => string

const at = (text: string, pattern: RegExp, random: Random, make: (found: string) => string): string => {
  const found = [...text.matchAll(pattern)]
  if (found.length === 0) return text
  const { index, 0: whole } = random.pick(found)
  return text.slice(0, index) + make(whole) + text.slice(index + whole.length)
}

const mutations: readonly Mutate[] = [
  (text, random) => at(text, TAG, random, () => ''),
  (text, random) => at(text, TAG, random, tag => tag + tag),
  (text, random) => at(text, TAG, random, tag => tag + random.pick(SNIPPETS)),
  (text, random) => at(text, TAG, random, tag => random.pick(SNIPPETS) + tag),
  (text, random) => at(text, TAG, random, tag => `<x:y xmlns:x="urn:x">${tag}</x:y>`),
  (text, random) =>
    at(text, /<[\w:]+/g, random, tag => tag.replace(/^<(\w+:)?/, () => random.pick(['<', '<x:', '<w:', '<mc:']))),
  (text, random) => at(text, ATTRIBUTE, random, () => ''),
  (text, random) => at(text, ATTRIBUTE, random, found => `${found} xmlns:z="urn:z" z:${found.replace(/^\w+:/, '')}`),
  (text, random) =>
    at(
      text,
      ATTRIBUTE,
      random,
      found => `xmlns:z="urn:z" z:${found.replace(/^\w+:/, '').replace(/"[^"]*"/, '"x"')} ${found}`,
    ),
  (text, random) => at(text, ATTRIBUTE, random, found => found.replace(/"[^"]*"/, () => `"${random.pick(TARGETS)}"`)),
  (text, random) =>
    at(text, /(?<=")[^"]+(?=")/g, random, value => value.replace(/[a-z]/i, one => `&#${one.charCodeAt(0)};`)),
  (text, random) => at(text, /(?<=")[^"]+(?=")/g, random, value => value.toUpperCase()),
  (text, random) =>
    at(text, /(?<=")[^"]+(?=")/g, random, value =>
      random.pick([` ${value} `, `${value}?x`, `${value}#x`, `/${value}`, `${value};x=y`]),
    ),
  (text, random) =>
    at(text, /(?<=")[^"]+(?=")/g, random, value => `%${(value.charCodeAt(0) & 0x7f).toString(16)}${value.slice(1)}`),
  (text, random) =>
    text.replaceAll('http://schemas.openxmlformats.org/officeDocument/2006', () =>
      random.pick([
        'http://purl.oclc.org/ooxml/officeDocument',
        'HTTP://schemas.openxmlformats.org/officeDocument/2006',
      ]),
    ),
  (text, random) =>
    at(text, /http:\/\/schemas\.[^"]*/g, random, value =>
      value.replace(
        'schemas.openxmlformats.org/wordprocessingml/2006/main',
        'purl.oclc.org/ooxml/wordprocessingml/main',
      ),
    ),
  (text, random) =>
    text.replace(/<\?xml[^>]*\?>/, () =>
      random.pick([
        '',
        '<?xml version="1.1"?>',
        '<?xml version="1.0" encoding="UTF-16"?>',
        '<?xml version="1.0" encoding="us-ascii"?>',
        '<?xml version="1.0" encoding="ISO-8859-1"?>',
      ]),
    ),
  (text, random) => {
    const cut = random.below(text.length + 1)
    return text.slice(0, cut) + text.slice(cut + random.below(20))
  },
  (text, random) => {
    const [from, to] = [random.below(text.length + 1), random.below(text.length + 1)]
    return text.slice(0, to) + text.slice(from, from + random.below(200)) + text.slice(to)
  },
  (text, random) => text.replace('>', () => `>${'<d>'.repeat(300 * random.below(2))}`),
]

const encoded = (text: string, random: Random): Buffer => {
  if (!random.chance(0.08)) return Buffer.from(text)
  const mark = random.pick(['', '\ufeff'])
  const wide = Buffer.from(mark + text, 'utf16le')
  return random.pick([wide, Buffer.from(wide).swap16(), Buffer.from(mark + text), Buffer.from(text, 'latin1')])
}

const nameOf = ({ name }: ZipEntry): string => (typeof name === 'string' ? name : name.toString('latin1'))
const isXml = (entry: ZipEntry): boolean => /\.(xml|rels|vml)$/i.test(nameOf(entry))
/** What names and relates the parts is small among them, and matters most. */
const isOpc = (entry: ZipEntry): boolean => /\.rels$|^\[Content_Types\]/i.test(nameOf(entry))

const binary = (data: Buffer, random: Random): Buffer => {
  const changed = Buffer.from(data)
  for (let count = 1 + random.below(6); count > 0 && changed.length >= 4; count--) {
    const place = random.chance(0.5)
      ? 4 * random.below(Math.ceil(Math.min(changed.length, 1024) / 4))
      : random.below(changed.length - 3)
    if (place + 4 <= changed.length)
      changed.writeUInt32LE(
        random.pick([0, 1, 2, 3, 0xfffffffe, 0xffffffff, random.below(2 ** 32), random.below(64)]),
        place,
      )
  }
  return changed
}

/** One to three parts changed, as text and as tags, and all of them zipped as they should be. */
export const mutateParts = (entries: ZipEntry[], random: Random): ZipEntry[] => {
  const changed = [...entries]
  for (let count = 1 + random.below(3); count > 0 && changed.length > 0; count--) {
    const opc = changed.filter(isOpc)
    const entry = opc.length > 0 && random.chance(0.4) ? random.pick(opc) : random.pick(changed)
    const data = Buffer.from(entry.data ?? '')
    let made: Buffer
    if (isXml(entry)) {
      let text = data.toString()
      for (let times = 1 + random.below(3); times > 0; times--) text = random.pick(mutations)(text, random)
      made = encoded(text, random)
    } else made = binary(data, random)
    changed[changed.indexOf(entry)] = { ...entry, data: made }
  }
  return changed
}

/** The document inside another one, as an embedded workbook is. */
export const embed = (bytes: Buffer, outer: ZipEntry[], random: Random): Buffer =>
  makeZip([...outer, { name: 'word/embeddings/inner.bin', data: bytes, method: random.pick([0, 8]) }])
