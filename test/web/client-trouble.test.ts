import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { joinClient } from '../people.ts'
import { cannotBrowse, inspectPage } from './browser.ts'
import { openScene, PHONE, type Scene, signInHere } from './client-scene.ts'

const skip = cannotBrowse()
let scene: Scene
before(async () => {
  if (!skip) scene = await openScene()
})
after(() => scene?.stop())

test('a session that ended in another tab: a sentence, nothing else on the page, and the way back to it', {
  skip,
  timeout: 60_000,
}, async () => {
  const { id } = await scene.handOver('Open here.docx')
  await scene.fetchAll(scene.clara, id)
  const { context, page, watched } = await scene.enter({ path: `/documents/${id}` })
  const other = await context.newPage()
  await other.goto('/documents')
  await other.getByRole('button', { name: 'Sign out' }).click()
  await other.getByRole('heading', { name: 'Sign in' }).waitFor()

  // By itself: the page hears of it.
  await page.getByRole('heading', { name: 'You are no longer signed in' }).waitFor()
  assert.equal(await page.getByText('Open here.docx').count(), 0, 'nothing is left to read')
  await inspectPage(page, 'session-ended')
  await page.getByRole('link', { name: 'Sign in again' }).click()
  await signInHere(page)
  await page.getByRole('heading', { name: 'Open here.docx' }).waitFor()
  assert.equal(page.url(), `${scene.server.url}/documents/${id}`)
  assert.deepEqual(watched.complaints, [])
})

test('somebody else signed in in another tab: the page is theirs now, and says so', {
  skip,
  timeout: 60_000,
}, async () => {
  const { id } = await scene.handOver('For Clara.docx')
  await joinClient(scene.server, 'sam@customer.example', 'Sam')
  const { context, page, watched } = await scene.enter({ path: `/documents/${id}` })
  await page.getByRole('heading', { name: 'For Clara.docx' }).waitFor()
  const other = await context.newPage()
  await other.goto('/documents')
  await other.getByRole('button', { name: 'Sign out' }).click()
  await signInHere(other, 'sam@customer.example')
  await page.bringToFront()
  await page.evaluate('document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))')
  await page.getByText('Signed in as Sam (sam@customer.example)', { exact: true }).waitFor()
  await page.getByText('This document is not here').waitFor()
  await page.getByText('you are signed in as sam@customer.example').waitFor()
  await inspectPage(page, 'document-of-somebody-else')
  assert.deepEqual(watched.complaints, [])
})

test('a download link in the hands of somebody who is signed in already', { skip, timeout: 60_000 }, async () => {
  const { id } = await scene.handOver('Mine alone.docx')
  const { body: link } = await scene.clara.post(`/api/v1/client/files/${id}/link`, {})
  await joinClient(scene.server, 'eve@customer.example', 'Eve')
  const { page, watched } = await scene.enter({ email: 'eve@customer.example' })
  const answer = await page.goto(link.download_link)
  assert.equal(answer?.status(), 404)
  await page.getByText('was made for somebody else than the account that is signed in').waitFor()
  await page.getByRole('link', { name: 'To the start' }).click()
  await page.getByText('Signed in as Eve').waitFor()

  // And somebody who had to sign in first is told who they are.
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.goto(link.download_link)
  await signInHere(page, 'eve@customer.example')
  await page.getByText('you are signed in as eve@customer.example').waitFor()
  await inspectPage(page, 'link-of-somebody-else')
  assert.deepEqual(watched.complaints, [])
})

