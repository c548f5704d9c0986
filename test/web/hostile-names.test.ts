import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { Client } from '../client.ts'
import { makeOffice } from '../office.ts'
import { joinClient, PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { assertFits, cannotBrowse, launch, openContext } from './browser.ts'
import { hostileNames } from './payloads.ts'

const skip = cannotBrowse()
const email = 'clara@customer.example'
let browser: Browser
let server: TestServer
let admin: Client

before(async () => {
  if (skip) return
  server = await startServer()
  admin = await setUpAdmin(server)
  await joinClient(server, email, hostileNames[1])
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** Signs a browser in through the page. */
const enter = async (page: Page, path: string, address: string): Promise<void> => {
  await page.goto(path)
  await page.getByLabel('E-mail address').fill(address)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(url => !url.pathname.endsWith('sign-in'))
}

/** Reads a list to its end. */
const readAll = async (page: Page): Promise<void> => {
  const more = page.getByRole('button', { name: 'Show more' })
  const rows = page.locator('main').locator('tbody tr, ul > li')
  await rows.first().waitFor()
  while ((await more.count()) > 0) {
    const before = await rows.count()
    await more.click()
    await rows.nth(before).waitFor()
  }
}

test('300 hostile names on every page that shows names: nothing runs (row 27)', {
  skip,
  timeout: 280_000,
}, async () => {
  const bytes = makeOffice({ type: 'docx' })
  const names = new Map<string, string>()
  for (const name of hostileNames) {
    // What the server does not take cannot be shown either; a slash never is part of a file's name.
    const answer = await admin.upload(`${name.replaceAll('/', '\u2215')}.docx`, bytes, { everyone: true })
    if (answer.status === 201) names.set(answer.body.id, answer.body.name)
    await admin.post('/api/v1/ops/groups', { name })
  }
  assert.ok(names.size >= 240, `${names.size} names were taken`)
  for (const [index, name] of hostileNames.slice(0, 12).entries())
    await server
      .client()
      .post('/api/v1/client/signup', { email: `h${index}@customer.example`, name, password: PASSWORD })

  const { context, watched } = await openContext(browser, server.url, {
    userAgent: 'Mozilla/5.0 <img src=x onerror=alert(1)>',
    viewport: { width: 360, height: 740 },
  })
  const page = await context.newPage()
  await enter(page, '/ops/sign-in', 'admin@firm.example')
  for (const path of ['/ops/files', '/ops/groups']) {
    await page.goto(path)
    await readAll(page)
    await assertFits(page, path)
  }
  await page.goto('/ops/files')
  await readAll(page)
  const shown = await page.locator('tbody a').allTextContents()
  for (const name of names.values()) assert.ok(shown.includes(name), `shown letter for letter: ${name}`)
  for (const path of ['/ops/clients', '/ops/sessions', '/ops/invitations', '/ops']) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await assertFits(page, path)
  }
  const worst = [...names].filter(([, name]) => /<|\p{Script=Arabic}|WWW|Z̴/u.test(name)).slice(0, 25)
  for (const [id, name] of worst) {
    await page.goto(`/ops/files/${id}`)
    await page
      .getByRole('heading', { level: 1 })
      .filter({ hasText: name.slice(0, 20).trim() })
      .waitFor()
    await assertFits(page, name)
    await page.getByRole('button', { name: 'Delete this file' }).click()
    await page.getByRole('dialog').waitFor()
  }

  const outside = await context.newPage()
  await enter(outside, '/sign-in', email)
  await readAll(outside)
  await assertFits(outside, '/documents')
  for (const [id, name] of worst) {
    await outside.goto(`/documents/${id}`)
    await outside.getByRole('button', { name: 'Download' }).waitFor()
    await assertFits(outside, name)
  }
  const mailbox = await context.newPage()
  await server.app.mailer.outbox.work()
  await mailbox.goto(`/mailbox#${server.mailboxSecret}`)
  await mailbox.locator('details').first().waitFor()

  assert.deepEqual(watched.complaints, [])
})
