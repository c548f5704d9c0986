/** What a byte may be; several bits may be set. Bytes from 0x80 are parts of UTF-8 sequences. */
export const NAME = 1
export const SPACE = 2
/** Ends or interrupts a run of text: `<`, `&`, `]` and the characters XML forbids. */
export const TEXT_STOP = 4
/** The same inside an attribute value: `<`, `&`, both quotes and the forbidden characters. */
export const VALUE_STOP = 8

/** Answers of scanning functions instead of a position. */
export const MORE = -1
export const BAD = -2

/** Made once per scanner's module: the classes of all bytes (XML 1.0, productions 2 to 5; names are checked fully when first seen). */
const classify = (): Uint8Array => {
  const table = new Uint8Array(256)
  const add = (bit: number, characters: string): void => {
    for (const character of characters) {
      const code = character.charCodeAt(0)
      table[code] = (table[code] ?? 0) | bit
    }
  }
  const forbidden = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).filter(
    character => !'\t\n\r'.includes(character),
  )
  add(NAME, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_-.')
  for (let code = 0x80; code < 0x100; code++) table[code] = NAME
  add(SPACE, ' \t\n\r')
  add(TEXT_STOP, `<&]${forbidden.join('')}`)
  add(VALUE_STOP, `<&"'${forbidden.join('')}`)
  return table
}

export const CLASS: Uint8Array = classify()

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' }
const REFERENCE = /^(?:(lt|gt|amp|apos|quot)|#([0-9]+)|#x([0-9a-fA-F]+))$/
/** The longest reference read, leading zeros included. */
const MAX_REFERENCE = 24

const isCharacter = (code: number): boolean =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff)

const resolve = (body: string): string | undefined => {
  const [, named, decimal, hex] = REFERENCE.exec(body) ?? []
  if (named !== undefined) return NAMED[named]
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10)
  return isCharacter(code) ? String.fromCodePoint(code) : undefined
}

/** The predefined entities as bytes, `lt;` and so on. */
const NAMED_BYTES = Object.keys(NAMED).map(name => Uint8Array.from(`${name};`, character => character.charCodeAt(0)))
const HASH = 0x23

/** How many bytes of `pattern` stand at `at`; less than all of them if others follow or none do. */
const matched = (bytes: Uint8Array, at: number, pattern: Uint8Array): number => {
  let length = 0
  while (length < pattern.length && bytes[at + length] === pattern[length]) length++
  return length
}

/** `at` is behind an `&`: the position behind the `;`. Only the five predefined entities and character references exist. */
export const skipReference = (bytes: Uint8Array, at: number): number => {
  if (at >= bytes.length) return MORE
  if (bytes[at] === HASH) return skipNumeric(bytes, at)
  let partial = false
  for (const pattern of NAMED_BYTES) {
    const length = matched(bytes, at, pattern)
    if (length === pattern.length) return at + length
    partial ||= at + length >= bytes.length
  }
  return partial ? MORE : BAD
}

const skipNumeric = (bytes: Uint8Array, at: number): number => {
  for (let end = at; end < at + MAX_REFERENCE; end++) {
    if (end >= bytes.length) return MORE
    if (bytes[end] !== 0x3b) continue
    return resolve(String.fromCharCode(...bytes.subarray(at, end))) === undefined ? BAD : end + 1
  }
  return BAD
}

/** The characters of checked bytes as they stand. */
export const rawText = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')

/** The same with references resolved. */
export const decodeText = (bytes: Uint8Array, start: number, end: number): string => {
  const text = rawText(bytes, start, end)
  return text.includes('&') ? text.replace(/&([^;]*);/g, (_, body: string) => resolve(body) ?? '') : text
}
