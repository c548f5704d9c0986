import type { Language } from '../language.ts'
import { de } from './words.de.ts'
import { en, type Words } from './words.en.ts'

const words: Record<Language, Words> = { en, de }

export const wordsIn = (language: Language): Words => words[language]
