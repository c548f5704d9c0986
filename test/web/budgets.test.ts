import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { fill } from '../db/filling.ts'
import { joinClient, PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { cannotBrowse, launch, openContext } from './browser.ts'

const skip = cannotBrowse()
const assets = fileURLToPath(new URL('../../dist/web/assets/', import.meta.url))
let browser: Browser
let server: TestServer
let dataDir: string

before(async () => {
  if (skip) return
  dataDir = await mkdtemp(join(tmpdir(), 'valise-many-'))
  // The tables first, then what is in them, then the server that the tests talk to.
  await (await startServer({ dataDir })).stop()
  fill(join(dataDir, 'valise.sqlite'), { files: 10_000, clients: 10_000, groups: 50, uploaders: 20, analyze: true })
  server = await startServer({ dataDir })
  await setUpAdmin(server, people.ops)
  await joinClient(server, people.client)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
  if (dataDir) await rm(dataDir, { recursive: true, force: true })
})

/** What a cold load fetches until the heading stands; `bytes` of a file as it travels, by its ending. */
const coldLoad = async (path: string, locale: string, heading: RegExp) => {
  const { context } = await openContext(browser, server.url, { locale })
  const page = await context.newPage()
  // Once each: leading to the sign-in page is a second load, which finds the assets in the browser's cache.
  const requests = new Set<string>()
  page.on('request', request => requests.add(new URL(request.url()).pathname))
  await page.goto(path)
  await page.getByRole('heading', { name: heading }).waitFor()
  await context.close()
  const ofKind = (kind: string) => [...requests].filter(name => name.startsWith('/assets/') && name.endsWith(kind))
  const bytes = async (kind: string, packed: string) => {
    const sizes = await Promise.all(
      ofKind(kind).map(name => stat(join(assets, name.slice('/assets/'.length)) + packed)),
    )
    return sizes.reduce((sum, { size }) => sum + size, 0)
  }
  return { requests, scripts: ofKind('.js'), bytes }
}

for (const [path, locale, heading] of [
  ['/', 'en-GB', /Sign in/],
  ['/documents', 'en-GB', /Sign in/],
  ['/', 'de-DE', /Anmelden/],
  ['/documents', 'de-DE', /Anmelden/],
] as const) {
  test(`a cold load of ${path} in ${locale} fetches at most 150 kB of scripts, in few requests`, {
    skip,
    timeout: 30_000,
  }, async t => {
    const { requests, scripts, bytes } = await coldLoad(path, locale, heading)
    const gzip = await bytes('.js', '.gz')
    const brotli = await bytes('.js', '.br')
    t.diagnostic(
      `${Math.round(gzip / 1000)} kB gzip, ${Math.round(brotli / 1000)} kB brotli, ${requests.size} requests`,
    )
    assert.ok(scripts.length > 0)
    assert.deepEqual(
      scripts.filter(name => /^\/assets\/(ops|desk)/.test(name)),
      [],
      'what only the desk needs',
    )
    assert.ok(gzip <= 150_000, `${gzip} bytes of scripts`)
    assert.ok((await bytes('.css', '.gz')) <= 15_000, 'style sheets')
    // The page, its scripts and styles, an icon, and who is signed in.
    assert.ok(requests.size <= 12, [...requests].join(' '))
  })
}

const people = { ops: 'admin@firm.example', client: 'clara@customer.example' }

const signIn = async (page: Page, door: 'ops' | 'client'): Promise<void> => {
  await page.goto(door === 'ops' ? '/ops/sign-in#/ops/sessions' : '/sign-in#/sessions')
  await page.getByLabel('E-mail address').fill(people[door])
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'My sessions' }).waitFor()
}

/** Presses "Show more" and says after each page how many rows were fetched and how many stand on the page. */
const pageThrough = async (page: Page, { path, rows, api }: { path: string; rows: string; api: string }) => {
  const fetched: number[] = []
  const asked: string[] = []
  page.on('response', async response => {
    const url = new URL(response.url())
    if (url.pathname !== api) return
    asked.push(url.search)
    const { items }: { items: unknown[] } = await response.json()
    fetched.push(items.length)
  })
  await page.goto(path)
  const shown: number[] = []
  for (let pages = 1; pages <= 4; pages++) {
    const all = page.locator(rows)
    await all.nth((shown.at(-1) ?? 0) + 1).waitFor()
    shown.push(await all.count())
    if (pages < 4) await page.getByRole('button', { name: 'Show more' }).click()
  }
  return { fetched, asked, shown }
}

for (const list of [
  { door: 'ops', path: '/ops/files', rows: 'tbody tr', api: '/api/v1/ops/files' },
  { door: 'ops', path: '/ops/clients', rows: 'tbody tr', api: '/api/v1/ops/clients' },
  { door: 'client', path: '/documents', rows: 'main a[href^="/documents/"]', api: '/api/v1/client/files' },
] as const) {
  test(`${list.path} with ten thousand rows is read and shown page by page`, { skip, timeout: 60_000 }, async () => {
    const { context, watched } = await openContext(browser, server.url)
    const page = await context.newPage()
    await signIn(page, list.door)
    const { fetched, asked, shown } = await pageThrough(page, list)
    assert.ok(
      fetched.every(count => count > 0 && count <= 50),
      `pages of ${fetched.join(', ')}`,
    )
    for (const search of asked) {
      const limit = new URLSearchParams(search).get('limit')
      assert.ok(limit === null || Number(limit) <= 200, search)
    }
    assert.deepEqual(shown, [50, 100, 150, 200])
    assert.equal(fetched.length, 4, 'one call for each page that was asked for')
    assert.deepEqual(watched.complaints, [])
    await context.close()
  })
}
