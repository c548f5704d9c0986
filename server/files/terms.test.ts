import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { queryTermsOf, termsOf } from './terms.ts'

/** What the search in SQL does: every word of the query begins some term of the name. */
const finds = (query: string, name: string): boolean => {
  const terms = termsOf(name)
  const words = queryTermsOf(query)
  return words.length > 0 && words.every(word => terms.some(term => term.startsWith(word)))
}

test('words are split at everything that is neither letter nor digit', () => {
  assert.deepEqual(termsOf('annual_report-final (v.b).docx'), ['annual', 'report', 'final', 'v', 'b', 'docx'])
  assert.deepEqual(queryTermsOf('  annual / report!  '), ['annual', 'report'])
})

test('words inside a run begin at capitals and between letters and digits', () => {
  assert.deepEqual(termsOf('AnnualReport2024'), ['annualreport2024', 'report2024', '2024'])
  assert.deepEqual(termsOf('PDFExport'), ['pdfexport', 'export'])
  assert.deepEqual(termsOf('2024Q3'), ['2024q3', 'q3', '3'])
})

test('a file is found by the beginning of any word, in any order and case', () => {
  const name = 'McDonald AnnualReport2024_final.xlsx'
  for (const query of [
    'mcdonald',
    'MCDONALD',
    'McDon',
    'donald',
    'report',
    'annualrep',
    'AnnualReport',
    '2024',
    'fin ann',
    'xlsx',
  ])
    assert.ok(finds(query, name), query)
  for (const query of ['eport', 'nnual', 'final2024', 'annual budget', '', '...']) assert.ok(!finds(query, name), query)
})

test('what looks or folds alike is found alike', () => {
  const pairs: [string, string][] = [
    ['résumé', 'RE\u0301SUME\u0301.docx'],
    ['strasse', 'Straße.docx'],
    ['STRASSE', 'straße.docx'],
    ['straß', 'STRASSE.docx'],
    ['οδοσ', 'ΟΔΟΣ.docx'],
    ['ΟΔΟΣ', 'οδος.docx'],
    ['οδος', 'ΟΔΟΣΗΜΑ.docx'],
    ['istanbul', 'İstanbul.docx'],
    ['offi', 'ofﬁce.docx'],
    ['ABC', 'ＡＢＣ.docx'],
    ['5', '⁵.docx'],
    ['договор', 'ДОГОВОР №7.docx'],
    ['契約', '契約書.docx'],
    ['हिन्दी', 'हिन्दी.docx'],
  ]
  for (const [query, name] of pairs) assert.ok(finds(query, name), `${query} in ${name}`)
})

test('a word longer than what is kept still finds its file', () => {
  const word = 'donaudampfschifffahrtselektrizitätenhauptbetriebswerk'
  assert.ok(finds(word, `${word}.docx`))
  for (const term of termsOf(`${word}.docx`)) assert.ok([...term].length <= 40)
})

test('terms are bounded, distinct and well-formed, whatever the name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), name => {
      const terms = termsOf(name)
      assert.ok(terms.length <= 64)
      assert.equal(new Set(terms).size, terms.length)
      for (const term of terms) {
        assert.ok(term.length > 0 && [...term].length <= 40 && term.isWellFormed())
        assert.doesNotMatch(term, /[^\p{L}\p{M}\p{N}]/u)
      }
    }),
  )
  assert.equal(termsOf(Array.from({ length: 100 }, (_, i) => `w${i}`).join(' ')).length, 64)
  assert.equal(queryTermsOf('a b c d e f g h i j k').length, 8)
})

test('every name is found by itself, in capitals, and by what its words begin with', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), name => {
      if (queryTermsOf(name).length === 0) return
      assert.ok(finds(name, name), name)
      assert.ok(finds(name.toUpperCase(), name), `${name} in capitals`)
      const [first] = queryTermsOf(name)
      assert.ok(first && finds([...first].slice(0, 2).join(''), name))
    }),
  )
})