test('withdrawn, deleted or over while the page is open', { skip, timeout: 120_000 }, async () => {
  const { id } = await scene.handOver('Withdrawn.docx', { note: 'Have a look' })
  const { context, page, watched } = await scene.enter({ path: `/documents/${id}` })
  // Somebody who presses before the page has heard of it.
  await context.route('**/api/v1/client/events', route => route.abort())
  await page.reload()
  const download = page.getByRole('button', { name: 'Download', exact: true })
  await download.waitFor()
  await scene.admin.put(`/api/v1/ops/files/${id}/audience`, {})
  await download.click()
  await page.getByText('It was withdrawn or deleted since this page was opened').waitFor()
  await page.getByText('write to Ada Admin (admin@firm.example)').waitFor()
  assert.equal(await download.count(), 0)
  assert.equal(await page.getByRole('alert').count(), 0, 'one sentence, not two')
  await inspectPage(page, 'document-withdrawn')

  const over = await scene.handOver('Over soon.docx')
  await page.goto(`/documents/${over.id}`)
  await download.waitFor()
  await scene.expire(over.id)
  await download.click()
  await page.getByText('Its time is over').waitFor()
  await page.getByRole('button', { name: 'Ask again' }).waitFor()
  assert.equal(await download.count(), 0)

  // The same in the list.
  const [gone, ended] = [await scene.handOver('Deleted.docx'), await scene.handOver('Ended.docx')]
  await page.goto('/documents')
  await page.getByRole('button', { name: 'Download Deleted.docx' }).waitFor()
  await scene.admin.delete(`/api/v1/ops/files/${gone.id}`)
  await scene.expire(ended.id)
  await page.getByRole('button', { name: 'Download Deleted.docx' }).click()
  await page.getByText('It was withdrawn or deleted since this page was opened').waitFor()
  await page.getByRole('button', { name: 'Download Ended.docx' }).click()
  await page.getByRole('button', { name: 'Ask again for Ended.docx' }).waitFor()
  assert.deepEqual(watched.complaints, [])
})

test('without a network every step says so, and goes on when it is back', { skip, timeout: 120_000 }, async () => {
  const [fresh, had, over] = [
    await scene.handOver('Fresh.docx'),
    await scene.handOver('Had.docx'),
    await scene.handOver('Over.docx'),
  ]
  await scene.fetchAll(scene.clara, had.id)
  await scene.expire(over.id)
  const { context, page, watched } = await scene.enter({ path: `/documents/${fresh.id}` })
  const trouble = page.getByText('The service cannot be reached')
  const press = async (path: string, name: string) => {
    await page.goto(path)
    const button = page.getByRole('button', { name, exact: true })
    await button.waitFor()
    await context.setOffline(true)
    await button.click()
    await trouble.first().waitFor()
    await context.setOffline(false)
    return button
  }
  const download = await press(`/documents/${fresh.id}`, 'Download')
  await inspectPage(page, 'document-offline')
  const downloading = page.waitForEvent('download')
  await download.click()
  await downloading

  await (await press(`/documents/${had.id}`, 'I have received this')).click()
  await page.getByText(/You confirmed on/).waitFor()
  await (await press(`/documents/${over.id}`, 'Ask again for Over.docx')).click()
  await page.getByText('Ada Admin has been asked.').waitFor()

  // A compared copy that could not be put on record can be, later.
  await page.goto(`/documents/${had.id}`)
  const picker = page.locator('input[type=file]')
  await picker.setInputFiles([{ name: 'Other.docx', mimeType: '', buffer: Buffer.alloc(had.bytes.length) }])
  await page.getByText('This is not the same document').waitFor()
  await context.setOffline(true)
  await picker.setInputFiles([{ name: 'Had.docx', mimeType: '', buffer: had.bytes }])
  await page.getByText('This is byte for byte what was delivered').waitFor()
  await trouble.waitFor()
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Record it' }).click()
  await page.getByText('That your copy was compared is recorded').waitFor()

  // A list that did not come is asked for again by hand.
  await context.route('**/api/v1/client/files?*', route => route.abort())
  await context.route('**/api/v1/client/files', route => route.abort())
  await page.goto('/documents')
  await trouble.waitFor()
  await context.unrouteAll()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('link', { name: 'Fresh.docx' }).waitFor()
  assert.deepEqual(watched.complaints, [])
})

