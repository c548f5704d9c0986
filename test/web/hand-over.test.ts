import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { enlist } from '../http/gauntlet/cast.ts'
import { makeOffice } from '../office.ts'
import { PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { cannotBrowse, inspectPage, launch, openContext } from './browser.ts'

const skip = cannotBrowse()
let browser: Browser
let server: TestServer

before(async () => {
  if (skip) return
  server = await startServer()
  await setUpAdmin(server)
  await enlist(server, 'client', 'clara@customer.example', { name: 'Clara Client' })
  await enlist(server, 'client', 'carl@customer.example', { name: 'Carl Client' })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const office = (name: string) => ({ name, mimeType: '', buffer: makeOffice({ type: 'docx', text: name }) })

/** The desk, signed in. */
const openDesk = async (timezoneId = 'UTC') => {
  const { context, watched } = await openContext(browser, server.url, { timezoneId })
  const page = await context.newPage()
  await page.goto('/ops/sign-in')
  await page.getByLabel('E-mail address').fill('admin@firm.example')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Hand over documents' }).waitFor()
  return { page, watched }
}

const choose = async (page: Page, ...addresses: string[]): Promise<void> => {
  const people = page.getByRole('combobox', { name: 'People' })
  for (const address of addresses) {
    await people.fill(address)
    await people.press('Enter')
  }
}

/** Mails to an address once everybody who is to be told has been told. */
const mailsTo = async (address: string, subject: RegExp) => {
  while (await server.app.handoffs.notifier.work());
  return (await server.mailsTo(address)).filter(mail => subject.test(mail.subject))
}

test('two documents with a note and an end: one mail to each, and the result says so', {
  skip,
  timeout: 240_000,
}, async () => {
  const { page, watched } = await openDesk('Asia/Tokyo')
  await page.locator('input[type=file]').setInputFiles([office('Offer.docx'), office('Terms.docx')])
  const send = page.getByRole('button', { name: 'Send 2 documents' })
  await send.waitFor()
  await choose(page, 'clara@customer.example', 'carl@customer.example')

  // Enter in a field sends nothing; what is too long or over is said where it is, and stays.
  const note = page.getByRole('textbox', { name: 'Note to them' })
  const words = 'Please sign page 3.\nThe terms are for your records.'
  await note.fill('x'.repeat(1990))
  await page.getByText('10 characters left').waitFor()
  await note.fill('x'.repeat(2012))
  await page.getByText('Too long by 12 characters.').waitFor()
  await send.click()
  await page.getByText('Not sent yet: something above needs your attention.').waitFor()
  assert.equal(await note.evaluate(field => field === field.ownerDocument.activeElement), true)
  await note.fill(words)
  await page.getByRole('combobox', { name: 'Available until' }).selectOption('date')
  const day = page.getByLabel('Last day')
  await send.click()
  await page.getByText('Choose a day.').waitFor()
  await day.fill('2019-12-31')
  await day.press('Enter')
  await page.getByText('This day is over.').waitFor()
  await inspectPage(page, 'ops-hand-over-mend')
  assert.equal(await note.inputValue(), words)
  assert.deepEqual(await server.db.read.selectFrom('handoffs').selectAll().execute(), [])

  const lastDay = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10)
  await day.fill(lastDay)
  await page.getByLabel('Tell me when somebody has fetched it').check()
  await send.click()
  await page.getByRole('heading', { name: 'Handed over', exact: true }).waitFor()
  await page.getByText('2 people are told by mail.').waitFor()
  for (const address of ['clara@customer.example', 'carl@customer.example']) {
    const [mail, ...more] = await mailsTo(address, /^Documents for you/)
    assert.deepEqual(more, [])
    for (const part of ['- Offer.docx', '- Terms.docx', '> Please sign page 3.', '> The terms are', 'until'])
      assert.ok(mail?.text.includes(part), `${part} in ${mail?.text}`)
  }
  await page.getByText('Told by mail, not fetched yet').nth(1).waitFor()
  await inspectPage(page, 'ops-handed-over-two')

  // The end is that of the day where the sender sits.
  const files = await server.db.read.selectFrom('files').select(['expires_at', 'tell_uploader']).execute()
  const end = Date.parse(`${lastDay}T23:59:59.999+09:00`)
  assert.deepEqual(
    files.map(file => [file.expires_at, file.tell_uploader]),
    [
      [end, 1],
      [end, 1],
    ],
  )

  // The next time the same people are one press away, and nothing else is remembered.
  await page.getByRole('button', { name: 'Hand over more' }).click()
  await page.locator('input[type=file]').setInputFiles([office('Later.docx')])
  await page.getByRole('button', { name: /clara@customer\.example/ }).click()
  assert.equal(await page.getByRole('textbox', { name: 'Note to them' }).inputValue(), '')
  await page.getByLabel('Tell them by mail').uncheck()
  await inspectPage(page, 'ops-hand-over-recent')
  await page.getByRole('button', { name: 'Send the document' }).click()
  await page.getByText('Nobody gets a mail about it.').waitFor()
  assert.equal((await mailsTo('clara@customer.example', /^Documents for you/)).length, 1)
  await page.getByRole('button', { name: 'Hand over more' }).click()
  await page.locator('input[type=file]').setInputFiles([office('Last.docx')])
  await page.getByRole('button', { name: 'Forget these' }).click()
  const kept: unknown = await page.evaluate('Object.keys(localStorage).filter(key => key.startsWith("valise:"))')
  assert.deepEqual(kept, [])
  assert.deepEqual(watched.complaints, [])
})

test('somebody nobody knows is invited and handed to in one press, and finds the document on coming', {
  skip,
  timeout: 240_000,
}, async () => {
  const { page, watched } = await openDesk()
  await page.locator('input[type=file]').setInputFiles([office('Welcome.docx')])
  const send = page.getByRole('button', { name: 'Send the document' })
  await send.waitFor()
  await page.getByRole('textbox', { name: 'Note to them' }).fill('Glad to have you.')
  // Typed and not entered: pressing Send takes it, and one that is no address is told apart.
  await choose(page, 'nina@new.example')
  await page.getByRole('combobox', { name: 'People' }).fill('ninette')
  await send.click()
  await page.getByText('ninette is no client and no e-mail address').waitFor()
  await page.getByText('nina@new.example has no account yet').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Invite and hand over' }).count(), 0)
  await inspectPage(page, 'ops-hand-over-mixed')
  await page.getByRole('button', { name: 'Take ninette off the list' }).click()
  await page.getByText('ninette is no client and no e-mail address').waitFor({ state: 'detached' })
  await inspectPage(page, 'ops-hand-over-invite')
  await page.getByRole('button', { name: 'Invite and hand over' }).click()
  await page.getByRole('heading', { name: 'Handed over', exact: true }).waitFor()
  await page.getByText('Invited: nina@new.example').waitFor()
  await page.getByText('Nobody gets a mail about it.').waitFor()
  await inspectPage(page, 'ops-handed-over-invited')

  const { link, text } = await server.lastMail('nina@new.example')
  assert.doesNotMatch(text, /Welcome|Glad/)
  const outside = await openContext(browser, server.url)
  const nina = await outside.context.newPage()
  await nina.goto(link ?? '')
  await nina.getByLabel('Your name').fill('Nina New')
  await nina.getByLabel('New password').fill(PASSWORD)
  await nina.getByRole('button', { name: 'Accept and sign in' }).click()
  await nina.getByRole('link', { name: 'Welcome.docx' }).waitFor()
  // The result page changes by itself.
  await page.getByText('Nina New').waitFor()
  await page.getByText('Invited: nina@new.example').waitFor({ state: 'detached' })
  assert.deepEqual([...watched.complaints, ...outside.watched.complaints], [])
})

test('what happens elsewhere ends in a sentence, and nothing typed is lost', { skip, timeout: 120_000 }, async () => {
  const { page, watched } = await openDesk()
  await page.locator('input[type=file]').setInputFiles([office('Kept.docx'), office('Vanished.docx')])
  const send = page.getByRole('button', { name: /^Send/ })
  await page.getByRole('button', { name: 'Send 2 documents' }).waitFor()
  await choose(page, 'clara@customer.example')
  await page.getByRole('textbox', { name: 'Note to them' }).fill('Both, please.')

  await page.route('**/api/v1/ops/handoffs', route => route.abort())
  await send.click()
  await page.getByText('It may have been handed over or not.').waitFor()
  await inspectPage(page, 'ops-hand-over-unsure')
  await page.unroute('**/api/v1/ops/handoffs')

  // Deleted in another tab.
  await page.evaluate(async () => {
    const { items } = JSON.parse(await (await fetch('/api/v1/ops/files')).text())
    const { id } = items.find(({ name }: { name: string }) => name === 'Vanished.docx')
    await fetch(`/api/v1/ops/files/${id}`, { method: 'DELETE' })
  })
  await send.click()
  await page.getByText('Deleted meanwhile: Vanished.docx').waitFor()
  await page.getByRole('button', { name: 'Leave out Vanished.docx' }).click()

  // Once more by keyboard alone: the fields come in the order one thinks of them, the button last.
  await page.getByRole('combobox', { name: 'People' }).focus()
  for (const next of [
    page.getByRole('checkbox', { name: 'Everyone' }),
    page.getByRole('textbox', { name: 'Note to them' }),
    page.getByRole('combobox', { name: 'Available until' }),
    page.getByRole('checkbox', { name: 'Tell them by mail' }),
    page.getByRole('checkbox', { name: 'Tell me when somebody has fetched it' }),
    page.getByRole('button', { name: 'Send the document' }),
  ]) {
    await page.keyboard.press('Tab')
    assert.equal(await next.evaluate(field => field === field.ownerDocument.activeElement), true, String(next))
  }
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Handed over', exact: true }).waitFor()
  await page.getByText('Both, please.').waitFor()
  await page.getByRole('link', { name: 'Kept.docx' }).waitFor()
  assert.deepEqual(watched.complaints, [])
})

test('looking something up elsewhere loses nothing, and what waits under Files is handed over later', {
  skip,
  timeout: 120_000,
}, async () => {
  const { page, watched } = await openDesk()
  await page.locator('input[type=file]').setInputFiles([office('Draft.docx')])
  await page.getByRole('button', { name: 'Send the document' }).waitFor()
  const note = page.getByRole('textbox', { name: 'Note to them' })
  await note.fill('Half a sentence')
  await page.getByRole('link', { name: 'Clients', exact: true }).click()
  await page.getByText('clara@customer.example').first().waitFor()
  await page.getByRole('link', { name: 'Hand over', exact: true }).click()
  await page.getByText('Ready', { exact: true }).waitFor()
  assert.equal(await note.inputValue(), 'Half a sentence')
  // Leaving the page altogether is asked about, as the language switch does.
  const asked = page.waitForEvent('dialog')
  await page.getByRole('button', { name: 'Deutsch' }).click()
  const dialog = await asked
  assert.equal(dialog.type(), 'beforeunload')
  assert.deepEqual(watched.complaints, [])

  const later = await openDesk()
  await later.page.getByRole('link', { name: 'Files', exact: true }).click()
  await later.page.getByRole('link', { name: 'Draft.docx' }).click()
  await later.page.getByRole('button', { name: 'Hand it over …' }).click()
  await later.page.getByRole('button', { name: 'Leave out Draft.docx' }).click()
  await later.page.getByRole('link', { name: 'Files', exact: true }).click()
  await later.page.getByRole('link', { name: 'Draft.docx' }).click()
  await later.page.getByRole('button', { name: 'Hand it over …' }).click()
  await choose(later.page, 'clara@customer.example')
  await later.page.getByRole('button', { name: 'Send the document' }).click()
  await later.page.getByRole('heading', { name: 'Handed over', exact: true }).waitFor()
  const [, ...more] = await mailsTo('clara@customer.example', /^Documents for you/)
  assert.ok(more.at(-1)?.text.includes('Draft.docx'))
  assert.deepEqual(later.watched.complaints, [])
})
