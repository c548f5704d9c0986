/**
 * Control, format, private and unassigned characters and lone surrogates: a file name from a server must not move the
 * cursor, recolour the terminal or turn text around.
 */
const UNSAFE = /[\p{C}\u2028\u2029]/gu

/** Text from elsewhere as it may stand on a terminal: one line, nothing that steers. */
export const clean = (text: string): string => text.replaceAll(UNSAFE, '\ufffd')

/** A line for people on standard output. Whatever came from elsewhere must have been through `clean`. */
export const say = (line = ''): void => {
  process.stdout.write(`${line}\n`)
}

/** A line on standard error: notes, questions and mistakes, so that standard output stays what was asked for. */
export const note = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

/** One JSON value per line: exact for programs, and harmless on a terminal, since what steers is escaped. */
export const sayJson = (value: unknown): void => {
  say(JSON.stringify(value).replaceAll(UNSAFE, found => found.split('').map(escapeUnit).join('')))
}

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Columns two spaces apart, as wide as their widest cell; the last one is as long as it is. */
export const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths: number[] = []
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, width(cell))
  }
  return rows.map(row =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - width(cell))))
      .join('  ')
      .trimEnd(),
  )
}

/** Columns a text takes, well enough for a table: marks take none, East Asian letters two. */
const width = (text: string): number => {
  let columns = 0
  for (const char of text.normalize('NFC')) {
    if (/\p{M}/u.test(char)) continue
    columns += /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(char) ? 2 : 1
  }
  return columns
}

const steps = ['KiB', 'MiB', 'GiB', 'TiB'] as const

/** `1536` → `1.5 KiB`. */
export const size = (bytes: number): string => {
  if (bytes < 1024) return `${bytes} B`
  let value = bytes
  let unit = 'B'
  for (const next of steps) {
    if (value < 1024) break
    value /= 1024
    unit = next
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

/** `2026-03-01T08:15:00.000Z` → `2026-03-01 08:15`, in UTC; anything else is shown as it came, cleaned. */
export const day = (time: string): string => {
  const at = Date.parse(time)
  return Number.isNaN(at) ? clean(time) : new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

/** Runs of a sentence no wider than a terminal, indented. */
export const wrap = (text: string, indent: string, most = 100): string[] => {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(' ')) {
    if (line !== indent && line.length + 1 + word.length > most) {
      lines.push(line)
      line = indent
    }
    line += line === indent ? word : ` ${word}`
  }
  return [...lines, line]
}
