import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../finding.ts'
import { createXmlReader } from './parse.ts'

const ATTEMPT = ['w', 'x', 'name']

/** What a document says to a visitor of a few names, or the row it is refused with; fed in chunks of `size` bytes. */
const read = (document: string | Buffer, size = 1 << 20): string[] => {
  const seen: string[] = []
  const bytes = Buffer.from(document)
  const open = Object.fromEntries(
    ATTEMPT.map(local => [local, (tag: { uri: string; local: string }) => void seen.push(`<${tag.uri}|${tag.local}>`)]),
  )
  const text = Object.fromEntries(ATTEMPT.map(local => [local, (found: string) => void seen.push(found)]))
  try {
    const parser = createXmlReader().begin('p.xml', [
      {
        open,
        text,
        attribute: { v: (value, { uri }) => void seen.push(`${uri}@v=${value}`) },
        root: ({ local }) => void seen.push(`root ${local}`),
      },
    ])
    for (let at = 0; at < bytes.length; at += size) parser.write(bytes.subarray(at, at + size))
    parser.end()
    return seen
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    assert.equal(error.where, 'p.xml')
    return [error.row]
  }
}

const row = (document: string | Buffer): string | undefined => read(document).find(seen => seen.startsWith('xml_'))

test('shows names, attributes and text, whatever the prefixes', () => {
  assert.deepEqual(
    read(
      '<?xml version="1.0" encoding="UTF-8"?>\r\n<a:w xmlns:a="urn:1" xmlns="urn:2" a:v="1&#x20;2" v="&lt;"><x>t<y/>e&amp;<![CDATA[<x>]]></x></a:w>\n',
    ),
    ['urn:1@v=1 2', '@v=<', 'root w', '<urn:1|w>', '<urn:2|x>', 'te&<x>', ''],
  )
})

test('prefixes mean what the innermost declaration says', () => {
  assert.deepEqual(read('<p:x xmlns:p="1"><p:x xmlns:p="2"/><p:x/></p:x>'), [
    'root x',
    '<1|x>',
    '<2|x>',
    '',
    '<1|x>',
    '',
    '',
  ])
})

const unsafe: [what: string, document: string | Buffer][] = [
  ['document type', '<!DOCTYPE x><x/>'],
  ['entity declaration', '<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>'],
  ['depth', `${'<x>'.repeat(257)}${'</x>'.repeat(257)}`],
  ['bytes that are no UTF-8', Buffer.from([0x3c, 0x78, 0x3e, 0xe9, 0x3c, 0x2f, 0x78, 0x3e])],
  ['UTF-16 with a lone surrogate', Buffer.from('\ufeff<x>\ud800</x>', 'utf16le')],
  ['another encoding declared', '<?xml version="1.0" encoding="windows-1252"?><x/>'],
  ['UTF-7', '<?xml version="1.0" encoding="UTF-7"?><x>+ADw-</x>'],
]
for (const [what, document] of unsafe) test(`unsafe: ${what}`, () => assert.equal(row(document), 'xml_unsafe'))

const malformed: [what: string, document: string][] = [
  ['nothing', ''],
  ['text only', 'x'],
  ['not closed', '<x>'],
  ['closed twice', '<x/></x>'],
  ['crossed', '<x><y></x></y>'],
  ['two roots', '<x/><x/>'],
  ['text behind the root', '<x/>x'],
  ['NUL behind the root', '<x/>\0'],
  ['attribute twice', '<x a="1" a="2"/>'],
  ['attribute twice by namespace', '<x xmlns:a="1" xmlns:b="1" a:c="1" b:c="2"/>'],
  ['prefix not declared', '<a:x/>'],
  ['prefix of an attribute not declared', '<x a:b="1"/>'],
  ['prefix out of scope', '<x><y xmlns:a="1"/><a:z/></x>'],
  ['prefix declared as nothing', '<x xmlns:a=""/>'],
  ['prefix xmlns', '<x xmlns:xmlns="1"/>'],
  ['unknown entity', '<x>&nbsp;</x>'],
  ['character that is none', '<x>&#0;</x>'],
  ['bare ampersand', '<x>a & b</x>'],
  ['less-than in an attribute', '<x a="<"/>'],
  ['attribute without quotes', '<x a=1/>'],
  ['attributes without space', '<x a="1"b="2"/>'],
  ['end of CDATA in text', '<x>]]></x>'],
  ['control character', '<x>\u0001</x>'],
  ['two hyphens in a comment', '<x><!-- -- --></x>'],
  ['late declaration', ' <?xml version="1.0"?><x/>'],
  ['XML 1.1', '<?xml version="1.1"?><x/>'],
  ['name that starts with a digit', '<1/>'],
  ['name with two colons', '<a:b:c xmlns:a="1"/>'],
  ['slash in a tag', '<x / >'],
  ['reference in the name of an instruction', '<x><?&#x41; ?></x>'],
]
for (const [what, document] of malformed) test(`malformed: ${what}`, () => assert.equal(row(document), 'xml_malformed'))

