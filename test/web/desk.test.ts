import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { auditKinds } from '../../contract/audit.ts'
import type { Client } from '../client.ts'
import { enlist, linkTo, type Person, upload } from '../http/gauntlet/cast.ts'
import { PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { cannotBrowse, inspectPage, launch, openContext } from './browser.ts'

const skip = cannotBrowse()
let browser: Browser
let server: TestServer
let admin: Client
let clara: Person

before(async () => {
  if (skip) return
  server = await startServer()
  admin = await setUpAdmin(server)
  clara = await enlist(server, 'client', 'clara@customer.example', { name: 'Clara Client' })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const open = async (path: string, email: string) => {
  const { context, watched } = await openContext(browser, server.url)
  const page = await context.newPage()
  await page.goto(path.startsWith('/ops') ? `/ops/sign-in#${path}` : `/sign-in#${path}`)
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  return { page, watched }
}
/** The stream of the page is there: what happens from now on is told. */
const streams = async (count: number): Promise<void> => {
  for (const deadline = performance.now() + 10_000; server.app.events.count() < count; ) {
    assert.ok(performance.now() < deadline, `${server.app.events.count()} streams`)
    await new Promise(resolve => setImmediate(resolve))
  }
}
const fetchBy = async ({ client }: Person, file: string) =>
  assert.equal((await client.get(await linkTo(client, file))).status, 200)
const leave = (page: Page) => page.context().close()

test('pages change by themselves: overview, file list, deliveries, the client’s documents', {
  skip,
  timeout: 180_000,
}, async () => {
  const ops = await open('/ops/overview', 'admin@firm.example')
  await ops.page.getByText('Nothing handed over yet').waitFor()
  await inspectPage(ops.page, 'ops-overview-empty')
  const outside = await open('/documents', clara.email)
  await outside.page.getByText('No documents yet').waitFor()
  await streams(2)

  const file = await upload(admin, 'Report.docx', { clients: [clara.id] })
  await outside.page.getByRole('link', { name: 'Report.docx' }).waitFor()
  await ops.page.getByText('Handed over: 1').waitFor()
  await ops.page.getByRole('link', { name: '1 Within a day' }).waitFor()
  await ops.page.getByRole('link', { name: 'Files' }).click()
  await ops.page.getByRole('link', { name: 'Report.docx' }).waitFor()
  await upload(admin, 'Second.docx', { clients: [clara.id] })
  await ops.page.getByRole('link', { name: 'Second.docx' }).waitFor()

  await ops.page.getByRole('link', { name: 'Report.docx' }).click()
  await ops.page.getByText('Not fetched yet').first().waitFor()
  await fetchBy(clara, file)
  await ops.page.getByText('Delivered', { exact: true }).waitFor()
  await ops.page.getByRole('link', { name: 'Overview' }).click()
  await ops.page.getByText('Delivered: 1').waitFor()
  await inspectPage(ops.page, 'ops-overview')

  await admin.put(`/api/v1/ops/files/${file}/audience`, {})
  await outside.page.getByRole('link', { name: 'Report.docx' }).waitFor({ state: 'detached' })
  await outside.page.getByRole('link', { name: 'Second.docx' }).waitFor()
  assert.deepEqual([...ops.watched.complaints, ...outside.watched.complaints], [])
  await leave(ops.page)
  await leave(outside.page)
})

test('a file that waits for the scanner is let go, and its page shows it by itself', {
  skip,
  timeout: 60_000,
}, async () => {
  const file = await upload(admin, 'Waiting.docx', { clients: [clara.id] })
  await server.db.write(async tx => {
    await tx.updateTable('files').set({ status: 'pending' }).where('id', '=', file).execute()
    const none = { number: 0, since: 0, scanned_at: null, next_attempt_at: null, attempts: 9, problem: 'none' }
    await tx
      .insertInto('scans')
      .values({ file_id: file, state: 'waiting', ...none })
      .execute()
  })
  const ops = await open(`/ops/files/${file}`, 'admin@firm.example')
  const outside = await open(`/documents/${file}`, clara.email)
  await ops.page.getByText('Waits for the malware scanner').waitFor()
  await outside.page.getByText('It is still being checked').waitFor()
  await streams(2)
  assert.equal((await admin.post(`/api/v1/ops/files/${file}/release`)).status, 200)
  await ops.page.getByText('Waits for the malware scanner').waitFor({ state: 'detached' })
  await outside.page.getByRole('button', { name: 'Download' }).waitFor()
  assert.deepEqual([...ops.watched.complaints, ...outside.watched.complaints], [])
  await leave(ops.page)
  await leave(outside.page)
})

test('a client’s page: who they are, what they see, and the way out', { skip, timeout: 120_000 }, async () => {
  const { body: group } = await admin.post('/api/v1/ops/groups', { name: 'Acme Ltd' })
  await admin.put(`/api/v1/ops/groups/${group.id}/members`, { clients: [clara.id] })
  await upload(admin, 'For the group.docx', { groups: [group.id] })
  const { page, watched } = await open('/ops/clients', 'admin@firm.example')
  await page.getByRole('link', { name: 'Clara Client' }).click()
  await page.getByRole('heading', { name: 'Clara Client' }).waitFor()
  await page.getByRole('link', { name: 'Acme Ltd' }).waitFor()
  await page.getByText('Can sign in').waitFor()
  await page.getByRole('button', { name: 'View as this client' }).click()
  await page.getByText('This is what Clara Client sees. Looking changes nothing and is recorded.').waitFor()
  await page.getByText('For the group.docx').waitFor()
  await inspectPage(page, 'ops-client')
  const views = await admin.get('/api/v1/ops/audit?kind=client.viewed')
  assert.deepEqual([views.body.items.length, views.body.items[0].count], [1, 1], 'one look is one')

  await page.getByRole('button', { name: 'Disable this client …' }).click()
  await inspectPage(page, 'ops-client-disable')
  await page.getByRole('button', { name: 'Disable', exact: true }).click()
  await page.getByText('Disabled', { exact: true }).waitFor()
  await page.getByText('The account is disabled').waitFor()
  await page.getByRole('button', { name: 'Enable this client …' }).click()
  await page.getByRole('button', { name: 'Enable', exact: true }).click()
  await page.getByText('Can sign in').waitFor()
  assert.deepEqual(watched.complaints, [])
  await leave(page)
})

test('the audit, by kind and by day, with words for every kind', { skip, timeout: 120_000 }, async () => {
  const dora = await enlist(server, 'client', 'dora@customer.example', { name: 'Dora' })
  for (const disabled of [true, false]) await admin.patch(`/api/v1/ops/clients/${dora.id}`, { disabled })
  const { body: group } = await admin.post('/api/v1/ops/groups', { name: 'Beta Ltd' })
  await upload(admin, 'For Beta.docx', { groups: [group.id] })
  const { page, watched } = await open('/ops/audit', 'admin@firm.example')
  await page.getByRole('heading', { name: 'Audit' }).waitFor()
  const entries = page.getByRole('list', { name: 'Audit' }).getByRole('listitem')
  await entries.filter({ hasText: 'Account enabled again · Dora' }).waitFor()
  await inspectPage(page, 'ops-audit')
  const kinds = page.getByLabel('Kind')
  assert.equal(await kinds.getByRole('option').count(), auditKinds.length + 1)
  await kinds.selectOption('file.shared')
  await entries.filter({ hasText: 'File uploaded' }).first().waitFor({ state: 'detached' })
  await entries.filter({ hasText: 'File shared' }).first().waitFor()
  await page.getByText('for Beta Ltd').waitFor()
  await page.getByLabel('From this day on').fill('2999-01-01')
  await page.getByText('Nothing of this kind is recorded').waitFor()
  await inspectPage(page, 'ops-audit-none')
  assert.deepEqual(watched.complaints, [])
  await leave(page)
})

test('settings in force, for administrators alone', { skip, timeout: 60_000 }, async () => {
  const { page, watched } = await open('/ops/settings', 'admin@firm.example')
  await page.getByRole('cell', { name: 'VALISE_LINK_TTL_MAX' }).waitFor()
  await page.getByRole('cell', { name: 'Set in the environment' }).first().waitFor()
  await inspectPage(page, 'ops-settings')
  assert.deepEqual(watched.complaints, [])
  await leave(page)

  await enlist(server, 'ops', 'otto@firm.example')
  const otto = await open('/ops/overview', 'otto@firm.example')
  await otto.page.getByText('What you handed over yourself.').waitFor()
  assert.equal(await otto.page.getByRole('link', { name: 'Settings' }).count(), 0)
  await otto.page.goto('/ops/settings')
  await otto.page.getByText('Your account may not do this').waitFor()
  await leave(otto.page)
})

test('a session that is ended elsewhere leads to signing in, in a sentence, without a press', {
  skip,
  timeout: 60_000,
}, async () => {
  for (const [path, email, door] of [
    ['/ops/files', 'admin@firm.example', 'ops'],
    ['/documents', clara.email, 'client'],
  ] as const) {
    const { page, watched } = await open(path, email)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByRole('link', { name: 'Sessions' }).waitFor()
    await streams(1)
    const other = server.client()
    const { body } = await other.post(`/api/v1/${door}/login`, { email, password: PASSWORD })
    other.useToken(body.access_token)
    const sessions = await other.get(`/api/v1/${door}/sessions`)
    for (const { id, current } of sessions.body.items) {
      if (!current) await other.delete(`/api/v1/${door}/sessions/${id}`)
    }
    if (door === 'client') {
      await page.getByRole('heading', { name: 'You are no longer signed in' }).waitFor()
      await page.getByRole('link', { name: 'Sign in again' }).click()
    } else await page.getByText('Your session has ended. Sign in again to go on where you were.').waitFor()
    await page.getByLabel('E-mail address').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`**${path}`)
    assert.deepEqual(watched.complaints, [])
    await leave(page)
  }
})
