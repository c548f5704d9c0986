import { BAD, CLASS, decodeText, MORE, NAME, SPACE, skipReference, VALUE_STOP } from './characters.ts'
import type { Name, Names, Prefix } from './names.ts'
import type { XmlAttribute, XmlTag } from './visitor.ts'

const SLASH = 0x2f
const GREATER = 0x3e
const EQUALS = 0x3d
const AMPERSAND = 0x26
const DOUBLE_QUOTE = 0x22
const SINGLE_QUOTE = 0x27
/** FNV-1a. */
const HASH_START = 0x811c9dc5
const HASH_PRIME = 0x01000193
const XML_URI = 'http://www.w3.org/XML/1998/namespace'
const XMLNS_URI = 'http://www.w3.org/2000/xmlns/'

/** More attributes than any vocabulary gives one element. */
const MAX_ATTRIBUTES = 512

export type TagReader = {
  /** Reads the tag whose name starts at `at`: the position behind its `>`, or MORE or BAD. The rest is about this tag. */
  read(bytes: Uint8Array, at: number): number
  name(): Name
  isSelfClosing(): boolean
  /**
   * Declares its prefixes and checks the rules of Namespaces in XML: none is used without being declared, and no two
   * attributes have one name. The prefixes it declared, to take back when the element ends; undefined if a rule is broken.
   */
  enter(): readonly Prefix[] | undefined
  /** What a visitor sees of it. */
  view(): XmlTag
  /** Calls the visitors of its attributes. */
  visitAttributes(): void
}

const NOTHING: readonly Prefix[] = []

const skipSpace = (bytes: Uint8Array, from: number): number => {
  let at = from
  while (at < bytes.length && ((CLASS[bytes[at] ?? 0] ?? 0) & SPACE) !== 0) at++
  return at
}

const uriOf = (prefix: Prefix): string | undefined => prefix.uris[prefix.uris.length - 1]

const attributeUri = ({ prefix, declares }: Name): string | undefined =>
  declares !== undefined ? XMLNS_URI : prefix.name === '' ? '' : uriOf(prefix)

/** Whether `xmlns…="uri"` is a declaration that Namespaces in XML 1.0 allows. */
const mayDeclare = (prefix: Prefix, uri: string): boolean =>
  prefix.name !== 'xmlns' &&
  uri !== XMLNS_URI &&
  (prefix.name === 'xml') === (uri === XML_URI) &&
  (prefix.name === '' || uri !== '')

