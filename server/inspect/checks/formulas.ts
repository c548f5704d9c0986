import type { Check } from './check.ts'

/** Strings, quoted sheet names and structured references: in these a `|` is only a character. */
const QUOTED = /"[^"]*"|'[^']*'|\[[^\]]*\]/g
const FETCHING = /(^|[^\w.])(_xl\w+\.)*(WEBSERVICE|RTD|IMAGE)\s*\(/i

/** Formulas and links of workbooks that start programs (`=cmd|…`, DDE) or fetch something from elsewhere. */
export const formulas: Check = (_document, report) => ({
  xml: ({ path }) => {
    const judge = (formula: string): void => {
      if (!formula.includes('|') && !formula.includes('(')) return
      if (formula.replace(QUOTED, '').includes('|')) report('dde', path)
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
