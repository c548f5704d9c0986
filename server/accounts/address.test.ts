import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { emailKeyOf, parseAddress } from './address.ts'

const same: [string, string][] = [
  ['Ada@Example.COM', 'ada@example.com'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@BÜCHER.example', 'ada@bücher.example'],
  ['rené@example.com', 'rene\u0301@example.com'],
  ['RENÉ@example.com', 'rené@example.com'],
]
const different: [string, string][] = [
  ['ada@example.com', 'ada+tag@example.com'],
  ['ada@example.com', 'a.da@example.com'],
  ['ada@example.com', 'ada@example.com.example'],
  ['ada@example.com', '\u0430da@example.com'],
  ['ada@strasse.example', 'ada@straße.example'],
]
const refused = [
  '',
  '@',
  'ada',
  'ada@',
  '@example.com',
  'ada@@example.com',
  'ada@example.com@example.org',
  ' ada@example.com',
  'ada@example.com ',
  'ada @example.com',
  'ada\u00a0@example.com',
  'ada\u200b@example.com',
  'ada\u202e@example.com',
  'ada\ufe0f@example.com',
  'ada\u0000@example.com',
  'ada@example.com\r\nbcc: x@example.com',
  'ada\ud800@example.com',
  '\uff41da@example.com',
  'ada@ex\uff41mple.com',
  'ﬁ@example.com',
  'ıvan@example.com',
  'straße@example.com',
  'ſam@example.com',
  '"ada"@example.com',
  'ada(x)@example.com',
  '<ada@example.com>',
  '.ada@example.com',
  'ada.@example.com',
  'a..da@example.com',
  'ada@example.com.',
  'ada@.example.com',
  'ada@exa..mple.com',
  'ada@-example.com',
  'ada@127.0.0.1',
  'ada@0x7f.1',
  'ada@[127.0.0.1]',
  'ada@ex%61mple.com',
  'ada@example。com',
  'ada@exam_ple.com',
  `${'a'.repeat(65)}@example.com`,
  `ada@${'a'.repeat(64)}.com`,
  `ada@${'abc.'.repeat(63)}com`,
]

test('spellings of one mailbox share a key', () => {
  for (const [one, other] of same) {
    assert.notEqual(emailKeyOf(one), undefined, one)
    assert.equal(emailKeyOf(one), emailKeyOf(other), `${one} and ${other}`)
  }
})

test('different mailboxes never share a key', () => {
  for (const [one, other] of different) {
    assert.notEqual(emailKeyOf(one), undefined, one)
    assert.notEqual(emailKeyOf(one), emailKeyOf(other), `${one} and ${other}`)
  }
})

test('what could pass for another address is refused with a sentence', () => {
  for (const text of refused) {
    const address = parseAddress(text)
    assert.ok('reason' in address && address.reason.length > 0, JSON.stringify(text))
  }
})

test('a key is its own key, and no two letters that a mail server tells apart are folded into one', () => {
  const local = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(local, text => {
      const typed = `${text}@example.com`
      const address = parseAddress(typed)
      if ('reason' in address) return
      assert.equal(emailKeyOf(address.key), address.key)
      assert.equal(address.key, typed.normalize('NFC').toLowerCase())
    }),
    { numRuns: 2000 },
  )
})
