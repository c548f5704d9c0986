import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { disposition } from './disposition.ts'

/** RFC 6266: exactly this, and so exactly one disposition with two parameters. */
const shape = /^attachment; filename="([ !#-[\]-~]*)"; filename\*=UTF-8''((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})+)$/

const parse = (header: string) => {
  const [, plain, exact] = shape.exec(header) ?? []
  assert.ok(plain !== undefined && exact !== undefined, header)
  return { plain, exact: decodeURIComponent(exact) }
}

test('ordinary names arrive as they are', () => {
  for (const name of [
    'report.docx',
    'Ünïcödé 日本.xlsx',
    "it's (1)*.pptx",
    'a;b=c.docx',
    '100%.docx',
    'مرحبا.docx',
    '👩‍👩‍👧.docx',
  ])
    assert.equal(parse(disposition(name)).exact, name)
  assert.equal(parse(disposition('report.docx')).plain, 'report.docx')
})

test('no name leaves its header', () => {
  const hostile = [
    'a"; filename="evil.exe',
    'a\r\nSet-Cookie: x=1.docx',
    'a\\".docx',
    '../../etc/passwd',
    'a\0b.docx',
    '\u2028x\u2029.docx',
    "x''y%22.docx",
    '',
    '\ud800.docx',
  ]
  for (const name of hostile) parse(disposition(name))
  assert.equal(parse(disposition('')).exact, 'download')
  assert.equal(parse(disposition('..\\..\\x.docx')).exact, '.._.._x.docx')
})

test('marks that turn text around cannot dress an ending up', () => {
  assert.equal(parse(disposition('x\u202excod.exe')).exact, 'x_xcod.exe')
})

test('any text gives one well-formed header, and comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), name => {
      const { exact } = parse(disposition(name))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: names without the characters that are replaced
      if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069/\\]/.test(name) || name === '') return
      assert.equal(exact, name.toWellFormed())
    }),
  )
})
