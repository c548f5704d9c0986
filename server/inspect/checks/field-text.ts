/** Quotes as typed and as Word's automatic correction makes them. */
const QUOTES = '"\u201c\u201d\u201e'
const WORD = new RegExp(`[${QUOTES}]((?:\\\\.|[^${QUOTES}\\\\])*)[${QUOTES}]?|(\\S+)`, 'gs')

/** The name of a field, in capitals, and what follows it. */
export const instructionOf = (instruction: string): { name: string; rest: string } => {
  const [whole = '', name = ''] = new RegExp(`^[\\s\\p{Cf}${QUOTES}]*([A-Za-z]+)`, 'u').exec(instruction) ?? []
  return { name: name.toUpperCase(), rest: instruction.slice(whole.length) }
}

/**
 * The arguments of a field: words and quoted strings, without switches (`\d`). In a field `\\` stands for one
 * backslash, but not every writer knows; each argument that has some is given both ways.
 */
export const argumentsOf = (rest: string): string[] =>
  [...rest.matchAll(WORD)]
    .map(([, inQuotes, bare]) => inQuotes ?? bare ?? '')
    .filter(word => word !== '' && !/^\\[a-z*#@!]{1,2}$/i.test(word))
    .flatMap(word => (word.includes('\\\\') ? [word.replaceAll('\\\\', '\\'), word] : [word]))

/** What `QUOTE` makes of its arguments: numbers are characters, the rest is text. Undefined for other fields. */
export const quoted = (instruction: string): string | undefined => {
  const { name, rest } = instructionOf(instruction)
  if (name !== 'QUOTE') return undefined
  return [...rest.matchAll(WORD)]
    .map(([, inQuotes, bare]) => {
      if (inQuotes !== undefined) return inQuotes
      const code = bare === undefined ? Number.NaN : Number(bare)
      return Number.isInteger(code) && code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : (bare ?? '')
    })
    .join('')
}
