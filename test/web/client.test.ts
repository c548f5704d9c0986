import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { joinClient } from '../people.ts'
import { cannotBrowse, inspectPage } from './browser.ts'
import { openScene, type Scene } from './client-scene.ts'

const skip = cannotBrowse()
let scene: Scene
before(async () => {
  if (!skip) scene = await openScene()
})
after(() => scene?.stop())

const copyOf = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer })

test('a document on a phone: its words, download, receipt, a compared copy, and what happened', {
  skip,
  timeout: 120_000,
}, async () => {
  const note = 'Dear Clara,\n\nplease sign page 3.\n<b>Ada</b>'
  const { id, bytes } = await scene.handOver('Annual accounts 2026.docx', { note, days: 3, padTo: 3_000_000 })
  const { page, watched } = await scene.enter({ path: `/documents/${id}` })
  await page.getByRole('heading', { name: 'Annual accounts 2026.docx' }).waitFor()
  const words = page.locator('blockquote')
  assert.equal(await words.textContent(), note, 'letter for letter')
  assert.ok((await words.evaluate(({ clientHeight }) => clientHeight)) > 80, 'with its four lines')
  await page.getByText('Ends in 3 days').waitFor()
  await page.getByText('New', { exact: true }).waitFor()
  assert.equal(await page.getByRole('button', { name: 'I have received this' }).count(), 0, 'not before the download')
  await inspectPage(page, 'document-new')

  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download', exact: true }).click()
  const download = await downloading
  assert.deepEqual(await readFile(await download.path()), bytes)
  await page.getByText('The download has started').waitFor()
  // The page finds out by itself that all of it was sent.
  const received = page.getByRole('button', { name: 'I have received this' })
  await received.waitFor()
  await page.getByText('The sender sees that you pressed this').waitFor()
  await inspectPage(page, 'document-delivered')
  await received.click()
  await page.getByText(/You confirmed on .* that you have received this/).waitFor()
  assert.equal(await received.count(), 0)
  assert.equal(await page.locator(':focus').textContent(), 'Receipt', 'the focus is not lost with the button')

  // Another version, the same length or not; then the real one.
  const picker = page.locator('input[type=file]')
  const spoiled = Buffer.from(bytes)
  spoiled.writeUInt8(spoiled.readUInt8(2_500_000) ^ 1, 2_500_000)
  await picker.setInputFiles([copyOf('Edited.docx', spoiled)])
  await page.getByText('This is not the same document').waitFor()
  await page.getByText('Perhaps it was opened and saved again').waitFor()
  await inspectPage(page, 'document-other-copy')
  await picker.setInputFiles([copyOf('Shorter.docx', bytes.subarray(0, 1000))])
  await page.getByText('Your file has 1 kB, the delivered one 3 MB.').waitFor()
  const shown = await scene.clara.get(`/api/v1/client/files/${id}`)
  assert.equal(shown.body.delivery.confirmed_at, null)
  await picker.setInputFiles([copyOf('Annual accounts 2026 (1).docx', bytes)])
  await page.getByText('This is byte for byte what was delivered').waitFor()
  await page.getByText('That your copy was compared is recorded').waitFor()
  assert.notEqual((await scene.clara.get(`/api/v1/client/files/${id}`)).body.delivery.confirmed_at, null)

  const history = page.locator('section', { hasText: 'What happened' }).getByRole('listitem')
  await history.filter({ hasText: 'You compared a copy' }).waitFor()
  const lines = (await history.allInnerTexts()).map(line => line.split('\n')[0])
  assert.deepEqual(lines, [
    'You compared a copy: byte for byte the same',
    'You pressed “I have received this”',
    'All of it was sent to you',
    'A download ended (3 MB)',
    'A download began',
    'You asked for the download',
    'Handed over to you',
  ])
  await inspectPage(page, 'document-confirmed')
  assert.deepEqual(watched.complaints, [])
})

test('a copy is compared before anything was downloaded: said, and not recorded', {
  skip,
  timeout: 60_000,
}, async () => {
  const { id, bytes } = await scene.handOver('Offer.docx')
  const { page, watched } = await scene.enter({ path: `/documents/${id}` })
  // Nothing of the comparison is loaded before it is wanted.
  const loaded = () => page.evaluate('performance.getEntriesByType("resource").map(({ name }) => name).join()')
  await page.getByText('Check a copy').waitFor()
  assert.doesNotMatch(String(await loaded()), /hash-file/)
  await page.locator('input[type=file]').setInputFiles([copyOf('Offer.docx', bytes)])
  await page.getByText('This is byte for byte what was delivered').waitFor()
  await page.getByText('you have not downloaded the document from here').waitFor()
  assert.match(String(await loaded()), /hash-file/)
  assert.equal((await scene.clara.get(`/api/v1/client/files/${id}`)).body.delivery.confirmed_at, null)
  assert.deepEqual(watched.complaints, [])
})

