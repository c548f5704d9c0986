import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { addMark, type Mark, speedOf } from '../../web/files/speed.ts'
import { makeOffice } from '../office.ts'
import { PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { cannotBrowse, inspectPage, launch, openContext } from './browser.ts'

const skip = cannotBrowse()
let browser: Browser
let server: TestServer

before(async () => {
  if (skip) return
  server = await startServer({ env: { VALISE_MAX_UPLOAD: '20MiB' } })
  await setUpAdmin(server)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const open = async (to = server) => {
  const { context, watched } = await openContext(browser, to.url)
  const page = await context.newPage()
  await page.goto('/ops/sign-in')
  await page.getByLabel('E-mail address').fill('admin@firm.example')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Hand over documents' }).waitFor()
  return { context, page, watched }
}
const row = (name: string) => ({ hasText: name })

test('what is refused in the middle of an upload says why', { skip, timeout: 90_000 }, async () => {
  const { page, watched } = await open()
  await page.locator('input[type=file]').setInputFiles([
    { name: 'Scan.pdf', mimeType: '', buffer: randomBytes(15_000_000) },
    { name: 'Film.pptx', mimeType: '', buffer: randomBytes(30_000_000) },
    { name: 'Empty.docx', mimeType: '', buffer: Buffer.alloc(0) },
    { name: 'Good.xlsx', mimeType: '', buffer: makeOffice({ type: 'xlsx' }) },
  ])
  const list = page.getByRole('listitem')
  await list.filter(row('Scan.pdf')).getByText('Only Word, Excel and PowerPoint documents').waitFor()
  await list.filter(row('Film.pptx')).getByText('The file is too large for this service').waitFor()
  await list.filter(row('Empty.docx')).getByText('The file is empty.').waitFor()
  await list.filter(row('Good.xlsx')).getByText('Ready').waitFor()
  await inspectPage(page, 'ops-hand-over-refusals')
  await page.getByRole('button', { name: 'Clear Scan.pdf' }).click()
  assert.equal(await list.filter(row('Scan.pdf')).count(), 0)
  assert.deepEqual(watched.complaints, [])
})

test('an upload shows how far it is, and can be stopped', { skip, timeout: 90_000 }, async () => {
  const { context, page, watched } = await open()
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 200_000 }
  await session.send('Network.emulateNetworkConditions', slow)
  const buffer = makeOffice({ type: 'docx', padTo: 8_000_000 })
  await page.locator('input[type=file]').setInputFiles([{ name: 'Slow.docx', mimeType: '', buffer }])
  await page.getByText(/of 8 MB · .* per second, .* left/).waitFor()
  await page.getByRole('progressbar', { name: 'Upload of Slow.docx' }).waitFor()
  await inspectPage(page, 'ops-hand-over-uploading')
  await page.getByRole('button', { name: 'Stop Slow.docx' }).click()
  assert.equal(await page.getByText('Slow.docx').count(), 0)
  await session.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 })
  await page.getByRole('link', { name: 'Files' }).click()
  await page.getByRole('heading', { name: 'Files' }).waitFor()
  assert.equal(await page.getByText('Slow.docx').count(), 0)
  assert.deepEqual(watched.complaints, [])
})

test('what is left out is deleted, and a failure to delete says so', { skip, timeout: 90_000 }, async () => {
  const { page, watched } = await open()
  const buffer = makeOffice({ type: 'docx' })
  await page.locator('input[type=file]').setInputFiles([{ name: 'Wrong one.docx', mimeType: '', buffer }])
  const leaveOut = page.getByRole('button', { name: 'Leave out Wrong one.docx' })
  await leaveOut.waitFor()
  const { items } = JSON.parse(await page.evaluate(async () => (await fetch('/api/v1/ops/files')).text()))
  const { id } = items.find(({ name }: { name: string }) => name === 'Wrong one.docx')

  await page.route('**/api/v1/ops/files/*', route => route.abort())
  await leaveOut.click()
  await page.getByText('It could not be deleted and is still under Files').waitFor()
  await inspectPage(page, 'ops-hand-over-not-left-out')
  await page.unroute('**/api/v1/ops/files/*')
  await leaveOut.click()
  await page.getByText('Wrong one.docx').first().waitFor({ state: 'detached' })
  assert.equal(await server.db.read.selectFrom('files').select('id').where('id', '=', id).executeTakeFirst(), undefined)
  await page.getByRole('link', { name: 'Files' }).click()
  await page.getByRole('heading', { name: 'Files' }).waitFor()
  await page.getByRole('status').waitFor({ state: 'detached' })
  assert.equal(await page.getByText('Wrong one.docx').count(), 0)
  assert.deepEqual(watched.complaints, [])
})

