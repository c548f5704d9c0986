import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { Client } from '../client.ts'
import { makeOffice } from '../office.ts'
import { joinClient, PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { cannotBrowse, launch, openContext } from './browser.ts'
import { redirects } from './payloads.ts'

const skip = cannotBrowse()
const email = 'clara@customer.example'
let browser: Browser
let server: TestServer
let admin: Client

before(async () => {
  if (skip) return
  server = await startServer()
  admin = await setUpAdmin(server)
  await joinClient(server, email)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const signIn = async (page: Page, fragment: string): Promise<void> => {
  // Another page in between: a changed fragment alone is no navigation.
  await page.goto('about:blank')
  await page.goto(`/sign-in#${fragment}`)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** The server's answer to a right password, without the work of checking one: the session is real and there already. */
const answerSignIn = (context: BrowserContext) =>
  context.route('**/api/v1/client/login', route =>
    route.fulfill({ json: { expires_at: '2099-01-01T00:00:00.000Z', user: { role: 'client' } } }),
  )

test('after signing in, nobody is sent to another origin (row 19)', { skip, timeout: 280_000 }, async () => {
  const { context, watched } = await openContext(browser, server.url)
  const page = await context.newPage()
  await signIn(page, '')
  await page.getByRole('heading', { name: 'My documents' }).waitFor()
  await answerSignIn(context)
  // Every fourth, since each is a page load; test/http/gauntlet/19-open-redirect.test.ts has the page judge all of them.
  const payloads = redirects(server.url).filter((_payload, index) => index % 4 === 0)
  for (const payload of payloads) {
    await signIn(page, payload)
    await page.getByRole('heading', { name: 'My documents' }).waitFor()
    assert.equal(page.url(), `${server.url}/documents`, payload)
  }
  assert.ok(payloads.length >= 45)
  assert.deepEqual(watched.complaints, [])
})

test('a download link opened before signing in starts afterwards', { skip, timeout: 60_000 }, async () => {
  const address = 'dora@customer.example'
  const dora = await joinClient(server, address, 'Dora')
  const { body: file } = await admin.upload('Figures.xlsx', makeOffice({ type: 'xlsx' }), { clients: [address] })
  const { body: link } = await dora.post(`/api/v1/client/files/${file.id}/link`, {})

  const { context, watched } = await openContext(browser, server.url, { acceptDownloads: true })
  const page = await context.newPage()
  await page.goto(link.download_link)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.equal(page.url(), `${server.url}/sign-in`, 'the link leaves the address bar')
  const downloading = page.waitForEvent('download')
  await page.getByLabel('E-mail address').fill(address)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  assert.equal((await downloading).suggestedFilename(), 'Figures.xlsx')
  await page.getByText('Your download has started').waitFor()

  // The same link in somebody else's hands: the page says what is the matter, and no byte leaves.
  const other = await openContext(browser, server.url)
  const elsewhere = await other.context.newPage()
  await joinClient(server, 'eve@customer.example', 'Eve')
  await elsewhere.goto(link.download_link)
  await elsewhere.getByLabel('E-mail address').fill('eve@customer.example')
  await elsewhere.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await elsewhere.getByRole('button', { name: 'Sign in' }).click()
  await elsewhere.getByText('The download link you opened does not work').waitFor()
  assert.deepEqual([...watched.complaints, ...other.watched.complaints], [])
})
