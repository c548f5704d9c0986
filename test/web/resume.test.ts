import assert from 'node:assert/strict'
import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { scratch } from '../cli/command.ts'
import { startCuttingProxy } from '../cutting-proxy.ts'
import { sha256 } from '../http/files/uploads-world.ts'
import { makeOffice } from '../office.ts'
import { PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { cannotBrowse, inspectPage, launch, openContext } from './browser.ts'

const skip = cannotBrowse()
let browser: Browser
let server: TestServer
let proxy: Awaited<ReturnType<typeof startCuttingProxy>>

before(async () => {
  if (skip) return
  proxy = await startCuttingProxy()
  server = await startServer({ env: { VALISE_PUBLIC_URL: proxy.url } })
  const address = server.app.http.server.address()
  proxy.lead(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`)
  await setUpAdmin(server)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await proxy?.stop()
  await server?.stop()
})

const signIn = async (page: Page): Promise<void> => {
  await page.goto('/ops/sign-in')
  await page.getByLabel('E-mail address').fill('admin@firm.example')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Hand over documents' }).waitFor()
}

const newPage = async (context: BrowserContext) => {
  const page = await context.newPage()
  const offsets: number[] = []
  page.on('request', request => {
    if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']))
  })
  return { page, offsets }
}

/** Picks a file, and lets a part of it through. */
const sendSome = async (page: Page, path: string): Promise<void> => {
  proxy.cuts.push({ after: 3_000_000, how: 'hold' })
  const held = proxy.holds()
  await page.locator('input[type=file]').setInputFiles(path)
  await held
}

const makeFile = async (t: Parameters<typeof scratch>[0], name: string, size: number) => {
  const bytes = makeOffice({ type: 'docx', padTo: size })
  const path = join(await scratch(t), name)
  await writeFile(path, bytes)
  await utimes(path, 1_700_000_000, 1_700_000_000)
  return { path, bytes }
}

const ready = (page: Page): Promise<void> => page.getByText('Ready', { exact: true }).waitFor()

const arrived = async (name: string, bytes: Uint8Array): Promise<void> => {
  const row = await server.db.read
    .selectFrom('files')
    .select('sha256')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  assert.equal(Buffer.from(row.sha256).toString('hex'), sha256(bytes))
}

test('the connection is lost in the middle: it says so and goes on', { skip, timeout: 120_000 }, async t => {
  const { context, watched } = await openContext(browser, server.url)
  const { page, offsets } = await newPage(context)
  await signIn(page)
  const { path, bytes } = await makeFile(t, 'Broken line.docx', 8_000_000)
  await sendSome(page, path)
  proxy.down()
  await page.getByText('Connection lost, trying again').waitFor()
  await inspectPage(page, 'ops-hand-over-connection-lost')
  proxy.up()
  // It tries by itself, too; whoever is quicker.
  await page
    .getByRole('button', { name: 'Try now' })
    .click({ timeout: 2000 })
    .catch(() => {})
  await ready(page)
  await arrived('Broken line.docx', bytes)
  assert.equal(offsets[0], 0)
  assert.ok((offsets.at(-1) ?? 0) > 1_000_000, `${offsets}`)
  assert.deepEqual(watched.complaints, [])
  await context.close()
})

test('the tab is closed: the page tells what is left, and the same file goes on', {
  skip,
  timeout: 120_000,
}, async t => {
  const { context, watched } = await openContext(browser, server.url)
  const first = await newPage(context)
  await signIn(first.page)
  const { path, bytes } = await makeFile(t, 'Half way.docx', 8_000_000)
  await sendSome(first.page, path)
  await first.page.close()

  const { page, offsets } = await newPage(context)
  await page.goto('/ops')
  await page.getByText('Half way.docx').waitFor()
  await page.getByText(/\d+.?% uploaded\. Choose the same file again to go on, or remove it\./).waitFor()
  await inspectPage(page, 'ops-hand-over-unfinished')
  await page.locator('input[type=file]').setInputFiles(path)
  await ready(page)
  assert.equal(await page.getByText('Choose the same file again').count(), 0)
  await arrived('Half way.docx', bytes)
  assert.ok((offsets[0] ?? 0) > 1_000_000, `${offsets}`)
  assert.deepEqual(watched.complaints, [])
  await context.close()
})

test('what is left is removed when nobody wants it', { skip, timeout: 120_000 }, async t => {
  const { context, watched } = await openContext(browser, server.url)
  const first = await newPage(context)
  await signIn(first.page)
  const { path } = await makeFile(t, 'Unwanted.docx', 8_000_000)
  await sendSome(first.page, path)
  await first.page.close()
  const { page } = await newPage(context)
  await page.goto('/ops')
  await page.getByRole('button', { name: 'Remove Unwanted.docx' }).click()
  await page.getByText('Unwanted.docx').waitFor({ state: 'detached' })
  const rows = await server.db.read.selectFrom('uploads').select('ended').where('ended', '=', 'terminated').execute()
  assert.deepEqual(
    rows.map(({ ended }) => ended),
    ['terminated'],
  )
  assert.deepEqual(watched.complaints, [])
  await context.close()
})

test('the session ends in between: it says so, and nothing is lost', { skip, timeout: 120_000 }, async t => {
  const { context, watched } = await openContext(browser, server.url)
  const { page, offsets } = await newPage(context)
  await signIn(page)
  const { path, bytes } = await makeFile(t, 'Late.docx', 8_000_000)
  await sendSome(page, path)
  proxy.down()
  await page.getByText('Connection lost, trying again').waitFor()
  await server.db.write(tx => tx.deleteFrom('sessions').execute())
  proxy.up()
  await page.getByText('You are no longer signed in').waitFor()
  await page.getByText('choose the same file again to go on').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).waitFor()
  await signIn(page)
  await page.locator('input[type=file]').setInputFiles(path)
  await ready(page)
  await arrived('Late.docx', bytes)
  assert.ok((offsets.at(-1) ?? 0) > 1_000_000, `${offsets}`)
  assert.deepEqual(watched.complaints, [])
  await context.close()
})
