/** What an entry may hold: no floats, so that no two programs print one number in two ways. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Far deeper than any event; stops a cycle before the stack does. */
const DEPTH = 32

/**
 * RFC 8785 (JSON Canonicalization Scheme) text of a value, restricted as formats.md says: integers below 2^53 and
 * well-formed strings only. Throws TypeError for anything else, `undefined` and objects with a prototype of their own
 * included: what is hashed must be what was meant.
 */
export const canonical = (value: Json): string => write(value, 0)

/**
 * Reads a text that must be exactly what `canonical` writes. Re-encoding refuses whatever JSON.parse forgives: duplicate and
 * unsorted names, spaces, `1.0`, `-0`, needless escapes. Throws TypeError.
 */
export const parseCanonical = (text: string): Json => {
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new TypeError('Not JSON', { cause })
  }
  if (canonical(value) !== text) throw new TypeError('Not canonical JSON')
  return value
}

const write = (value: unknown, depth: number): string => {
  if (depth > DEPTH) throw new TypeError('Canonical JSON is at most 32 levels deep')
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError('Canonical JSON holds integers below 2^53 only')
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${Array.from(value, item => write(item, depth + 1)).join(',')}]`
  if (typeof value === 'object') return object(value, depth)
  throw new TypeError(`A ${typeof value} has no canonical JSON`)
}

const object = (value: object, depth: number): string => {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError('Only plain objects have canonical JSON')
  // Symbols hide: the one on a personal value (event.ts) would otherwise end as `{}`.
  if (Object.getOwnPropertySymbols(value).length > 0) throw new TypeError('A symbol has no canonical JSON')
  const members = Object.entries(value)
    // Comparing strings compares UTF-16 code units, which is the order RFC 8785 section 3.2.3 asks for.
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${text(name)}:${write(member, depth + 1)}`)
  return `{${members.join(',')}}`
}

/** JSON.stringify escapes exactly as RFC 8785 section 3.2.2.2, except that it invents escapes for lone surrogates. */
const text = (value: string): string => {
  if (!value.isWellFormed()) throw new TypeError('Canonical JSON holds well-formed strings only')
  return JSON.stringify(value)
}
