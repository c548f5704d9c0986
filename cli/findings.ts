import type { Finding } from '../contract/errors.ts'
import { clean, wrap } from './terminal.ts'

const marks = { block: 'refused: ', warn: 'note: ', info: '' } as const

/** Parts of a document that one sentence names; a macro workbook has hundreds. */
const PLACES = 5

/** What the inspection found, in its own sentences, each once with the parts of the document that it is about. */
export const findingLines = (findings: readonly Finding[]): string[] => {
  const groups = Map.groupBy(findings, ({ severity, message }) => `${marks[severity]}${message}`)
  return [...groups].flatMap(([sentence, same]) => {
    const places = [...new Set(same.map(({ where }) => where).filter(Boolean))]
    const more = places.length > PLACES ? ` and ${places.length - PLACES} more` : ''
    const where = places.length > 0 ? ` (${places.slice(0, PLACES).join(', ')}${more})` : ''
    return wrap(clean(`${sentence}${where}`), '  ')
  })
}
