import { de } from './words.de.ts'
import { en, type Words } from './words.en.ts'

/** Languages that mails are written in. */
export type Language = 'en' | 'de'

const words: Record<Language, Words> = { en, de }

export const wordsIn = (language: Language): Words => words[language]

/**
 * The first language of an `Accept-Language` header (RFC 9110, 12.5.4) that mails are written in; undefined when it names none.
 * Browsers list by preference; weights are looked at only to leave out what is refused (`q=0`).
 */
export const languageOf = (header: string | undefined): Language | undefined => {
  for (const part of (header ?? '').slice(0, 200).split(',')) {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const [primary] = tag.split('-')
    if (parameters.some(parameter => /^\s*q=0(\.0*)?\s*$/.test(parameter))) continue
    if (primary === 'en' || primary === 'de') return primary
  }
  return undefined
}
