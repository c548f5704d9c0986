import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { mailedToken, nextPath, signInPath } from '../../../web/accounts/next-path.ts'
import { startServer, type TestServer } from '../../server.ts'
import { redirects } from '../../web/payloads.ts'

// Open redirects: wherever an address says to go on to, it stays on this origin. test/web/redirect.test.ts does the same in
// a browser.

let server: TestServer
before(async () => {
  server = await startServer()
})
after(() => server.stop())

/** A browser's navigation, with a path that `fetch` would have normalised. */
const navigate = (path: string) =>
  new Promise<{ status: number; location: string | undefined }>((resolve, reject) => {
    const { port, host } = new URL(server.url)
    const headers = { host, accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    const sent = request({ host: '127.0.0.1', port, path, headers })
    sent.on('error', reject).on('response', response => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, location: response.headers.location })
    })
    sent.end()
  })

test('no answer leads to another origin', async () => {
  const payloads = redirects(server.url)
  assert.ok(payloads.length >= 190, `${payloads.length} payloads`)
  for (const payload of payloads) {
    const encoded = encodeURIComponent(payload)
    const raw = encodeURI(payload)
    const paths = [
      `/sign-in?next=${encoded}`,
      `/?redirect=${encoded}`,
      `/download/${encoded}`,
      `/download/${raw}`,
      raw.startsWith('/') ? raw : `/${raw}`,
    ]
    for (const path of paths) {
      const { status, location } = await navigate(path)
      assert.ok(status < 500, `${path}: ${status}`)
      if (location === undefined) continue
      assert.equal(new URL(location, server.url).origin, server.url, `${path} leads to ${location}`)
      assert.match(location, /^\/(?![/\\])/, `${path} leads to ${location}`)
    }
  }
})

test('a download without a session leads to signing in, and back by the fragment', async () => {
  const { status, location } = await navigate('/download/abc.def-_1')
  assert.equal(status, 303)
  assert.equal(location, '/sign-in#/download/abc.def-_1')
})

test('the sign-in page goes on to pages of its own door only, letter for letter', () => {
  for (const payload of redirects(server.url)) {
    assert.equal(nextPath('client', payload), undefined, payload)
    assert.equal(nextPath('ops', payload), undefined, payload)
    assert.equal(mailedToken(payload), undefined, payload)
  }
  const id = 'A'.repeat(22)
  for (const path of ['/documents', `/documents/${id}`, '/links', '/sessions', '/download/abc.def-_1']) {
    assert.equal(nextPath('client', path), path)
    assert.equal(nextPath('ops', path), undefined)
    assert.equal(signInPath('client', path), `/sign-in#${path}`)
  }
  for (const path of ['/ops', '/ops/files', `/ops/files/${id}`]) {
    assert.equal(nextPath('ops', path), path)
    assert.equal(nextPath('client', path), undefined)
    assert.equal(signInPath('ops', path), `/ops/sign-in#${path}`)
  }
  assert.equal(
    signInPath('ops', '/ops/files', { search: '?fetched=not_yet' }),
    '/ops/sign-in#/ops/files?fetched=not_yet',
  )
  assert.equal(
    signInPath('ops', '/ops/files', { search: '?q=anything' }),
    '/ops/sign-in#/ops/files',
    'free text stays behind',
  )
  assert.equal(signInPath('client', '//evil.example'), '/sign-in')
})
