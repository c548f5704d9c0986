import { en } from './en.ts'
import { type Language, localeOf, preferredLanguage } from './language.ts'
import type { Translated } from './translated.ts'

export type Messages = Translated<typeof en>

// Decided once, before anything is drawn; another choice loads the page again (ui/language-switch.tsx). English is in the page
// anyway and stands in when the other catalogue does not arrive. What a catalogue imports must not import this file.
const german = preferredLanguage() === 'de' ? await import('./de.ts').catch(() => undefined) : undefined

/** The words the pages speak; those of the desk alone are in desk-text.ts. */
export const text: Messages = german?.de ?? en
export const language: Language = german ? 'de' : 'en'
/** For everything of `Intl`. */
export const locale: string = localeOf(language)
