import assert from 'node:assert/strict'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Client } from '../client.ts'
import { makeOffice } from '../office.ts'
import { joinClient, PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { launch, openContext } from './browser.ts'

export const CLARA = 'clara@customer.example'
export const PHONE = { viewport: { width: 360, height: 740 } }
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

type Given = { to?: string; note?: string; days?: number; padTo?: number; text?: string }

/** A server with an administrator, Ada, who hands over, and a client, Clara, with a phone. */
export const openScene = async () => {
  const server = await startServer()
  const admin = await setUpAdmin(server)
  const clara = await joinClient(server, CLARA)
  const browser = await launch()
  return {
    server,
    admin,
    clara,
    browser,
    stop: async () => {
      await browser.close()
      await server.stop()
    },
    handOver: async (name: string, { to = CLARA, note, days, padTo, text = name }: Given = {}) => {
      const bytes = makeOffice({ type: 'docx', text, padTo })
      const { body: file } = await admin.upload(name, bytes)
      const expires_at = days === undefined ? undefined : new Date(Date.now() + days * DAY + MINUTE).toISOString()
      const wish = { files: [file.id], audience: { clients: [to] }, note, expires_at }
      const sent = await admin.post('/api/v1/ops/handoffs', wish)
      assert.equal(sent.status, 201, sent.text)
      return { id: String(file.id), bytes }
    },
    /** Lets a file's time be over. */
    expire: (id: string) => expire(server, id),
    /** Clara, or whoever, signed in through the page. */
    enter: (options: Entering = {}) => enter(browser, server, options),
    fetchAll: (client: Client, id: string) => fetchAll(client, id),
  }
}

export type Scene = Awaited<ReturnType<typeof openScene>>

type Entering = {
  email?: string
  path?: string
  options?: BrowserContextOptions
  before?: (page: Page) => Promise<void>
}

const enter = async (
  browser: Browser,
  server: TestServer,
  { email = CLARA, path = '/', options, before }: Entering,
) => {
  const { context, watched } = await openContext(browser, server.url, { ...PHONE, acceptDownloads: true, ...options })
  const page = await context.newPage()
  await before?.(page)
  await page.goto(path)
  await signInHere(page, email)
  return { context, watched, page }
}

/** Fills the sign-in page that is open. */
export const signInHere = async (page: Page, email = CLARA, password = PASSWORD): Promise<void> => {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

const expire = async (server: TestServer, id: string): Promise<void> => {
  // The server tells its time in whole seconds: a moment more, so that it is two days by any of them.
  const expires_at = Date.now() - 2 * DAY - MINUTE
  await server.db.write(tx => tx.updateTable('files').set({ expires_at }).where('id', '=', id).execute())
  await server.app.files.expire()
}

/** All of a file over its own link, until that is on record. */
const fetchAll = async (client: Client, id: string): Promise<void> => {
  const { body } = await client.post(`/api/v1/client/files/${id}/link`, {})
  assert.equal((await client.get(new URL(body.download_link).pathname)).status, 200)
  while ((await client.get(`/api/v1/client/files/${id}`)).body.delivery.delivered_at === null);
}
