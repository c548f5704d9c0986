import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { languageOf } from '../language.ts'
import { layout } from './layout.ts'
import { alreadyRegistered, invitation, passwordReset, signInLink, verification } from './messages.ts'

const token = 'Zm9vYmFyLWFuZC1tb3JlLWJ5dGVzLXRoYW4tbmVlZGVk'
const given = {
  publicUrl: 'https://files.example.org',
  token,
  until: Date.UTC(2031, 4, 9, 14, 5),
  language: 'en',
} as const
const german = { ...given, language: 'de' } as const
const mails = {
  verify: verification(given),
  reset: passwordReset(given),
  invitation: invitation({ ...given, role: 'client' }),
  'invitation ': invitation({ ...given, role: 'ops' }),
  'sign-in': signInLink(given),
}
const inGerman = {
  verify: verification(german),
  reset: passwordReset(german),
  invitation: invitation({ ...german, role: 'client' }),
  'invitation ': invitation({ ...german, role: 'ops' }),
  'sign-in': signInLink(german),
}

for (const [name, { subject, text, html }, deutsch] of [
  ...Object.entries(mails).map(([name, mail]) => [name, mail, false] as const),
  ...Object.entries(inGerman).map(([name, mail]) => [name, mail, true] as const),
]) {
  describe(`The mail for ${name}${deutsch ? ', in German' : ''}`, () => {
    const fragment = name === 'sign-in' ? `/mail/${token}` : token
    const link = `https://files.example.org/${name.trim()}#${fragment}`

    it('holds its link, in both forms, on a line of its own', () => {
      assert.ok(text.split('\n').includes(link), text)
      assert.ok(html.replaceAll('&#38;', '&').includes(`href="${link}"`), html)
    })
    it('says from where, until when, and what to do otherwise', () => {
      for (const form of [text, html]) {
        assert.match(form, /files\.example\.org/)
        assert.match(form, deutsch ? /9\. Mai 2031 um 14:05 UTC/ : /9 May 2031 at 14:05 UTC/)
        assert.match(form, deutsch ? /Wenn Sie (das nicht waren|keine)/ : /[Ii]f (it was not you|you do not expect)/)
      }
      assert.match(subject, /files\.example\.org$/)
    })
    it('loads nothing from anywhere', () => {
      assert.doesNotMatch(html, /<(img|link|script|iframe|style|form|base|meta http)|url\(|src=/i)
      const urls = html.match(/https?:[^"<]*/g) ?? []
      assert.deepEqual(new Set(urls), new Set([link]))
    })
  })
}

it('tells the owner of an address that it has an account, without a token', () => {
  const { text } = alreadyRegistered(given)
  assert.ok(text.split('\n').includes('https://files.example.org/sign-in'), text)
  assert.doesNotMatch(text, /#/)
})

it('keeps the port and a path of the public URL, once', () => {
  const { text, subject } = verification({ ...given, publicUrl: 'http://localhost:8080/valise/' })
  assert.ok(text.split('\n').includes(`http://localhost:8080/valise/verify#${token}`), text)
  assert.match(subject, /localhost:8080/)
})

it('refuses what is no token', () => {
  for (const bad of ['', 'a b', 'a"b', 'a\nb', '<a>', '../a'])
    assert.throws(() => verification({ ...given, token: bad }), TypeError)
})

it('escapes text and addresses in HTML', () => {
  const link = { label: '"><x', href: `https://x/"'onmouseover=` }
  const parts = ['<script>alert(1)</script>', link, { list: ['<i>'] }, { quote: '<u>\n</u>' }]
  const { html } = layout({ subject: '<b>&', language: 'en', parts })
  assert.doesNotMatch(html, /<script|<b>|<x|<i>|<u>|"'on|""/)
  assert.ok(html.includes('&#60;script&#62;'))
  assert.ok(html.includes('href="https://x/&#34;&#39;onmouseover="'))
})

it('quotes what somebody wrote line by line', () => {
  const { text } = layout({ subject: 'x', language: 'en', parts: [{ quote: 'one\n\ntwo' }, { list: ['a', 'b'] }] })
  assert.equal(text, '> one\n> \n> two\n\n- a\n- b\n')
})

it('takes the first language it can write of those a browser lists', () => {
  const of: [string | undefined, 'en' | 'de' | undefined][] = [
    [undefined, undefined],
    ['', undefined],
    ['*', undefined],
    ['fr-FR,fr;q=0.9', undefined],
    ['de', 'de'],
    ['de-AT,en;q=0.8', 'de'],
    ['fr, EN-us;q=0.8, de;q=0.5', 'en'],
    ['de;q=0, en', 'en'],
    [`${'x'.repeat(300)},de`, undefined],
  ]
  for (const [header, language] of of) assert.equal(languageOf(header), language, header)
})
