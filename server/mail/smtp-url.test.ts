import assert from 'node:assert/strict'
import { it } from 'node:test'
import { parseSmtpUrl } from './smtp-url.ts'

const parse = (text: string) => parseSmtpUrl(new URL(text))

it('reads host, port and credentials', () => {
  assert.deepEqual(parse('smtp://mail.example.org'), {
    host: 'mail.example.org',
    port: 587,
    secure: false,
    requireTls: true,
    auth: undefined,
  })
  assert.equal(parse('smtps://mail.example.org').port, 465)
  assert.equal(parse('smtp://mail.example.org:2525').port, 2525)
  assert.deepEqual(parse('smtps://me%40example.org:p%3Aw%2F@mail.example.org').auth, {
    user: 'me@example.org',
    pass: 'p:w/',
  })
  assert.equal(parse('smtp://[::1]:1025').host, '::1')
})

const requirements = [
  ['smtp://mail.example.org', true],
  ['smtp://10.0.0.1', true],
  ['smtp://mailpit:1025', true],
  ['smtp://localhost.example.org', true],
  ['smtp://127.0.0.1.example.org', true],
  ['smtp://mailpit:1025?require_tls=false', false],
  ['smtp://localhost:1025', false],
  ['smtp://127.9.9.9:1025', false],
  ['smtp://[::1]:1025', false],
  ['smtp://localhost:1025?require_tls=true', true],
] as const
for (const [url, required] of requirements)
  it(`${required ? 'requires' : 'does not require'} TLS for ${url}`, () =>
    assert.equal(parse(url).requireTls, required))

const mistakes = [
  'http://mail.example.org',
  'smtp://',
  'smtp://secret@mail.example.org/path',
  'smtp://secret@mail.example.org#fragment',
  'smtp://secret@mail.example.org?require_tls=yes',
  'smtp://secret@mail.example.org?require_tls=true&require_tls=false',
  'smtp://secret@mail.example.org?tls.rejectUnauthorized=false',
  'smtps://secret@mail.example.org?require_tls=false',
  'smtp://secret%zz@mail.example.org',
]
for (const url of mistakes)
  it(`refuses ${url} without repeating it`, () =>
    assert.throws(
      () => parse(url),
      (error: Error) => !error.message.includes('secret'),
    ))
