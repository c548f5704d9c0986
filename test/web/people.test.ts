import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { makeOffice } from '../office.ts'
import { joinClient, PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { cannotBrowse, inspectPage, launch, openContext } from './browser.ts'

const skip = cannotBrowse()
let browser: Browser
let server: TestServer

before(async () => {
  if (skip) return
  server = await startServer()
  await setUpAdmin(server)
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const signIn = async (page: Page, path: string, email: string, password = PASSWORD): Promise<void> => {
  await page.goto(path)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** The page behind the newest mail to an address. */
const openMail = async (page: Page, address: string): Promise<void> => {
  const { link } = await server.lastMail(address)
  assert.ok(link)
  await page.goto('about:blank')
  await page.goto(link)
}

test('ops invites a client into a group, shares with the group, and takes it back', {
  skip,
  timeout: 240_000,
}, async () => {
  const { context, watched } = await openContext(browser, server.url)
  const ops = await context.newPage()
  await signIn(ops, '/ops/sign-in', 'admin@firm.example')
  await ops.getByRole('heading', { name: 'Hand over documents' }).waitFor()

  await ops.getByRole('link', { name: 'Groups' }).click()
  await ops.getByText('No groups yet').waitFor()
  await inspectPage(ops, 'ops-groups-empty')
  await ops.getByLabel('Name of a new group').fill('Acme Ltd')
  await ops.getByRole('button', { name: 'Create' }).click()
  await ops.getByRole('heading', { name: 'Acme Ltd' }).waitFor()

  await ops.getByRole('link', { name: 'Invitations' }).click()
  await ops.getByLabel('E-mail address').fill('ivo@acme.example')
  await ops.getByRole('combobox', { name: 'Into these groups' }).click()
  await ops.getByRole('option', { name: 'Acme Ltd' }).click()
  await ops.keyboard.press('Escape')
  await ops.getByRole('button', { name: 'Invite' }).click()
  await ops.getByText('The invitation to ivo@acme.example is on its way.').waitFor()
  await ops.getByRole('cell', { name: 'Open' }).waitFor()
  await inspectPage(ops, 'ops-invitations')

  const outside = await openContext(browser, server.url)
  const ivo = await outside.context.newPage()
  await openMail(ivo, 'ivo@acme.example')
  await ivo.getByRole('heading', { name: 'Welcome' }).waitFor()
  await ivo.getByText('Ada Admin invites you to receive documents here.').waitFor()
  assert.equal(await ivo.getByLabel('E-mail address').inputValue(), 'ivo@acme.example')
  await inspectPage(ivo, 'invitation')
  await ivo.getByLabel('Your name').fill('Ivo Invited')
  await ivo.getByLabel('New password').fill('short')
  await ivo.getByRole('button', { name: 'Accept and sign in' }).click()
  const weak = ivo.getByLabel('New password')
  await ivo.getByText('Choose a password of at least 8 characters.', { exact: true }).waitFor()
  assert.equal(await weak.getAttribute('aria-invalid'), 'true')
  assert.equal(await weak.evaluate(field => field === field.ownerDocument.activeElement), true)
  await inspectPage(ivo, 'invitation-weak-password')
  await ivo.getByLabel('New password').fill(PASSWORD)
  await ivo.getByRole('button', { name: 'Accept and sign in' }).click()
  await ivo.getByText('No documents yet').waitFor()

  await ops.getByRole('link', { name: 'Hand over' }).click()
  const file = { name: 'Plan.pptx', mimeType: '', buffer: makeOffice({ type: 'pptx' }) }
  await ops.locator('input[type=file]').setInputFiles([file])
  await ops.getByRole('combobox', { name: 'Groups' }).click()
  await ops.getByRole('option', { name: 'Acme Ltd (1)' }).click()
  await ops.keyboard.press('Escape')
  await ops.getByRole('button', { name: 'Send the document' }).click()
  await ops.getByText('Visible to: Acme Ltd').waitFor()
  await ivo.reload()
  await ivo.getByRole('link', { name: 'Plan.pptx' }).waitFor()

  await ops.getByRole('link', { name: 'Groups' }).click()
  await ops.getByRole('cell', { name: '1 member' }).waitFor()
  await inspectPage(ops, 'ops-groups')
  await ops.getByRole('link', { name: 'Acme Ltd' }).click()
  await ops.getByText('ivo@acme.example').waitFor()
  await inspectPage(ops, 'ops-group')
  await ops.getByRole('combobox', { name: 'Members' }).press('Backspace')
  await ops.getByRole('button', { name: 'Save the members' }).click()
  await ops.getByText('0 members').waitFor()
  await ivo.reload()
  await ivo.getByText('No documents yet').waitFor()

  await ops.getByRole('link', { name: 'Invitations' }).click()
  await ops.getByLabel('E-mail address').fill('ivo@acme.example')
  await ops.getByRole('button', { name: 'Invite' }).click()
  await ops.getByText('Already a client', { exact: true }).waitFor()

  await ops.getByRole('link', { name: 'Clients' }).click()
  await ops.getByRole('button', { name: 'Disable Ivo Invited' }).click()
  await ops.getByText('Disabled', { exact: true }).waitFor()
  await inspectPage(ops, 'ops-clients')
  await ivo.reload()
  await ivo.getByRole('heading', { name: 'Sign in' }).waitFor()
  await ops.getByRole('link', { name: 'Team' }).click()
  await ops.getByRole('cell', { name: 'Ada Admin' }).waitFor()
  await inspectPage(ops, 'ops-team')
  await ops.getByRole('link', { name: 'Sessions' }).click()
  await ops.getByText('This one').waitFor()
  await inspectPage(ops, 'ops-sessions')
  await ops.getByRole('link', { name: 'Choose a new password' }).click()
  await ops.getByRole('button', { name: 'Send the link' }).waitFor()
  await ops.goto('/ops/nowhere')
  await ops.getByRole('heading', { name: 'There is no such page' }).waitFor()
  await inspectPage(ops, 'ops-not-found')
  assert.deepEqual([...watched.complaints, ...outside.watched.complaints], [])
})

test('a forgotten password is replaced by mail', { skip, timeout: 120_000 }, async () => {
  await joinClient(server, 'fay@customer.example', 'Fay')
  const { context, watched } = await openContext(browser, server.url)
  const page = await context.newPage()
  await signIn(page, '/sign-in', 'fay@customer.example', 'something else entirely')
  await page.getByText('Address or password is wrong').waitFor()
  await inspectPage(page, 'sign-in-wrong')
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await inspectPage(page, 'forgot')
  await page.getByLabel('E-mail address').fill('fay@customer.example')
  await page.getByRole('button', { name: 'Send the link' }).click()
  await page.getByText('a mail is on its way').waitFor()
  await openMail(page, 'fay@customer.example')
  await page.getByRole('heading', { name: 'Choose a new password' }).waitFor()
  assert.equal(new URL(page.url()).hash, '')
  await inspectPage(page, 'reset')
  const fresh = 'seven copper kettles whistle'
  await page.getByLabel('New password').fill(fresh)
  await page.getByRole('button', { name: 'Save the password' }).click()
  await page.getByText('Your new password is saved').waitFor()
  await inspectPage(page, 'reset-done')
  await page.getByRole('link', { name: 'My documents' }).click()
  await signIn(page, '/sign-in', 'fay@customer.example', fresh)
  await page.getByRole('heading', { name: 'My documents' }).waitFor()

  // The used link says what it is, and so does a page that lost its token to a reload.
  await openMail(page, 'fay@customer.example')
  await page.getByLabel('New password').fill(fresh)
  await page.getByRole('button', { name: 'Save the password' }).click()
  await page.getByText('This link does not work any more').waitFor()
  await page.reload()
  await page.getByText('The link is not complete').waitFor()
  await inspectPage(page, 'no-token')
  assert.deepEqual(watched.complaints, [])
})

test('a verification link that was used leads to signing in', { skip, timeout: 60_000 }, async () => {
  const { context, watched } = await openContext(browser, server.url)
  const page = await context.newPage()
  const email = 'una@customer.example'
  await server.client().post('/api/v1/client/signup', { email, name: 'Una', password: PASSWORD })
  const verify = async () => {
    await openMail(page, email)
    await page.getByLabel('Password chosen at sign-up').fill(PASSWORD)
    await page.getByRole('button', { name: 'Verify and sign in' }).click()
  }
  await verify()
  await page.getByRole('heading', { name: 'My documents' }).waitFor()
  await verify()
  await page.getByText('Used already?').waitFor()
  await inspectPage(page, 'verify-used')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.deepEqual(watched.complaints, [])
})

test('an owner whose address is being guessed at gets in by the mailed link', { skip, timeout: 120_000 }, async () => {
  const email = 'gil@customer.example'
  await joinClient(server, email, 'Gil')
  let status = 0
  for (let guesses = 0; status !== 429 && guesses < 120; guesses++) {
    status = (await server.client().post('/api/v1/client/login', { email, password: 'a wrong guess indeed' })).status
  }
  assert.equal(status, 429)
  const { context, watched } = await openContext(browser, server.url)
  const page = await context.newPage()
  await signIn(page, '/sign-in', email)
  await page.getByText('Too many attempts', { exact: true }).waitFor()
  await inspectPage(page, 'sign-in-too-many')
  await openMail(page, email)
  await page.getByText('You opened the link from our mail').waitFor()
  assert.equal(page.url(), `${server.url}/sign-in`)
  await inspectPage(page, 'sign-in-mailed')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'My documents' }).waitFor()
  assert.deepEqual(watched.complaints, [])
})

test('a page of ops asks to sign in first and then opens', { skip, timeout: 60_000 }, async () => {
  const { context, watched } = await openContext(browser, server.url)
  const page = await context.newPage()
  await page.goto('/ops/groups')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.equal(page.url(), `${server.url}/ops/sign-in`)
  await page.getByLabel('E-mail address').fill('admin@firm.example')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Groups' }).waitFor()

  // A session that ends elsewhere is noticed by the next thing the page asks for.
  await context.clearCookies()
  await page.getByRole('link', { name: 'Clients' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.deepEqual(watched.complaints, [])
})