test('a device whose clock is wrong by a day tells the time that is left all the same', {
  skip,
  timeout: 60_000,
}, async () => {
  const { id } = await scene.handOver('In time.docx', { days: 3 })
  await scene.clara.post(`/api/v1/client/files/${id}/link`, { expires_in: 3600 })
  for (const wrong of [-1, 1]) {
    const { page, watched, context } = await scene.enter({
      before: page => page.clock.install({ time: Date.now() + wrong * 24 * 3_600_000 }),
    })
    const card = page.getByRole('listitem').filter({ hasText: 'In time.docx' })
    await card.getByText('Ends in 3 days').waitFor()
    await card.getByRole('link').click()
    await page.getByText('Ends in 3 days').waitFor()
    await page.getByRole('link', { name: 'Links' }).click()
    await page
      .getByRole('row', { name: /In time/ })
      .getByText('Ends in 59 minutes')
      .first()
      .waitFor({ state: 'attached' })
    assert.deepEqual(watched.complaints, [])
    await context.close()
  }
})

test('a first visit on a phone: the mail, a password, and the document is there', {
  skip,
  timeout: 120_000,
}, async () => {
  const { server, admin, browser } = scene
  const address = 'nina@new.example'
  await admin.post('/api/v1/ops/invitations', { email: address, role: 'client' })
  await scene.handOver('Welcome.docx', { to: address, note: 'Good to have you' })
  const { link } = await server.lastMail(address)
  await admin.post('/api/v1/ops/invitations', { email: address, role: 'client' })
  const { link: second } = await server.lastMail(address)
  assert.notEqual(second, link)
  const context = await browser.newContext({ baseURL: server.url, acceptDownloads: true, ...PHONE })
  const page = await context.newPage()
  // Who invites does not arrive: there is the form all the same, and it stays when the connection comes back.
  await page.route('**/api/v1/invitations/read', route => route.abort(), { times: 3 })
  await page.goto(link ?? '')
  await page.getByText('You were invited.').waitFor()
  await page.getByLabel('Your name').fill('Nina New')
  await page.getByLabel('New password').fill('four quiet unrelated herons')
  await context.setOffline(true)
  await context.setOffline(false)
  assert.equal(await page.getByLabel('Your name').inputValue(), 'Nina New')
  await page.getByRole('button', { name: 'Accept and sign in' }).click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download Welcome.docx' }).click()
  assert.equal((await downloading).suggestedFilename(), 'Welcome.docx')

  // The same link once more, and one that is withdrawn while its page is open: both say what to do.
  const goTo = async (mail: string | undefined) => {
    await page.goto('about:blank')
    await page.goto(mail ?? '')
  }
  const isDead = async () => {
    await page.getByText('This link does not work any more').waitFor()
    await page.getByText('ask whoever invited you').waitFor()
  }
  await goTo(link)
  await isDead()
  assert.equal(await page.getByLabel('New password').count(), 0, 'nothing to type in vain')
  await inspectPage(page, 'invitation-used')
  await goTo(second)
  await page.getByText('This address has an account here already').waitFor()
  const { body: invitation } = await admin.post('/api/v1/ops/invitations', {
    email: 'late@new.example',
    role: 'client',
  })
  const { link: late } = await server.lastMail('late@new.example')
  await goTo(late)
  await page.getByText('Ada Admin invites you to receive documents here.').waitFor()
  await admin.delete(`/api/v1/ops/invitations/${invitation.id}`)
  await page.getByLabel('Your name').fill('Lara Late')
  await page.getByLabel('New password').fill('four quiet unrelated herons')
  await page.getByRole('button', { name: 'Accept and sign in' }).click()
  await isDead()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await context.close()
})

test('a reset link that was used leads on', { skip, timeout: 60_000 }, async () => {
  const { server, browser } = scene
  const email = 'rita@customer.example'
  await joinClient(server, email, 'Rita')
  await server.client().post('/api/v1/client/password/forgot', { email })
  const { link, token } = await server.lastMail(email)
  const password = 'seven copper kettles whistle'
  assert.equal((await server.client().post('/api/v1/password/reset', { token, password })).status, 204)
  const context = await browser.newContext({ baseURL: server.url, ...PHONE })
  const page = await context.newPage()
  await page.goto(link ?? '')
  await page.getByLabel('New password').fill(password)
  await page.getByRole('button', { name: 'Save the password' }).click()
  await page.getByText('This link does not work any more').waitFor()
  await inspectPage(page, 'reset-used')
  await page.getByRole('link', { name: 'Ask for a new link' }).click()
  await page.getByRole('button', { name: 'Send the link' }).waitFor()
  await context.close()
})
