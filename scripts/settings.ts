// Writes the table of settings into docs/operations.md, from the table the server reads: node scripts/settings.ts
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { options } from '../server/config.ts'

export const BEGIN = '<!-- settings: written by scripts/settings.ts -->'
export const END = '<!-- settings end -->'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
const code = (text: string): string => (text === '' ? '' : `\`${cell(text)}\``)

/** A row for each setting: name, kind, default, what it is. */
export const settingsTable = (): string =>
  [
    '| setting | takes | default | what it is |',
    '|---|---|---|---|',
    ...Object.values(options).map(
      ({ name, kind, default: fallback, help, secret }) =>
        `| \`${name}\` | ${cell(kind)} | ${code(fallback)} | ${cell(help)}${secret ? ' (secret)' : ''} |`,
    ),
  ].join('\n')

/** `text` with the table between its two marks. Throws where they are missing. */
export const withSettings = (text: string): string => {
  const [before, rest] = text.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error('docs/operations.md has lost the marks of its table')
  return `${before}${BEGIN}\n\n${settingsTable()}\n\n${END}${after}`
}

if (import.meta.main) {
  const path = fileURLToPath(new URL('../docs/operations.md', import.meta.url))
  await writeFile(path, withSettings(await readFile(path, 'utf8')))
}
