import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { layout } from './layout.ts'
import { alreadyRegistered, invitation, passwordReset, signInLink, verification } from './messages.ts'

const token = 'Zm9vYmFyLWFuZC1tb3JlLWJ5dGVzLXRoYW4tbmVlZGVk'
const given = { publicUrl: 'https://files.example.org', token, until: Date.UTC(2031, 4, 9, 14, 5) }
const mails = {
  verify: verification(given),
  reset: passwordReset(given),
  invitation: invitation({ ...given, role: 'client' }),
  'invitation ': invitation({ ...given, role: 'ops' }),
  'sign-in': signInLink(given),
}

for (const [name, { subject, text, html }] of Object.entries(mails)) {
  describe(`The mail for ${name}`, () => {
    const fragment = name === 'sign-in' ? `/mail/${token}` : token
    const link = `https://files.example.org/${name.trim()}#${fragment}`

    it('holds its link, in both forms, on a line of its own', () => {
      assert.ok(text.split('\n').includes(link), text)
      assert.ok(html.replaceAll('&#38;', '&').includes(`href="${link}"`), html)
    })
    it('says from where, until when, and what to do otherwise', () => {
      for (const form of [text, html]) {
        assert.match(form, /files\.example\.org/)
        assert.match(form, /9 May 2031 at 14:05 UTC/)
        assert.match(form, /[Ii]f (it was not you|you do not expect)/)
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
  const { html } = layout('<b>&', ['<script>alert(1)</script>', { label: '"><x', href: `https://x/"'onmouseover=` }])
  assert.doesNotMatch(html, /<script|<b>|<x|"'on|""/)
  assert.ok(html.includes('&#60;script&#62;'))
  assert.ok(html.includes('href="https://x/&#34;&#39;onmouseover="'))
})
