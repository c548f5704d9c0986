import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { DAY, openScene } from '../http/handoffs/scene.ts'
import { PASSWORD } from '../people.ts'
import { cannotBrowse, inspectPage, launch, openContext } from './browser.ts'

const skip = cannotBrowse()
let browser: Browser

before(async () => {
  if (!skip) browser = await launch()
})
after(() => browser?.close())

const REMINDER = /^Documents wait for you at/
const both = { clients: ['clara@customer.example', 'carl@customer.example'] }

/** A server with its own clock, and the desk of an ops person who is not an administrator. */
const openDesk = async (t: TestContext) => {
  const scene = await openScene(t)
  const { context, watched } = await openContext(browser, scene.server.url)
  t.after(() => context.close())
  const page = await context.newPage()
  await page.goto('/ops/sign-in')
  await page.getByLabel('E-mail address').fill('otto@firm.example')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Hand over documents' }).waitFor()
  return { ...scene, page, watched }
}

test('the list says who has what, its filter is an address, and one press reminds', {
  skip,
  timeout: 240_000,
}, async t => {
  const { page, watched, upload, handOver, fetch, clara, server, settle } = await openDesk(t)
  const fetched = await upload('Fetched.docx')
  await handOver({ files: [fetched], audience: { clients: ['clara@customer.example'] } })
  await fetch(clara.client, fetched)
  const report = await upload('Report.docx')
  await handOver({ files: [report], audience: both })
  await fetch(clara.client, report)
  await clara.client.post(`/api/v1/client/files/${report}/acknowledge`)
  await upload('Draft.docx')

  await page.goto('/ops/files')
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  await row('Report.docx').getByText('1 of 2 have it').waitFor()
  await row('Report.docx').getByText('2 told by mail · 1 said they received it').waitFor()
  await row('Fetched.docx').getByText('Fetched', { exact: true }).waitFor()
  await row('Draft.docx').getByText('Visible to nobody').waitFor()
  await inspectPage(page, 'ops-files-states')

  await page.getByRole('link', { name: 'Not yet fetched' }).click()
  await row('Fetched.docx').waitFor({ state: 'detached' })
  assert.equal(page.url(), `${server.url}/ops/files?fetched=not_yet`)
  await page.reload()
  await row('Report.docx').waitFor()
  assert.equal(await row('Draft.docx').count(), 0)
  await page.getByRole('link', { name: 'Expired' }).click()
  await page.getByText('Nothing has expired').waitFor()
  assert.equal(page.url(), `${server.url}/ops/files?status=expired`)
  await page.goBack()
  await page.getByRole('searchbox').fill('dra')
  await page.getByText('Nothing matches').waitFor()
  await page.waitForURL(url => url.search === '?fetched=not_yet&q=dra')
  await page.reload()
  await page.getByText('Nothing matches').waitFor()
  await page.getByRole('link', { name: 'Available' }).click()
  await row('Draft.docx').waitFor()
  assert.equal(await page.getByRole('searchbox').inputValue(), 'dra')

  await page.goto('/ops/files?fetched=not_yet')
  await page.getByRole('button', { name: 'Remind of Report.docx' }).click()
  await row('Report.docx').getByText('1 reminded', { exact: true }).waitFor()
  await settle()
  assert.equal((await server.mailsTo('carl@customer.example')).filter(mail => REMINDER.test(mail.subject)).length, 1)
  await page.getByRole('button', { name: 'Remind of Report.docx' }).click()
  await row('Report.docx').getByText('1 had a reminder within the last day').waitFor()
  await inspectPage(page, 'ops-files-reminded')

  await page.getByRole('link', { name: 'Report.docx' }).click()
  const carl = page.getByRole('row').filter({ hasText: 'carl@customer.example' })
  await carl.getByText('Told by mail, not fetched yet').waitFor()
  await carl.getByText(/^Reminded /).waitFor()
  await page.getByText('Said they received it', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Remind Carl Client' }).click()
  await carl.getByText('1 had a reminder within the last day').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Remind Clara Client' }).count(), 0)
  await inspectPage(page, 'ops-file-deliveries')

  // Another list, on the file's page: an address nobody here has is invited with the change.
  const people = page.getByRole('combobox', { name: 'People' })
  await people.fill('nina@new.example')
  await people.press('Enter')
  await people.fill('ninette')
  await people.press('Enter')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Take ninette off the list' }).click()
  await page.getByRole('button', { name: 'Invite and save' }).click()
  await page.getByText('Saved; it applies at once.').waitFor()
  await page.getByText('Invited, not here yet').waitFor()
  assert.equal((await server.mailsTo('nina@new.example')).length, 1)
  assert.deepEqual(watched.complaints, [])
})

test('a file that is over comes back; its page tells its whole story, also when it is gone', {
  skip,
  timeout: 240_000,
}, async t => {
  const { page, watched, upload, handOver, fetch, clara, carl, admin, server, later, now, settle } = await openDesk(t)
  const id = await upload('Offer.docx')
  const expires_at = new Date(now() + 5 * DAY).toISOString()
  await handOver({ files: [id], audience: both, note: 'Valid for five days.', expires_at })
  await fetch(clara.client, id)

  await page.goto(`/ops/files/${id}`)
  await page.getByText('Nobody can fetch it after that.').waitFor()
  await page.getByRole('combobox', { name: 'New end' }).selectOption('fortnight')
  await page.getByRole('button', { name: 'Change the end' }).click()
  await page.getByText('Saved. Nobody was told').waitFor()
  const changed = page.waitForResponse(response => response.request().method() === 'PATCH' && response.ok())
  await page.getByRole('checkbox', { name: 'Mail when somebody has fetched it' }).check()
  await changed
  const { tell_uploader } = await server.db.read.selectFrom('files').select('tell_uploader').executeTakeFirstOrThrow()
  assert.equal(tell_uploader, 1)

  await later(16 * DAY)
  await page.clock.setFixedTime(now())
  await page.goto('/ops/files?status=expired')
  await page.getByText('Expired; 1 of 2 had it').waitFor()
  await page.getByRole('link', { name: 'Offer.docx' }).click()
  await page.getByText('It can be brought back until').waitFor()
  assert.equal((await carl.client.post(`/api/v1/client/files/${id}/ask`)).status, 202)
  await settle()
  await page.getByText('Carl Client asked for it again on').waitFor()
  await page.getByText('Expired unread').waitFor()
  await inspectPage(page, 'ops-file-over')
  await page.getByRole('button', { name: 'Give it a new end' }).click()
  await page.getByText('It is back.').waitFor()
  assert.equal((await carl.client.post(`/api/v1/client/files/${id}/link`, {})).status, 201)
  for (let links = 0; links < 25; links++) await carl.client.post(`/api/v1/client/files/${id}/link`, {})

  await page.reload()
  const story = page.getByRole('region', { name: 'What happened' })
  await story.getByText('Carl Client took a link').first().waitFor()
  await story.getByRole('button', { name: 'Show more' }).click()
  await story.getByText('Otto Ops uploaded it. It was checked and encrypted.').waitFor()
  const lines = (await story.getByRole('listitem').allTextContents()).map(line => line.replace(/^.*?\d\d:\d\d/, ''))
  const told = [
    /^Otto Ops gave it a new end: /,
    /^Carl Client asked for it again\./,
    /^Its time was over\./,
    /^Otto Ops gave it a new end: /,
    /^Clara Client has fetched all of it\./,
    /^Clara Client began a download\./,
    /^Otto Ops handed it over, available until .*, with a mail to the recipients\.Valid for five days\./,
    /^Otto Ops made it visible to \w+@customer\.example\./,
    /^Otto Ops uploaded it\./,
  ]
  // When the relay took a mail has no order with what people did meanwhile.
  assert.equal(
    lines.filter(text => /^The mail relay took the mail about it to c\w+@customer\.example\./.test(text)).length,
    2,
  )
  assert.ok(lines.includes('The uploader was told by mail that it is asked for again.'))
  let from = 0
  for (const line of told) {
    const found = lines.findIndex((text, index) => index >= from && line.test(text))
    assert.ok(found >= 0, `${line} after line ${from} of\n${lines.join('\n')}`)
    from = found + 1
  }

  // Deleted by somebody else while the page is open.
  await admin.delete(`/api/v1/ops/files/${id}`)
  await page.getByRole('heading', { name: 'This file is not here' }).waitFor()
  await page.getByText('Ada Admin deleted it.').waitFor()
  await inspectPage(page, 'ops-file-gone')
  assert.deepEqual(watched.complaints, [])
})
