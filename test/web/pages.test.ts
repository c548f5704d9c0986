import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import Fastify from 'fastify'
import { servePages } from '../../server/pages.ts'
import { startServer, type TestServer } from '../server.ts'
import { cannotBrowse, launch } from './browser.ts'

const skip = cannotBrowse()
const folder = fileURLToPath(new URL('../../dist/web/', import.meta.url))
let server: TestServer
before(async () => {
  server = await startServer()
})
after(() => server.stop())

const pages = [
  '/',
  '/sign-in',
  '/sign-up',
  '/verify',
  '/forgot',
  '/reset',
  '/invitation',
  '/documents',
  '/links',
  '/sessions',
]
const opsPages = [
  '/setup',
  '/mailbox',
  '/ops',
  '/ops/files',
  '/ops/sign-in',
  '/ops/forgot',
  `/ops/files/${'A'.repeat(22)}`,
]

test('every page says what it may do, and is kept by nobody (rows 49, 50)', { skip }, async () => {
  const nonces = new Set<string>()
  for (const path of [...pages, ...opsPages]) {
    const { status, headers, text } = await server.client().get(path)
    assert.equal(status, 200, path)
    assert.equal(headers.get('cache-control'), 'no-store', path)
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    assert.equal(headers.get('referrer-policy'), 'no-referrer', path)
    const policy = headers.get('content-security-policy') ?? ''
    const nonce = /'nonce-([\w-]{43})'/.exec(policy)?.[1] ?? ''
    assert.equal(
      policy.replace(nonce, 'N'),
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-N'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
      path,
    )
    assert.ok(text.includes(`nonce="${nonce}"`), path)
    assert.equal(text.includes('VALISE_NONCE'), false, path)
    assert.equal(/<script(?![^>]*\ssrc=)/.test(text), false, 'no inline script')
    assert.equal(/\sstyle=|<style/.test(text), false, 'no inline style')
    nonces.add(nonce)
  }
  assert.equal(nonces.size, pages.length + opsPages.length, 'each page its own nonce')
})

test('assets are kept for ever, compressed ahead, and only by their exact names', { skip }, async () => {
  const name = (await readdir(join(folder, 'assets'))).find(file => /^client-.*\.js$/.test(file)) ?? ''
  const get = (path: string, encoding = 'identity') =>
    server.client().get(path, { headers: { 'accept-encoding': encoding } })
  const plain = await get(`/assets/${name}`)
  assert.equal(plain.status, 200)
  assert.equal(plain.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  assert.match(plain.headers.get('content-type') ?? '', /^(text|application)\/javascript/)
  const packed = await get(`/assets/${name}`, 'br, gzip')
  assert.equal(packed.headers.get('content-encoding'), 'br')
  assert.equal(packed.text, plain.text)
  for (const path of [
    '/assets/',
    '/assets/no-such.js',
    '/assets/..%2fclient.html',
    '/assets/%2e%2e%2fops.html',
    '/assets/.x',
  ]) {
    const { status, headers } = await get(path)
    assert.equal(status, 404, path)
    assert.equal(headers.get('content-type'), 'application/problem+json; charset=utf-8', path)
  }
})

test('a wrong path under /api stays a problem document', async () => {
  for (const path of ['/api/v1/nothing', '/api/v1/ops', '/api/', '/nothing']) {
    const { status, headers } = await server.client().get(path, { headers: { accept: 'text/html' } })
    assert.equal(status, 404, path)
    assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/, path)
  }
})

test('without a build the pages say so; a build made later is found', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'valise-pages-'))
  const app = Fastify()
  let made = 0
  await servePages(app, { folder: empty, newNonce: () => `nonce${made++}` })
  try {
    const before = await app.inject('/sign-in')
    assert.equal(before.statusCode, 503)
    assert.match(before.body, /have not been built/)
    assert.equal(before.headers['content-type'], 'text/plain; charset=utf-8')
    await mkdir(join(empty, 'assets'))
    await writeFile(join(empty, 'client.html'), '<p nonce="VALISE_NONCE">')
    const after = await app.inject('/sign-in')
    assert.equal(after.statusCode, 200)
    assert.equal(after.body, '<p nonce="nonce0">')
    assert.equal((await app.inject('/ops')).statusCode, 503, 'the other entry is still missing')
  } finally {
    await app.close()
    await rm(empty, { recursive: true, force: true })
  }
})

test('the client door needs at most 150 kB of compressed JavaScript', { skip }, async t => {
  const html = await readFile(join(folder, 'client.html'), 'utf8')
  const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path = '']) => path)
  const bytes = await Promise.all(scripts.map(path => readFile(join(folder, path))))
  const gzip = bytes.reduce((sum, one) => sum + gzipSync(one).length, 0)
  const brotli = bytes.reduce((sum, one) => sum + brotliCompressSync(one).length, 0)
  t.diagnostic(`client door: ${Math.round(gzip / 1000)} kB gzip, ${Math.round(brotli / 1000)} kB brotli`)
  assert.ok(scripts.length > 0)
  assert.ok(gzip <= 150_000, `${gzip} bytes`)
})

test('without JavaScript every page is a plain sentence', { skip, timeout: 60_000 }, async () => {
  const browser = await launch()
  try {
    const page = await (await browser.newContext({ baseURL: server.url, javaScriptEnabled: false })).newPage()
    for (const path of ['/', '/ops', '/setup']) {
      await page.goto(path)
      for (const [language, said] of [
        ['en', /needs JavaScript: please switch it on .* ask the people who run this server/s],
        ['de', /braucht JavaScript: Bitte schalten Sie es .* fragen Sie die Betreiber dieses Servers/s],
      ] as const) {
        const sentence = page.locator(`noscript p[lang=${language}]`)
        await sentence.waitFor()
        assert.match((await sentence.textContent()) ?? '', said)
      }
    }
  } finally {
    await browser.close()
  }
})