export const createTagReader = (names: Names): TagReader => {
  const attributes: Name[] = []
  /** Where the value of each attribute starts and ends. */
  const places = new Int32Array(2 * MAX_ATTRIBUTES)
  let buffer: Uint8Array = new Uint8Array(0)
  let element: Name | undefined
  let count = 0
  let selfClosing = false
  let visited = false
  let serial = 0

  /** One function, because all of a document goes through it: split into several it takes three times as long. */
  const read = (bytes: Uint8Array, from: number): number => {
    const end = bytes.length
    const current = ++serial
    let found = 0
    let asked = false
    let at = from
    let hash = HASH_START
    let byte = 0
    for (; at < end; at++) {
      byte = bytes[at] ?? 0
      if (((CLASS[byte] ?? 0) & NAME) === 0) break
      hash = Math.imul(hash ^ byte, HASH_PRIME)
    }
    if (at >= end) return MORE
    element = names.find(bytes, from, at, hash)
    if (element === undefined) return BAD
    for (;;) {
      const behind = at
      for (; at < end; at++) {
        byte = bytes[at] ?? 0
        if (((CLASS[byte] ?? 0) & SPACE) === 0) break
      }
      if (at >= end) return MORE
      if (byte === GREATER) break
      if (byte === SLASH) {
        at++
        if (at >= end) return MORE
        if (bytes[at] !== GREATER) return BAD
        break
      }
      if (at === behind || found === MAX_ATTRIBUTES) return BAD

      const start = at
      hash = HASH_START
      for (; at < end; at++) {
        byte = bytes[at] ?? 0
        if (((CLASS[byte] ?? 0) & NAME) === 0) break
        hash = Math.imul(hash ^ byte, HASH_PRIME)
      }
      if (at >= end) return MORE
      const name = names.find(bytes, start, at, hash)
      if (name === undefined || name.seenIn === current) return BAD
      name.seenIn = current
      asked ||= name.listeners.attribute.length > 0

      if (byte !== EQUALS) at = skipSpace(bytes, at)
      if (at >= end) return MORE
      if (bytes[at] !== EQUALS) return BAD
      at = skipSpace(bytes, at + 1)
      if (at >= end) return MORE
      const quote = bytes[at] ?? 0
      if (quote !== DOUBLE_QUOTE && quote !== SINGLE_QUOTE) return BAD
      at++
      places[2 * found] = at
      for (;;) {
        if (at >= end) return MORE
        byte = bytes[at] ?? 0
        at++
        if (((CLASS[byte] ?? 0) & VALUE_STOP) === 0) continue
        if (byte === quote) break
        if (byte === AMPERSAND) at = skipReference(bytes, at)
        else if (byte !== DOUBLE_QUOTE && byte !== SINGLE_QUOTE) return BAD
        if (at < 0) return at
      }
      places[2 * found + 1] = at - 1
      attributes[found] = name
      found++
    }
    buffer = bytes
    count = found
    selfClosing = byte === SLASH
    visited = asked
    return at + 1
  }

  const rawValue = (index: number): string => decodeText(buffer, places[2 * index] ?? 0, places[2 * index + 1] ?? 0)

  const attributeOf = (name: Name, index: number): XmlAttribute => ({
    uri: attributeUri(name) ?? '',
    local: name.local,
    value: rawValue(index).replace(/[\t\n\r]/g, ' '),
  })

  const own = (): Name[] => attributes.slice(0, count)

  const declare = (): readonly Prefix[] | undefined => {
    let declared: Prefix[] | undefined
    for (let index = 0; index < count; index++) {
      const prefix = attributes[index]?.declares
      if (prefix === undefined) continue
      const uri = rawValue(index)
      if (!mayDeclare(prefix, uri)) return undefined
      prefix.uris.push(uri)
      declared ??= []
      declared.push(prefix)
    }
    return declared ?? NOTHING
  }

  /** No two attributes of one local name and, by different prefixes, one namespace. */
  const allDiffer = (): boolean => new Set(own().map(name => `${attributeUri(name)} ${name.local}`)).size === count

  /** No prefix without a meaning; no attribute twice. */
  const attributesAreSound = (): boolean => {
    let twins = false
    for (let index = 0; index < count; index++) {
      const name = attributes[index]
      if (name === undefined || (!name.isPlain && attributeUri(name) === undefined)) return false
      // Few tags have a local name twice; names alike to the prefix were refused when they were read.
      twins ||= name.twins.seenIn === serial
      name.twins.seenIn = serial
    }
    return !twins || allDiffer()
  }

  const view = (): XmlTag => {
    const tag = { uri: '', local: '' }
    if (element !== undefined) {
      tag.uri = uriOf(element.prefix) ?? ''
      tag.local = element.local
    }
    return {
      ...tag,
      attribute: (local, uri) => {
        const index = own().findIndex(
          name =>
            name.local === local && (uri === undefined ? name.declares === undefined : attributeUri(name) === uri),
        )
        const name = attributes[index]
        return name && attributeOf(name, index).value
      },
      attributes: () => own().map(attributeOf),
    }
  }

  return {
    read,
    name: () => {
      if (element === undefined) throw new TypeError('no tag was read')
      return element
    },
    isSelfClosing: () => selfClosing,
    enter: () => {
      if (element === undefined || element.declares !== undefined) return undefined
      const declared = declare()
      if (declared === undefined || !attributesAreSound()) return undefined
      return element.prefix.name === '' || uriOf(element.prefix) !== undefined ? declared : undefined
    },
    view,
    visitAttributes: () => {
      if (!visited) return
      const tag = view()
      for (const [index, name] of own().entries())
        for (const take of name.listeners.attribute) {
          const attribute = attributeOf(name, index)
          take(attribute.value, attribute, tag)
        }
    },
  }
}
