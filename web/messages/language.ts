/** The languages the pages speak, each named in itself. */
export const languages = [
  { code: 'en', name: 'English' },
  { code: 'de', name: 'Deutsch' },
] as const

export type Language = (typeof languages)[number]['code']

/** In `localStorage`: the person's choice of language, if they made one. It outlives signing out. */
const KEY = 'valise-language'

const known = (tag: string | null): Language | undefined => {
  const base = tag?.split('-', 1)[0]?.toLowerCase()
  return languages.find(({ code }) => code === base)?.code
}

/** What the person chose, else the first of their browser's languages that there is, else English. */
export const preferredLanguage = (): Language => {
  for (const tag of [kept(), ...navigator.languages]) {
    const language = known(tag)
    if (language) return language
  }
  return 'en'
}

/** The browser's own variant of a language (`de-AT`), which decides how dates and numbers are written. */
export const localeOf = (language: Language): string =>
  navigator.languages.find(tag => known(tag) === language) ?? language

// A browser may forbid all storage: then the choice lasts as long as the page.
const kept = (): string | null => {
  try {
    return window.localStorage.getItem(KEY)
  } catch {
    return null
  }
}

/** Holds from the next load of any page on. */
export const keepLanguage = (language: Language): void => {
  try {
    window.localStorage.setItem(KEY, language)
  } catch {
    // As above.
  }
}
