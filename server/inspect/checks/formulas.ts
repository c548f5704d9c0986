import type { Check } from './check.ts'

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '[': ']' }

/**
 * Whether a formula names a program's data (`program|topic!item`): in strings, quoted sheet names and structured
 * references a `|` is only a character. One pass, and what is never closed quotes nothing.
 */
const hasBar = (formula: string): boolean => {
  let closing: string | undefined
  for (const character of formula) {
    if (closing !== undefined) closing = character === closing ? undefined : closing
    else if (character === '|') return true
    else closing = CLOSING[character]
  }
  return closing !== undefined
}

const FETCHING = /(^|[^\w.])(_xl\w+\.)*(WEBSERVICE|RTD|IMAGE)\s*\(/i

/** Formulas and links of workbooks that start programs (`=cmd|…`, DDE) or fetch something from elsewhere. */
export const formulas: Check = (_document, report) => ({
  xml: ({ path }) => {
    const judge = (formula: string): void => {
      if (!formula.includes('|') && !formula.includes('(')) return
      if (formula.includes('|') && hasBar(formula)) report('dde', path)
      else if (FETCHING.test(formula)) report('active_content/formula', path)
    }
    return {
      open: { ddeLink: () => report('dde', path) },
      text: {
        f: judge,
        definedName: judge,
        formula: judge,
        formula1: judge,
        formula2: judge,
        calculatedColumnFormula: judge,
        totalsRowFormula: judge,
      },
    }
  },
})
