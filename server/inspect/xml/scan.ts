import { Refusal } from '../finding.ts'
import { BAD, CLASS, decodeText, MORE, rawText, SPACE, skipReference, TEXT_STOP } from './characters.ts'
import { isUnprefixedName, type Name, type Prefix } from './names.ts'
import type { TagReader } from './tag.ts'
import type { XmlVisitor } from './visitor.ts'

const LESS = 0x3c
const GREATER = 0x3e
const SLASH = 0x2f
const BANG = 0x21
const QUESTION = 0x3f
const AMPERSAND = 0x26
const BRACKET = 0x5d

const MAX_DEPTH = 256
/** Of one tag; Word writes pictures of a megabyte into attributes (`o:gfxdata`). */
const MAX_TAG = 16 * 1024 * 1024
/** Of one text that a visitor asked for. */
const MAX_TEXT = 1024 * 1024

const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(["'])1\.0\1(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(["'])([A-Za-z][\w.-]*)\2)?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(["'])(?:yes|no)\4)?[ \t\r\n]*\?>$/

/** What an open element needs besides its name: most need nothing. */
type Extra = { declared: readonly Prefix[]; text: string[] | undefined; length: number }

export type XmlScan = {
  /** Takes the next bytes, valid UTF-8 without a byte order mark. They are only read during the call. */
  write(bytes: Buffer): void
  /** Says that nothing follows. */
  end(): void
  /** The encoding of the XML declaration, in lower case, once it was read. */
  encoding(): string | undefined
}

/** Sections that visitors do not see, and where each ends. */
const SECTIONS = { comment: '-->', cdata: ']]>', instruction: '?>' } as const
type Section = keyof typeof SECTIONS

/**
 * A strict, streaming scanner for XML 1.0 with namespaces that works on bytes and makes strings only of what a
 * visitor asked for: an inspection reads all of a document but needs little of it, and a general parser is ten times
 * slower (`saxes` judges it in the tests). No DTD, no entities, no XML 1.1. With `breaksMayStayOpen` a `<br>` need not
 * be closed, as in the drawings that Excel writes. Throws a `Refusal`, `xml_unsafe` or `xml_malformed`, without a place.
 */