const honest: [what: string, document: string | Buffer][] = [
  ['byte order mark', '\ufeff<?xml version="1.0" encoding="utf-8"?><x/>'],
  ['UTF-16', Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-16"?><x>ü</x>', 'utf16le')],
  ['UTF-16, the other way round', Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-16"?><x/>', 'utf16le').swap16()],
  ['UTF-16 without a mark', Buffer.from('<x>ü</x>', 'utf16le')],
  ['UTF-16 declared, UTF-8 found', '<?xml version="1.0" encoding="UTF-16"?><x/>'],
  ['ASCII', "<?xml version='1.0' encoding='us-ascii' standalone='yes' ?><x/>"],
  ['comment and instruction', '<?mso-application progid="Word.Document"?><!-- - --><x><?a b?></x><!---->'],
  ['characters beyond ASCII in names and values', '<größe ü="€">𝄞</größe>'],
  ['quotes in quotes', `<x a='"' b="'"/>`],
  ['space where it may be', '<x  a = "1"\n\tb="2" ></x >'],
  ['256 levels', `${'<x>'.repeat(256)}${'</x>'.repeat(256)}`],
]
for (const [what, document] of honest) test(`sound: ${what}`, () => assert.equal(row(document), undefined))

test('a break may stay open only where that is allowed, and nothing else', () => {
  const write = (breaksMayStayOpen: boolean, document: string): void => {
    const parser = createXmlReader().begin('d.vml', [], { breaksMayStayOpen })
    parser.write(Buffer.from(document))
    parser.end()
  }
  const breaks = '<xml><font>a<br><br>b</font><br></br><br/></xml>'
  write(true, breaks)
  assert.throws(() => write(false, breaks), Refusal)
  for (const document of ['<xml><font><i></font></xml>', '<xml><i><br></xml>', '<xml><br></i></xml>', '<br>'])
    assert.throws(() => write(true, document), Refusal, document)
})

/** Documents and near-documents: enough of the grammar to meet most of its rules, right and wrong. */
const pieces = fc.constantFrom(
  '<x>',
  '</x>',
  '<x/>',
  '<a:w xmlns:a="urn:1">',
  '</a:w>',
  '<a:w/>',
  '<x v="1">',
  "<x v='&lt;\"'/>",
  '<w v = "1" w="&#65;" >',
  '</w>',
  'text',
  ' ',
  '\r\n',
  '&amp;',
  '&#x41;',
  '&no;',
  '&',
  ']',
  ']]',
  ']]>',
  '>',
  '<',
  '"',
  '<!-- c -->',
  '<!--',
  '-->',
  '--',
  '<![CDATA[ <x> ]]>',
  '<![CDATA[',
  '<?pi data?>',
  '<?',
  '?>',
  '<?xml version="1.0"?>',
  'é',
  '𝄞',
  '<é>',
  '</é>',
  '<x xmlns="urn:2">',
  '<x xml:v="1"/>',
  '\u0001',
  '/',
  '=',
  'a="',
)
const documents = fc
  .array(pieces, { maxLength: 12 })
  .map(list => list.join(''))
  .chain(inner => fc.constantFrom(inner, `<x>${inner}</x>`, `<?xml version="1.0"?><a:w xmlns:a="urn:1">${inner}</a:w>`))

test('sees the same however the bytes are cut', () => {
  fc.assert(
    fc.property(documents, fc.integer({ min: 1, max: 7 }), (document, size) => {
      assert.deepEqual(read(document, size), read(document), document)
      const wide = Buffer.from(`\ufeff${document}`, 'utf16le')
      assert.deepEqual(read(wide, size), read(wide), document)
    }),
    { numRuns: 3_000 },
  )
})

test('a tag of several MiB in small chunks takes linear time', () => {
  const before = process.cpuUsage()
  assert.equal(read(`<x v="${'a'.repeat(4 << 20)}"/>`, 16_384)[0]?.length, '@v='.length + (4 << 20))
  assert.ok(process.cpuUsage(before).user < 3_000_000)
})

const tooLarge: [what: string, document: string][] = [
  ['an attribute beyond 16 MiB', `<x a="${'a'.repeat(17 << 20)}"/>`],
  [
    'attributes that are so together',
    `<x ${Array.from({ length: 17 }, (_, nth) => `a${nth}="${'a'.repeat(1 << 20)}"`).join(' ')}/>`,
  ],
  ['a long name', `<${'x'.repeat(1025)}/>`],
  ['a text', `<y>${'a'.repeat(17 << 20)}</y>`],
  ['a comment', `<x><!--${'a'.repeat(17 << 20)}--></x>`],
  ['a CDATA section', `<y><![CDATA[${'a'.repeat(17 << 20)}]]></y>`],
  ['an instruction', `<?x ${'a'.repeat(17 << 20)}?><x/>`],
  ['a text that a visitor asked for, beyond 1 MiB', `<x>${`<y/>${'a'.repeat(1 << 19)}`.repeat(3)}</x>`],
  ['the same in CDATA', `<x>${`<![CDATA[${'a'.repeat(1 << 19)}]]>`.repeat(3)}</x>`],
  ['more than 512 attributes', `<x ${Array.from({ length: 513 }, (_, nth) => `a${nth}=""`).join(' ')}/>`],
  ['a long namespace', `<x xmlns="${'a'.repeat(1025)}"/>`],
  ['a long namespace with a prefix', `<x xmlns:a="${'a'.repeat(1025)}"/>`],
]
for (const [what, document] of tooLarge)
  test(`too large: ${what}`, () => assert.deepEqual(read(document).slice(-1), ['xml_malformed']))

test('what is within these bounds passes, however much there is of it', () => {
  assert.equal(row(`<y a="${'a'.repeat(15 << 20)}">${'b'.repeat(15 << 20)}</y>`), undefined)
  assert.equal(row(`<y>${'<z>a</z>'.repeat(3 << 20)}</y>`), undefined)
  assert.equal(row(`<x ${Array.from({ length: 512 }, (_, nth) => `a${nth}=""`).join(' ')}/>`), undefined)
})

test('open elements do not keep their attributes in memory', () => {
  const parser = createXmlReader().begin('p.xml', [])
  const tag = Buffer.from(`<x a="${'a'.repeat(1 << 20)}">`)
  const before = process.memoryUsage().heapUsed
  for (let depth = 0; depth < 200; depth++) parser.write(tag)
  assert.ok(process.memoryUsage().heapUsed - before < 50 << 20)
})