test('my documents: new, downloaded, received, being checked and over', { skip, timeout: 120_000 }, async () => {
  const mine = 'mia@customer.example'
  const mia = await joinClient(scene.server, mine, 'Mia')
  const { page, watched } = await scene.enter({ email: mine })
  await page.getByText('No documents yet').waitFor()
  assert.equal(await page.getByRole('searchbox').count(), 0, 'nothing to search among')

  const over = await scene.handOver('Old offer.docx', { to: mine })
  const received = await scene.handOver('Contract.docx', { to: mine })
  const had = await scene.handOver('Letter.docx', { to: mine, days: 9 })
  const waiting = await scene.handOver('Waiting.docx', { to: mine })
  await scene.handOver('Brand new report with quite a long name for a phone.docx', { to: mine, days: 3 })
  await scene.fetchAll(mia, received.id)
  await scene.fetchAll(mia, had.id)
  await mia.post(`/api/v1/client/files/${received.id}/acknowledge`)
  await scene.expire(over.id)
  await scene.server.db.write(tx =>
    tx.updateTable('files').set({ status: 'pending' }).where('id', '=', waiting.id).execute(),
  )

  await page.reload()
  const card = (name: string) => page.getByRole('listitem').filter({ hasText: name })
  await card('Brand new').getByText('New', { exact: true }).waitFor()
  const names = await page.getByRole('listitem').getByRole('link').allInnerTexts()
  assert.deepEqual(
    names.map(name => name.split(/[ .]/)[0]),
    ['Brand', 'Waiting', 'Letter', 'Contract', 'Old'],
    'newest first',
  )
  await card('Brand new').getByText('Ends in 3 days').waitFor()
  await card('Letter')
    .getByText(/✓ Downloaded on/)
    .waitFor()
  await card('Contract')
    .getByText(/You confirmed on/)
    .waitFor()
  await card('Waiting').getByText('still being checked').waitFor()
  assert.equal(await page.getByText('New', { exact: true }).count(), 1)
  assert.equal(
    await page.getByRole('button', { name: /^Download / }).count(),
    3,
    'what is over or not checked has none',
  )
  await card('Old offer').getByText('Ended 2 days ago').waitFor()
  await inspectPage(page, 'documents-all-states')

  const ask = page.getByRole('button', { name: 'Ask again for Old offer.docx' })
  await ask.click()
  await page.getByText('Ada Admin has been asked.').waitFor()
  await page.reload()
  await page.getByText('Ada Admin has been asked.').waitFor()
  assert.equal(await ask.count(), 0, 'once a day')
  await card('Old offer').getByRole('link').click()
  await page.getByText('Ada Admin has been asked.').waitFor()
  await page.getByText('You asked for it again').waitFor()
  await inspectPage(page, 'document-expired')
  assert.equal((await scene.server.lastMail('admin@firm.example')).subject.startsWith('You are asked for'), true)
  await page.getByRole('link', { name: 'All documents' }).click()

  // The new one is downloaded from the list; its mark changes without a reload.
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download Brand new' }).click()
  await (await downloading).path()
  await card('Brand new')
    .getByText(/✓ Downloaded on/)
    .waitFor()
  assert.equal(await page.getByText('New', { exact: true }).count(), 0)

  await page.getByRole('searchbox').fill('nothing such')
  await page.getByText('Nothing matches').waitFor()
  assert.deepEqual(watched.complaints, [])
})

test('a document by keyboard alone', { skip, timeout: 60_000 }, async () => {
  const { id } = await scene.handOver('Keys.docx')
  await scene.fetchAll(scene.clara, id)
  const { page, watched } = await scene.enter({ path: `/documents/${id}` })
  await page.getByRole('heading', { name: 'Keys.docx' }).waitFor()
  const tabTo = async (name: string): Promise<void> => {
    for (let presses = 0; presses < 20; presses++) {
      await page.keyboard.press('Tab')
      const focused = page.locator(':focus')
      if ((await focused.count()) > 0 && (await focused.textContent()) === name) return
    }
    throw new Error(`Tab does not reach ${name}`)
  }
  const downloading = page.waitForEvent('download')
  await tabTo('Download')
  await page.keyboard.press('Enter')
  await downloading
  await tabTo('I have received this')
  await page.keyboard.press('Enter')
  await page.getByText(/You confirmed on/).waitFor()
  const choosing = page.waitForEvent('filechooser')
  await tabTo('Choose the file')
  await page.keyboard.press('Enter')
  await choosing
  assert.deepEqual(watched.complaints, [])
})
