/** Code points kept of a term; a longer query word is cut to the same length, so it still finds its file. */
const LENGTH = 40
const NAME_TERMS = 64
const QUERY_TERMS = 8

/** Letters with their marks, and digits; all else, the underscore too, stands between words. */
const WORD = /[\p{L}\p{M}\p{N}]+/gu

/** Where a word begins inside a run: `annual|Report`, `PDF|Export`, `Report|2024`, `2024|Q3`. */
const INNER = /(?<=[\p{Ll}\p{M}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=[\p{L}\p{M}])(?=\p{N})|(?<=\p{N})(?=\p{L})/u

/**
 * The terms under which a file of this name is found by the beginning of any of its words (product.md: NFKC, case-folded):
 * every run of letters and digits, and what follows each word that begins inside a run, so that `report` and `annualrep`
 * both find `AnnualReport.docx`. Distinct, at most 64 of at most 40 code points; whole runs come first.
 */
export const termsOf = (name: string): string[] => {
  const runs = runsOf(name)
  return distinct([...runs, ...runs.flatMap(innerBeginnings)], NAME_TERMS)
}

/**
 * The terms of a search, each of which must be the beginning of one of a name's terms. Capitals divide nothing here: who
 * types `McDonald` wants `mcdonald.docx` too, which `termsOf` would keep from them by asking for `donald` as well. Distinct,
 * at most 8; none when nothing in the text is a letter or digit.
 */
export const queryTermsOf = (query: string): string[] => distinct(runsOf(query), QUERY_TERMS)

const runsOf = (text: string): string[] => text.normalize('NFKC').match(WORD) ?? []

const innerBeginnings = (run: string): string[] => {
  const pieces = run.split(INNER)
  return pieces.slice(1).map((_, index) => pieces.slice(index + 1).join(''))
}

const distinct = (words: string[], most: number): string[] =>
  [...new Set(words.map(word => cut(fold(word))).filter(word => word !== ''))].slice(0, most)

/**
 * Close to Unicode's NFKC_Casefold with what JavaScript has: up and down again unites ß with ss and ı with i; a sigma has one
 * form wherever it stands; the dot that lower-casing leaves over an i goes.
 */
const fold = (word: string): string =>
  word.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ').replaceAll('i\u0307', 'i').normalize('NFKC')

const cut = (word: string): string => [...word].slice(0, LENGTH).join('')
