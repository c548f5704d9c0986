import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadCommonPasswords } from './common-passwords.ts'
import { canonicalPassword, createWeakness } from './weakness.ts'

const weakness = createWeakness()
const personal = ['Maria.Lindqvist@Example.org', 'Maria Lindqvist']

describe('the list of common passwords', () => {
  it('holds those that could be chosen', () => {
    const list = loadCommonPasswords(8)
    assert.ok(list.size > 10_000, `${list.size} entries`)
    for (const password of ['password', 'qwertyuiop', 'trustno1']) assert.ok(list.has(password))
    for (const password of list) assert.ok(password.length >= 8 && password === password.toLowerCase())
  })
})

describe('weakness', () => {
  it('accepts what is long, uncommon and not personal', () => {
    for (const password of [
      'correct horse battery',
      '        x',
      'пароль-для-всех',
      '🦊🦊🦊🦊🦊🦊🦊🦊',
      'e\u0301'.repeat(8),
    ]) {
      assert.equal(weakness(password, personal), undefined, password)
    }
  })

  it('counts code points of the composed form', () => {
    assert.match(weakness('e\u0301'.repeat(7), personal) ?? '', /at least 8/)
    assert.match(weakness('🦊🦊🦊🦊🦊🦊🦊', personal) ?? '', /at least 8/)
    assert.match(weakness('', personal) ?? '', /at least 8/)
    const mixed = 'Ab3$'.repeat(32)
    assert.equal(weakness(mixed, personal), undefined)
    assert.match(weakness(`${mixed}x`, personal) ?? '', /at most 128/)
    assert.equal(weakness('🦊x'.repeat(64), personal), undefined)
  })

  it('refuses what cannot be typed', () => {
    for (const password of ['long enough\0', 'long enough\n', 'long enough\u007f', 'long enough\ud800']) {
      assert.ok(weakness(password, personal), JSON.stringify(password))
    }
  })

  it('refuses common ones in any case', () => {
    for (const password of ['password', 'PASSWORD', 'Qwertyuiop', 'ｐａｓｓｗｏｒｄ']) {
      assert.match(weakness(password, personal) ?? '', /common/, password)
    }
  })

  it('refuses the address and the name', () => {
    const own = ['maria.lindqvist@example.org', 'MARIA.LINDQVIST', 'maria lindqvist', 'MariaLindqvist']
    for (const password of own) assert.match(weakness(password, personal) ?? '', /your name/, password)
    assert.equal(weakness('maria lindqvist 1', personal), undefined)
    assert.equal(weakness('something else', ['', ' ']), undefined)
  })
})

describe('canonicalPassword', () => {
  it('makes one of two spellings and keeps case and spaces', () => {
    assert.equal(canonicalPassword('Cafe\u0301 '), canonicalPassword('Caf\u00e9 '))
    assert.equal(canonicalPassword(' A '), ' A ')
    assert.equal(canonicalPassword('ﬁ'), 'ﬁ')
  })

  it('refuses a megabyte without looking at it', () => {
    assert.equal(canonicalPassword('a'.repeat(1 << 20)), undefined)
  })
})
