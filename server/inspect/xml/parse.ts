import { SaxesParser, type SaxesTagNS } from 'saxes'
import { Refusal } from '../finding.ts'
import type { RowName } from '../rows.ts'
import { createXmlDecoder } from './decode.ts'
import { type Listeners, listenersOf, NOBODY } from './listeners.ts'
import { tagView } from './tag-view.ts'
import type { XmlName, XmlVisitor } from './visitor.ts'

export type XmlOptions = { breaksMayStayOpen?: boolean }

export type XmlParser = { write(chunk: Uint8Array): void; end(): void }

/**
 * What a declaration may say. Which of the two encodings it is shows in the bytes; honest writers get that word wrong,
 * and no document can be read as both. ASCII is a part of UTF-8.
 */
const ENCODINGS = new Set(['utf-8', 'utf-16', 'utf-16le', 'utf-16be', 'us-ascii', 'ascii'])
/** Where ASCII is declared there may be nothing else: some readers drop the eighth bit, and `¼` becomes `B<`. */
const BEYOND_ASCII = /[^\0-\x7f]/

/** Bytes of one part. */
export const MAX_XML = 256 * 1024 * 1024

const MAX_DEPTH = 256
/** Characters of one tag, text, comment or the like; Word writes pictures of a megabyte into attributes (`o:gfxdata`). */
const MAX_TOKEN = 16 * 1024 * 1024
/** Of all text of an element that a visitor asked for. */
const MAX_TEXT = 1024 * 1024
/** More attributes than any vocabulary gives one element. */
const MAX_ATTRIBUTES = 512
/** Of names and namespaces: what stays in memory while an element is open, or is compared with every attribute. */
const MAX_NAME = 1024
/** Bytes given to the parser at once, and so how closely what it holds is counted. */
const PIECE = 16 * 1024

type Element = XmlName & { listeners: Listeners; text: string | undefined; ns: SaxesTagNS['ns'] }

export type XmlReader = {
  /**
   * Reads one XML part chunk by chunk and shows `visitors` what they ask for. Throws a `Refusal` at `where`:
   * `xml_unsafe` for a DTD, deep nesting or an encoding other than UTF-8 and UTF-16, `xml_malformed` for what is not
   * well-formed or larger than the bounds above. With `breaksMayStayOpen` a `<br>` need not be closed, as in the
   * drawings that Excel writes.
   */
  begin(where: string, visitors: XmlVisitor[], options?: XmlOptions): XmlParser
}

/**
 * Lets an element know the namespaces of those around it. The parser itself asks them one by one, which in deep documents costs
 * five times everything else.
 */
const inherit = (tag: SaxesTagNS, parent: Element | undefined): void => {
  if (parent === undefined) return
  if (Object.keys(tag.ns).length === 0) tag.ns = parent.ns
  else Object.setPrototypeOf(tag.ns, parent.ns)
}

const begin = (where: string, visitors: XmlVisitor[], { breaksMayStayOpen = false }: XmlOptions = {}): XmlParser => {
  const parser = new SaxesParser({ xmlns: true, position: false })
  const decode = createXmlDecoder(where)
  const all = listenersOf(visitors)
  const others = all.get('*') ?? NOBODY
  const open: Element[] = []
  /** Characters since the last token ended: what the parser may hold of one that has not. */
  let held = 0
  let attributes = 0
  let asked = false
  let closed = ''

  const refuse = (row: RowName): never => {
    throw new Refusal(row, where)
  }
  const collect = (text: string): void => {
    held = 0
    const element = open[open.length - 1]
    if (element?.text === undefined) return
    element.text += text
    if (element.text.length > MAX_TEXT) refuse('xml_malformed')
  }
  const judgeDeclaration = (): void => {
    const { version = '1.0', encoding = 'utf-8' } = parser.xmlDecl
    if (version !== '1.0') refuse('xml_malformed')
    if (!ENCODINGS.has(encoding.toLowerCase())) refuse('xml_unsafe')
  }

  const visit = (tag: SaxesTagNS, { open: opened }: Listeners): void => {
    const isRoot = open.length === 1
    if (!isRoot && !asked && opened.length === 0) return
    const view = tagView(tag, open, () => refuse('xml_unsafe'))
    if (asked)
      for (const attribute of view.attributes())
        for (const take of all.get(attribute.local)?.attribute ?? []) take(attribute.value, attribute, view)
    if (isRoot) for (const { root } of visitors) root?.(view)
    for (const take of opened) take(view)
  }

  parser.on('opentag', tag => {
    held = 0
    if (open.length === 0) judgeDeclaration()
    if (open.length >= MAX_DEPTH) refuse('xml_unsafe')
    if (tag.name.length > MAX_NAME) refuse('xml_malformed')
    const listeners = all.get(tag.local) ?? others
    inherit(tag, open[open.length - 1])
    const { uri, local, ns } = tag
    open.push({ uri, local, listeners, text: listeners.text.length > 0 ? '' : undefined, ns })
    visit(tag, listeners)
    // The parser keeps the tag until its element ends, but does not look at these again.
    tag.attributes = {}
    attributes = 0
    asked = false
  })
  parser.on('closetag', ({ local }) => {
    held = 0
    closed = local
    const element = open.pop()
    if (element === undefined) return
    const { listeners, text } = element
    if (text !== undefined) for (const take of listeners.text) take(text, element)
    for (const take of listeners.close) take(element)
  })
  parser.on('attribute', ({ name, prefix, local, value }) => {
    const isDeclaration = prefix === 'xmlns' || name === 'xmlns'
    if (++attributes > MAX_ATTRIBUTES || (isDeclaration && name.length + value.length > MAX_NAME))
      refuse('xml_malformed')
    // The parser cuts them off, other programs do not: two namespaces that look like one here.
    if (isDeclaration && value !== value.trim()) refuse('xml_unsafe')
    asked ||= (all.get(local) ?? NOBODY).attribute.length > 0
  })
  parser.on('text', collect)
  parser.on('cdata', collect)
  parser.on('doctype', () => refuse('xml_unsafe'))
  // Not by `on`: V8 makes a dictionary of a parser that has a seventh listener, and all of it four times slower.
  parser.fail = message => {
    // Said after the event for the element that is closed in passing; the parser then goes on to the one around it.
    if (breaksMayStayOpen && closed === 'br' && message === 'unexpected close tag.') return parser
    return refuse('xml_malformed')
  }

  const feed = (text: string): void => {
    held += text.length
    parser.write(text)
    if (held > MAX_TOKEN) refuse('xml_malformed')
    if (/ascii$/i.test(parser.xmlDecl.encoding ?? '') && BEYOND_ASCII.test(text)) refuse('xml_unsafe')
  }

  return {
    write: chunk => {
      for (let at = 0; at < chunk.length; at += PIECE) feed(decode(chunk.subarray(at, at + PIECE), false))
    },
    end: () => {
      feed(decode(new Uint8Array(0), true))
      parser.close()
      for (const { end } of visitors) end?.()
    },
  }
}

/** Reads the XML parts of one document, one after another. */
export const createXmlReader = (): XmlReader => ({ begin })
