import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { makeOffice } from '../office.ts'
import { startServer, type TestServer } from '../server.ts'
import { cannotBrowse, inspectPage, launch, openContext } from './browser.ts'

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

const PASSWORD = 'four quiet unrelated herons'
const document = makeOffice({ type: 'docx', text: 'Annual accounts', padTo: 400_000 })
const macros = makeOffice({
  type: 'docx',
  extraParts: { 'word/vbaProject.bin': Buffer.from('macro') },
  contentTypes: { '/word/vbaProject.bin': 'application/vnd.ms-office.vbaProject' },
})
const office = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer })

/** Opens a mail in the development mailbox, as a person would, and follows its link; the link opens a new tab. */
const followMail = async (mailbox: Page, to: string, subject: RegExp): Promise<Page> => {
  await server.app.mailer.outbox.work()
  const mail = mailbox.locator('details').filter({ hasText: subject }).filter({ hasText: to }).first()
  await mail.waitFor()
  if ((await mail.getAttribute('open')) === null) await mail.locator('summary').click()
  const opened = mailbox.context().waitForEvent('page')
  await mail.getByRole('link').first().click()
  const page = await opened
  await page.waitForLoadState()
  return page
}

test('the whole main job through both doors, in the browser alone', { skip, timeout: 240_000 }, async () => {
  const inside = await openContext(browser, server.url)
  const outside = await openContext(browser, server.url, { acceptDownloads: true })

  // The first administrator, by the printed link.
  const ops = await inside.context.newPage()
  await ops.goto(`/setup#${server.setupToken}`)
  await ops.getByRole('heading', { name: 'Set up Valise' }).waitFor()
  assert.equal(new URL(ops.url()).hash, '', 'the token leaves the address bar')
  await inspectPage(ops, 'setup')
  await ops.getByLabel('Your name').fill('Ada Admin')
  await ops.getByLabel('E-mail address').fill('ada@firm.example')
  await ops.getByLabel('New password').fill(PASSWORD)
  await ops.getByRole('button', { name: 'Create and sign in' }).click()
  await ops.getByRole('heading', { name: 'Hand over documents' }).waitFor()
  await inspectPage(ops, 'ops-hand-over-empty')

  // A client signs up, with the mail read in the development mailbox.
  const client = await outside.context.newPage()
  await client.goto('/')
  await client.getByRole('heading', { name: 'Sign in' }).waitFor()
  await inspectPage(client, 'sign-in')
  await client.getByRole('link', { name: 'Sign up' }).click()
  await inspectPage(client, 'sign-up')
  await client.getByLabel('Your name').fill('Clara Client')
  await client.getByLabel('E-mail address').fill('clara@customer.example')
  await client.getByLabel('New password').fill(PASSWORD)
  await client.getByRole('button', { name: 'Sign up' }).click()
  await client.getByText('We sent a mail to clara@customer.example').waitFor()
  await inspectPage(client, 'sign-up-sent')

  const mailbox = await outside.context.newPage()
  await mailbox.goto(`/mailbox#${server.mailboxSecret}`)
  await mailbox.getByRole('heading', { name: 'Development mailbox' }).waitFor()
  assert.equal(new URL(mailbox.url()).hash, '', 'the secret leaves the address bar')
  const verify = await followMail(mailbox, 'clara@customer.example', /Verify your address/)
  await inspectPage(mailbox, 'mailbox')
  await verify.getByRole('heading', { name: 'Verify your address' }).waitFor()
  await inspectPage(verify, 'verify')
  await verify.getByLabel('Password chosen at sign-up').fill('not the one chosen')
  await verify.getByRole('button', { name: 'Verify and sign in' }).click()
  await verify.getByRole('alert').waitFor()
  await inspectPage(verify, 'verify-wrong')
  await verify.getByLabel('Password chosen at sign-up').fill(PASSWORD)
  await verify.getByRole('button', { name: 'Verify and sign in' }).click()
  await verify.getByRole('heading', { name: 'My documents' }).waitFor()
  await verify.getByText('No documents yet').waitFor()
  await inspectPage(verify, 'documents-empty')

  // Ops hands over one good document and one that must be refused.
  await ops
    .locator('input[type=file]')
    .setInputFiles([office('Accounts 2025.docx', document), office('Budget.docx', macros)])
  await ops.getByText('Checked: it is what its name says').waitFor()
  await ops.getByText('This document was refused and is not stored').waitFor()
  await ops.getByText('The document contains macros').waitFor()
  const send = ops.getByRole('button', { name: 'Send the document' })
  await send.click()
  await ops.getByText('Choose at least one person or group.').waitFor()
  await inspectPage(ops, 'ops-hand-over-verdicts')

  // An unknown address is said to be unknown; inviting it on the spot is in hand-over.test.ts.
  const people = ops.getByRole('combobox', { name: 'People' })
  await people.fill('stranger@nowhere.example')
  await people.press('Enter')
  await send.click()
  await ops.getByText('stranger@nowhere.example has no account yet').waitFor()
  await inspectPage(ops, 'ops-hand-over-unknown')
  await ops.getByRole('button', { name: 'Take off the list' }).click()
  await people.fill('clara')
  await ops.getByRole('option', { name: /clara@customer.example/ }).click()
  await send.click()
  await ops.getByRole('heading', { name: 'Handed over' }).waitFor()
  await ops.getByText('Not fetched yet').waitFor()
  await inspectPage(ops, 'ops-handed-over')

  // The client finds it and downloads it, byte for byte.
  await verify.reload()
  await verify.getByRole('link', { name: 'Accounts 2025.docx' }).waitFor()
  assert.equal(await verify.getByText('Budget.docx').count(), 0)
  await inspectPage(verify, 'documents')
  const downloading = verify.waitForEvent('download')
  await verify.getByRole('button', { name: 'Download Accounts 2025.docx' }).click()
  const download = await downloading
  assert.equal(download.suggestedFilename(), 'Accounts 2025.docx')
  const bytes = await readFile(await download.path())
  assert.equal(sha256(bytes), sha256(document))
  await verify.getByRole('link', { name: 'Accounts 2025.docx' }).click()
  await verify.getByText(sha256(document)).waitFor()
  await inspectPage(verify, 'document')
  await verify.getByRole('link', { name: 'Links' }).click()
  await verify.getByRole('link', { name: 'Accounts 2025.docx' }).waitFor()
  await inspectPage(verify, 'links')
  await verify.getByRole('button', { name: 'Withdraw' }).click()
  await verify.getByText('No link of yours works now').waitFor()
  await verify.getByRole('link', { name: 'Sessions' }).click()
  await verify.getByText('This one').waitFor()
  await inspectPage(verify, 'sessions')

  // Ops sees that it was delivered, and deletes it.
  await ops.getByRole('link', { name: 'Files' }).click()
  await ops.getByRole('link', { name: 'Accounts 2025.docx' }).waitFor()
  await inspectPage(ops, 'ops-files')
  await ops.getByRole('searchbox').fill('budget')
  await ops.getByText('Nothing matches').waitFor()
  await ops.getByRole('searchbox').fill('acc')
  await ops.getByRole('link', { name: 'Accounts 2025.docx' }).click()
  await ops.getByText('Delivered').waitFor()
  await inspectPage(ops, 'ops-file')
  await ops.getByRole('combobox', { name: 'People' }).press('Backspace')
  await ops.getByRole('button', { name: 'Save', exact: true }).click()
  await ops.getByText('Saved; it applies at once.').waitFor()
  await ops.getByText('Delivered, access withdrawn').waitFor()
  await inspectPage(ops, 'ops-file-withdrawn')
  await verify.goto('/documents')
  await verify.getByText('No documents yet').waitFor()
  await ops.getByRole('button', { name: 'Delete this file' }).click()
  await ops.getByRole('heading', { name: 'Delete Accounts 2025.docx?' }).waitFor()
  await inspectPage(ops, 'ops-file-delete')
  await ops.getByRole('button', { name: 'Delete for good' }).click()
  await ops.getByText('No files yet').waitFor()

  // Both leave; nothing of theirs is shown to whoever comes next.
  await verify.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
  await verify.getByRole('heading', { name: 'Sign in' }).waitFor()
  await verify.goto('/documents')
  await verify.getByRole('heading', { name: 'Sign in' }).waitFor()
  await ops.getByRole('button', { name: 'Sign out' }).click()
  await ops.getByRole('heading', { name: 'Sign in' }).waitFor()

  assert.deepEqual(inside.watched.complaints, [])
  assert.deepEqual(outside.watched.complaints, [])
})

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
