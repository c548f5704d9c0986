import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { makeOffice } from '../office.ts'
import { joinClient, PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { cannotBrowse, launch, openContext } from './browser.ts'

const skip = cannotBrowse()
let browser: Browser
let server: TestServer

before(async () => {
  if (skip) return
  server = await startServer()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** What has the focus is seen to have it: the page looks otherwise there than without. */
const assertFocusIsSeen = async (page: Page, name: string): Promise<void> => {
  const focused = await page.locator(':focus').elementHandle()
  const box = await focused?.boundingBox()
  assert.ok(focused && box, name)
  const around = 8
  const [x, y] = [Math.max(0, box.x - around), Math.max(0, box.y - around)]
  const clip = { x, y, width: box.x + box.width + around - x, height: box.y + box.height + around - y }
  const look = () => page.screenshot({ clip, animations: 'disabled', caret: 'hide' })
  const withFocus = await look()
  await focused.evaluate(element => element.blur())
  const without = await look()
  await focused.focus()
  assert.equal(withFocus.equals(without), false, `the focus on ${name} is not seen`)
}

/** Tab until something has the focus that is called so. Every stop on the way shows its focus. */
const tabTo = async (page: Page, wanted: string): Promise<void> => {
  const passed: string[] = []
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus')
    // Past the last element the focus leaves the page, then comes round.
    if ((await focused.count()) === 0) continue
    const name = await focused.evaluate(
      element => element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent,
    )
    await assertFocusIsSeen(page, name)
    if (name === wanted) return
    passed.push(name)
  }
  throw new Error(`Tab does not reach ${wanted}, only ${passed.join(', ')}`)
}

const openPage = async (path: string) => {
  const { context, watched } = await openContext(browser, server.url, {
    acceptDownloads: true,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(path)
  return { page, watched }
}

const signIn = async (page: Page, email: string): Promise<void> => {
  await tabTo(page, 'E-mail address')
  await page.keyboard.type(email)
  await tabTo(page, 'Password')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
}

test('handing over and fetching a document by keyboard alone', { skip, timeout: 180_000 }, async () => {
  await setUpAdmin(server)
  await joinClient(server, 'kay@customer.example', 'Kay')
  const ops = await openPage('/ops/sign-in')
  await ops.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await signIn(ops.page, 'admin@firm.example')
  await ops.page.getByRole('heading', { name: 'Hand over documents' }).waitFor()

  // Waited for well before the press: until Chromium was told to hand its dialog over, it opens it for nobody.
  const choosing = ops.page.waitForEvent('filechooser')
  await tabTo(ops.page, 'Choose documents')
  await ops.page.keyboard.press('Enter')
  // The dialog is the browser's own.
  const buffer = makeOffice({ type: 'docx', text: 'By keyboard' })
  await (await choosing).setFiles([{ name: 'Keys.docx', mimeType: '', buffer }])
  await ops.page.getByText('Checked: it is what its name says').waitFor()
  await tabTo(ops.page, 'People')
  await ops.page.keyboard.type('kay')
  await ops.page.getByRole('option', { name: /kay@customer.example/ }).waitFor()
  await ops.page.keyboard.press('ArrowDown')
  await ops.page.keyboard.press('Enter')
  await tabTo(ops.page, 'Send the document')
  await ops.page.keyboard.press('Space')
  await ops.page.getByRole('heading', { name: 'Handed over' }).waitFor()
  await ops.page.getByText('kay@customer.example').first().waitFor()
  await tabTo(ops.page, 'Sign out')
  await ops.page.keyboard.press('Enter')
  await ops.page.getByRole('heading', { name: 'Sign in' }).waitFor()

  const client = await openPage('/')
  await client.page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await signIn(client.page, 'kay@customer.example')
  await client.page.getByRole('link', { name: 'Keys.docx' }).waitFor()
  await client.page.reload()
  await client.page.getByRole('link', { name: 'Keys.docx' }).waitFor()
  await tabTo(client.page, 'Skip to the content')
  await client.page.keyboard.press('Enter')
  const downloading = client.page.waitForEvent('download')
  await tabTo(client.page, 'Download Keys.docx')
  await client.page.keyboard.press('Enter')
  assert.equal((await downloading).suggestedFilename(), 'Keys.docx')
  await tabTo(client.page, 'Links')
  await client.page.keyboard.press('Enter')
  await client.page.getByRole('heading', { name: 'My links' }).waitFor()
  assert.deepEqual([...ops.watched.complaints, ...client.watched.complaints], [])
})
