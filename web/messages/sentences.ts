/**
 * Translates whole sentences that come from elsewhere in English. In the table, `{name}` stands for any text and may return in
 * the translation; the first row that fits is taken. Undefined for a sentence without a row.
 */
export const createTranslation = (table: Record<string, string>): ((sentence: string) => string | undefined) => {
  const patterns = Object.entries(table).map(([english, translated]) => ({ pattern: patternOf(english), translated }))
  return sentence => {
    for (const { pattern, translated } of patterns) {
      const found = pattern.exec(sentence)
      if (found) return translated.replaceAll(/\{(\w+)\}/g, (_, name: string) => found.groups?.[name] ?? '')
    }
    return undefined
  }
}

const patternOf = (english: string): RegExp =>
  new RegExp(`^${english.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{(\w+)\}/g, '(?<$1>.+)')}$`)