test('a document stopped while it is checked is not kept', { skip, timeout: 90_000 }, async () => {
  const { page, watched } = await open()
  const held = Promise.withResolvers<void>()
  // Begun already; with its bytes here, it waits for the one writer.
  const holding = Promise.withResolvers<void>()
  await page.route('**/api/v1/ops/uploads/*', async route => {
    if (route.request().method() === 'PATCH') server.db.write(() => held.promise).then(holding.resolve, holding.reject)
    await route.continue()
  })
  const buffer = makeOffice({ type: 'docx' })
  await page.locator('input[type=file]').setInputFiles([{ name: 'Second thoughts.docx', mimeType: '', buffer }])
  await page.getByText('Everything has arrived').waitFor()
  await page.getByRole('button', { name: 'Stop Second thoughts.docx' }).click()
  await page.getByText('Second thoughts.docx').waitFor({ state: 'detached' })
  const deleted = page.waitForResponse(response => response.request().method() === 'DELETE')
  held.resolve()
  await holding.promise
  assert.equal((await deleted).status(), 204)
  const kept = await server.db.read
    .selectFrom('files')
    .select('name')
    .where('name', '=', 'Second thoughts.docx')
    .execute()
  assert.deepEqual(kept, [])
  assert.deepEqual(watched.complaints, [])
})

test('speed and time left are those of the last seconds', () => {
  let marks: Mark[] = []
  assert.equal(speedOf(marks, 1000), undefined)
  for (let second = 0; second <= 20; second++)
    marks = addMark(marks, { at: second * 1000, sent: second < 10 ? second : second * 100 })
  assert.deepEqual(speedOf(marks, 3000), { perSecond: 100, left: 10 })
  assert.equal(speedOf([{ at: 0, sent: 5 }], 10), undefined)
  assert.equal(
    speedOf(
      [
        { at: 0, sent: 5 },
        { at: 9000, sent: 5 },
      ],
      10,
    ),
    undefined,
    'standing still',
  )
})

test('a file that waits for the scanner says so, and an administrator can let it go', {
  skip,
  timeout: 90_000,
}, async t => {
  const waiting = await startServer({
    env: { VALISE_CLAMD_URL: 'unix:/nowhere/clamd.sock', VALISE_LOG_LEVEL: 'silent' },
  })
  t.after(() => waiting.stop())
  await setUpAdmin(waiting)
  const { page, watched } = await open(waiting)
  const buffer = makeOffice({ type: 'docx' })
  await page.locator('input[type=file]').setInputFiles([{ name: 'Waits.docx', mimeType: '', buffer }])
  await page.getByText('Waits for the malware scanner').waitFor()
  await page.getByRole('link', { name: 'Waits.docx' }).click()
  await page.getByText('after a day an administrator can decide').first().waitFor()
  await inspectPage(page, 'ops-file-pending')
  const release = async () => {
    await page.getByRole('button', { name: 'Let it go …' }).click()
    await page.getByRole('button', { name: 'Let it go', exact: true }).click()
  }
  await release()
  await page.getByText('The scanner is still being asked').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await waiting.db.write(tx => tx.updateTable('scans').set({ since: 0 }).execute())
  await release()
  await page.getByText('Waits for the malware scanner').waitFor({ state: 'detached' })
  assert.deepEqual(watched.complaints, [])
})