export const scanXml = (tags: TagReader, visitors: XmlVisitor[], { breaksMayStayOpen = false } = {}): XmlScan => {
  const roots = visitors.flatMap(({ root }) => (root === undefined ? [] : [root]))
  const stack: Name[] = []
  const extras: (Extra | undefined)[] = []
  let section: Section | undefined
  let sawRoot = false
  let atStart = true
  let declared: string | undefined
  let pending: Buffer[] = []
  let pendingLength = 0
  let wanted = 1

  const malformed = (): never => {
    throw new Refusal('xml_malformed')
  }

  const collect = (bytes: Uint8Array, start: number, end: number, raw: boolean): void => {
    const extra = extras[stack.length - 1]
    if (extra?.text === undefined || start === end) return
    extra.length += end - start
    if (extra.length > MAX_TEXT) malformed()
    extra.text.push(raw ? rawText(bytes, start, end) : decodeText(bytes, start, end))
  }

  const close = (): void => {
    const name = stack.pop()
    const extra = extras.pop()
    if (name === undefined) return
    if (extra !== undefined) {
      for (const prefix of extra.declared) prefix.uris.pop()
      const { text } = extra
      if (text !== undefined) for (const take of name.listeners.text) take(text.join(''))
    }
    for (const take of name.listeners.close) take()
  }

  /** `at` is behind `<`. */
  const startTag = (bytes: Uint8Array, at: number): number => {
    if (sawRoot && stack.length === 0) return BAD
    const end = tags.read(bytes, at)
    if (end < 0) return end
    const declared = tags.enter()
    if (declared === undefined) return BAD
    if (stack.length >= MAX_DEPTH) throw new Refusal('xml_unsafe')
    const name = tags.name()
    const asked = name.listeners.text.length > 0
    stack.push(name)
    extras.push(declared.length > 0 || asked ? { declared, text: asked ? [] : undefined, length: 0 } : undefined)
    tags.visitAttributes()
    if (!sawRoot) for (const take of roots) take(tags.view())
    sawRoot = true
    for (const take of name.listeners.open) take(tags.view())
    if (tags.isSelfClosing()) close()
    return end
  }

  /** `at` is behind `</`. */
  const endTag = (bytes: Uint8Array, at: number): number => {
    const name = stack[stack.length - 1]?.bytes
    if (name === undefined) return BAD
    const behind = matchEnd(bytes, at, name)
    if (behind !== BAD || !breaksMayStayOpen || stack[stack.length - 1]?.local !== 'br') {
      if (behind >= 0) close()
      return behind
    }
    close()
    return endTag(bytes, at)
  }

  const matchEnd = (bytes: Uint8Array, at: number, name: Uint8Array): number => {
    let end = at + name.length
    if (end >= bytes.length) return MORE
    for (let index = 0; index < name.length; index++) if (bytes[at + index] !== name[index]) return BAD
    while (end < bytes.length) {
      const byte = bytes[end] ?? 0
      end++
      if (byte === GREATER) return end
      if (((CLASS[byte] ?? 0) & SPACE) === 0) return BAD
    }
    return MORE
  }

  const startsWith = (bytes: Uint8Array, at: number, text: string): boolean | undefined => {
    for (let index = 0; index < text.length; index++) {
      const byte = bytes[at + index]
      if (byte === undefined) return undefined
      if (byte !== text.charCodeAt(index)) return false
    }
    return true
  }

  /** `at` is at `<!`: a comment, a CDATA section, or a declaration of a document type, which never is honest. */
  const bang = (bytes: Uint8Array, at: number): number => {
    const comment = startsWith(bytes, at, '<!--')
    if (comment === true) {
      section = 'comment'
      return at + 4
    }
    const cdata = startsWith(bytes, at, '<![CDATA[')
    if (cdata === true) {
      section = 'cdata'
      return stack.length === 0 ? BAD : at + 9
    }
    if (comment === undefined || cdata === undefined) return MORE
    throw new Refusal('xml_unsafe')
  }

  /** `at` is at `<?`. The XML declaration stands at the very start or nowhere. */
  const question = (bytes: Uint8Array, at: number): number => {
    let end = at + 2
    while (end < bytes.length && ((CLASS[bytes[end] ?? 0] ?? 0) & SPACE) === 0 && bytes[end] !== QUESTION) end++
    if (end >= bytes.length) return MORE
    const target = rawText(bytes, at + 2, end)
    if (target.toLowerCase() !== 'xml') {
      section = 'instruction'
      return isUnprefixedName(target) ? end : BAD
    }
    const close = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('?>', end, 'latin1')
    if (close < 0) return MORE
    const found = DECLARATION.exec(rawText(bytes, at, close + 2))
    if (!atStart || at !== 0 || found === null) return BAD
    declared = found[3]?.toLowerCase()
    return close + 2
  }

  /** Passes over a section; as much as is certain when its end is not here yet. */
  const skipSection = (bytes: Uint8Array, at: number, kind: Section): number => {
    const mark = SECTIONS[kind]
    const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(
      kind === 'comment' ? '--' : mark,
      at,
      'latin1',
    )
    let end = found >= 0 ? found : Math.max(at, bytes.length - mark.length + 1)
    // Never in the middle of a character: what visitors get is decoded piece by piece.
    while (found < 0 && end > at && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
    for (let index = at; index < end; index++) {
      const byte = bytes[index] ?? 0
      if (byte < 0x20 && ((CLASS[byte] ?? 0) & SPACE) === 0) return BAD
    }
    if (kind === 'cdata') collect(bytes, at, end, true)
    if (found < 0) return end === at ? MORE : end
    const whole = startsWith(bytes, found, mark)
    if (whole === undefined) return found === at ? MORE : found
    if (!whole) return BAD
    section = undefined
    return found + mark.length
  }

  /** The end of the run of text from `from`: the next `<`, or what cannot be judged before more bytes are there. */
  const endOfText = (bytes: Uint8Array, from: number): number => {
    let at = from
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0
      if (((CLASS[byte] ?? 0) & TEXT_STOP) === 0) at++
      else if (byte === LESS) return at
      else if (byte === AMPERSAND) {
        const end = skipReference(bytes, at + 1)
        if (end < 0) return end === BAD ? BAD : at
        at = end
      } else if (byte === BRACKET) {
        const ends = startsWith(bytes, at, ']]>')
        if (ends !== false) return ends === true ? BAD : at
        at++
      } else return BAD
    }
    return at
  }

  const text = (bytes: Uint8Array, from: number): number => {
    const end = endOfText(bytes, from)
    if (end === BAD) return BAD
    if (stack.length > 0) collect(bytes, from, end, false)
    else for (let index = from; index < end; index++) if (((CLASS[bytes[index] ?? 0] ?? 0) & SPACE) === 0) return BAD
    return end === from ? MORE : end
  }

  const token = (bytes: Uint8Array, at: number): number => {
    if (section !== undefined) return skipSection(bytes, at, section)
    if (bytes[at] !== LESS) return text(bytes, at)
    if (at + 1 >= bytes.length) return MORE
    switch (bytes[at + 1]) {
      case SLASH:
        return endTag(bytes, at + 2)
      case BANG:
        return bang(bytes, at)
      case QUESTION:
        return question(bytes, at)
      default:
        return startTag(bytes, at + 1)
    }
  }

  /** Reads as many whole tokens as there are; returns how many bytes that were. */
  const consume = (bytes: Uint8Array): number => {
    let at = 0
    while (at < bytes.length) {
      const next = token(bytes, at)
      if (next === BAD) malformed()
      if (next === MORE) break
      at = next
      atStart = false
    }
    return at
  }

  return {
    write: chunk => {
      if (pendingLength + chunk.length < wanted) {
        pending.push(Buffer.from(chunk))
        pendingLength += chunk.length
        return
      }
      const bytes = pendingLength === 0 ? chunk : Buffer.concat([...pending, chunk])
      const used = consume(bytes)
      pendingLength = bytes.length - used
      if (pendingLength > MAX_TAG) malformed()
      pending = pendingLength === 0 ? [] : [Buffer.from(bytes.subarray(used))]
      // A token that is not whole is tried again when twice as much is there: reading it costs linear time.
      wanted = pendingLength * 2 || 1
    },
    end: () => {
      const rest = Buffer.concat(pending)
      const used = consume(rest)
      if (used !== rest.length || stack.length > 0 || section !== undefined || !sawRoot) malformed()
    },
    encoding: () => declared,
  }
}
