import { type Listeners, listenersOf, NOBODY } from './listeners.ts'
import type { XmlVisitor } from './visitor.ts'

/** A prefix and what it means at this point of the document, the innermost last. */
export type Prefix = { name: string; uris: string[] }

/** A qualified name, once for all parts: so that a name seen again costs a comparison of bytes and nothing else. */
export type Name = {
  bytes: Uint8Array
  hash: number
  prefix: Prefix
  local: string
  /** The prefix that an attribute of this name declares, if it is `xmlns` or `xmlns:…`. */
  declares: Prefix | undefined
  /** Neither has a prefix nor declares one, so that as an attribute it needs no look at the namespaces. */
  isPlain: boolean
  /** The serial number of the last tag that had an attribute of this name. */
  seenIn: number
  /** The same for its local name, shared by all names that have it. */
  twins: { seenIn: number }
  /** The part for which `listeners` holds. */
  part: number
  listeners: Listeners
}

export type Names = {
  /** Starts a part: nothing is declared, and these visitors are told. */
  begin(visitors: XmlVisitor[]): void
  /** The name in `bytes[start, end)` with this hash; undefined if that is no name, or one name too many. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): Name | undefined
}

const START =
  '_A-Za-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}'
const NC_NAME = `[${START}][${START}0-9.\\-\\u{B7}\\u{300}-\\u{36F}\\u{203F}\\u{2040}]*`
/** Namespaces in XML 1.0, production 7. */
const QUALIFIED = new RegExp(`^(?:(${NC_NAME}):)?(${NC_NAME})$`, 'u')

/** Whether it is a name without a colon, as targets of processing instructions are. */
export const isUnprefixedName = (name: string): boolean =>
  QUALIFIED.exec(name)?.[1] === undefined && QUALIFIED.test(name)

/** More distinct names than any vocabulary has, and longer runs in the table than its hash makes by chance. */
const MAX_NAMES = 16_384
const MAX_PROBES = 128
const MAX_LENGTH = 1024

const same = (name: Name, bytes: Uint8Array, start: number, end: number): boolean => {
  const own = name.bytes
  if (own.length !== end - start) return false
  for (let index = 0; index < own.length; index++) if (own[index] !== bytes[start + index]) return false
  return true
}

const EMPTY = 256
const XML_URI = 'http://www.w3.org/XML/1998/namespace'

/** A table of names, open addressing, kept from part to part: the parts of a document use the same few hundred. */
export const createNames = (): Names => {
  const prefixes = new Map<string, Prefix>()
  const locals = new Map<string, { seenIn: number }>()
  let slots: (Name | undefined)[] = new Array(EMPTY).fill(undefined)
  let count = 0
  let part = 0
  let listeners: ReadonlyMap<string, Listeners> = new Map()

  const prefixOf = (name: string): Prefix => {
    const known = prefixes.get(name)
    if (known !== undefined) return known
    const prefix = { name, uris: name === 'xml' ? [XML_URI] : [] }
    prefixes.set(name, prefix)
    return prefix
  }

  const create = (bytes: Uint8Array, hash: number): Name | undefined => {
    const [, prefix = '', local] = QUALIFIED.exec(Buffer.from(bytes).toString('utf8')) ?? []
    if (local === undefined) return undefined
    const declares =
      prefix === 'xmlns' ? prefixOf(local) : prefix === '' && local === 'xmlns' ? prefixOf('') : undefined
    const twins = locals.get(local) ?? { seenIn: 0 }
    locals.set(local, twins)
    return {
      bytes,
      hash,
      prefix: prefixOf(prefix),
      local,
      declares,
      isPlain: prefix === '' && declares === undefined,
      seenIn: 0,
      twins,
      part: 0,
      listeners: NOBODY,
    }
  }

  const meet = (name: Name): Name => {
    name.part = part
    name.listeners = listeners.get(name.local) ?? NOBODY
    return name
  }

  /** A free slot for this hash; -1 if that took too many steps. */
  const freeSlot = (hash: number): number => {
    const mask = slots.length - 1
    for (let step = 0; step < MAX_PROBES; step++) {
      const slot = (hash + step) & mask
      if (slots[slot] === undefined) return slot
    }
    return -1
  }

  const put = (name: Name): boolean => {
    const slot = freeSlot(name.hash)
    if (slot >= 0) slots[slot] = name
    return slot >= 0
  }

  const grow = (): boolean => {
    const names = slots.filter(name => name !== undefined)
    slots = new Array(slots.length * 2).fill(undefined)
    return names.every(put)
  }

  const add = (bytes: Uint8Array, start: number, end: number, hash: number): Name | undefined => {
    if (end - start > MAX_LENGTH || count >= MAX_NAMES) return undefined
    if (count * 2 >= slots.length && !grow()) return undefined
    const name = create(new Uint8Array(bytes.subarray(start, end)), hash)
    if (name === undefined || !put(name)) return undefined
    count++
    return meet(name)
  }

  return {
    begin: visitors => {
      part++
      listeners = listenersOf(visitors)
      for (const prefix of prefixes.values()) prefix.uris = prefix.name === 'xml' ? [XML_URI] : []
      // The limit is one part's; a table that others filled is of no use.
      if (count < MAX_NAMES / 4) return
      slots = new Array(EMPTY).fill(undefined)
      prefixes.clear()
      locals.clear()
      count = 0
    },
    find: (bytes, start, end, hash) => {
      const mask = slots.length - 1
      for (let step = 0; step < MAX_PROBES; step++) {
        const name = slots[(hash + step) & mask]
        if (name === undefined) return add(bytes, start, end, hash)
        if (name.hash === hash && same(name, bytes, start, end)) return name.part === part ? name : meet(name)
      }
      return undefined
    },
  }
}
