import type { Language } from '../language.ts'
import type { Message } from './deliver.ts'
import { layout, type Part } from './layout.ts'
import { de } from './words.de.ts'
import { en, type Words } from './words.en.ts'

const wordsIn: Record<Language, Words> = { en, de }

/** What every mail is written with. `publicUrl`: as configured, never taken from a request. */
export type Writing = { publicUrl: string; language: Language }

type Draft = {
  words: Words
  host: string
  /** A page of ours. */
  page: (path: string) => string
  /** Milliseconds since 1970 as a date with its time, UTC. */
  moment: (milliseconds: number) => string
}

/** A mail of this service; its last lines say who it is from. */
export const letter = (
  { publicUrl, language }: Writing,
  write: (draft: Draft) => { subject: string; parts: readonly Part[] },
): Message => {
  const words = wordsIn[language]
  const { host } = new URL(publicUrl)
  const format = new Intl.DateTimeFormat(words.locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  const { subject, parts } = write({
    words,
    host,
    page: path => `${publicUrl.replace(/\/+$/, '')}/${path}`,
    moment: milliseconds => `${format.format(milliseconds)} UTC`,
  })
  return layout({ subject, language, parts: [...parts, words.footer(host)] })
}
