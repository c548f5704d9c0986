import { desk } from './desk.en.ts'
import { language } from './text.ts'
import type { Translated } from './translated.ts'

// In the language that the page has come to speak.
const german = language === 'de' ? await import('./desk.de.ts').catch(() => undefined) : undefined

/** The words of the pages behind the ops door. Apart from `text`, so that no client loads them. */
export const deskText: Translated<typeof desk> = german?.desk ?? desk
