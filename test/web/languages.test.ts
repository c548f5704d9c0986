import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { de as deDoors } from '../../web/messages/de.ts'
import { desk as deDesk } from '../../web/messages/desk.de.ts'
import { desk as enDesk } from '../../web/messages/desk.en.ts'
import { en as enDoors } from '../../web/messages/en.ts'
import type { Client } from '../client.ts'
import { makeOffice } from '../office.ts'
import { joinClient, PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { assertFits, cannotBrowse, inspectPage, launch, openContext } from './browser.ts'

const skip = cannotBrowse()
const clara = 'clara@kunde.example'
let browser: Browser
let server: TestServer
let admin: Client

before(async () => {
  if (skip) return
  server = await startServer()
  admin = await setUpAdmin(server)
  await joinClient(server, clara, 'Clara Kundin')
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const open = async (path: string, options: BrowserContextOptions = {}) => {
  const { context, watched } = await openContext(browser, server.url, options)
  const page = await context.newPage()
  const scripts: string[] = []
  page.on('request', request => {
    const name = /\/assets\/(.+\.js)$/.exec(request.url())?.[1]
    if (name) scripts.push(name)
  })
  await page.goto(path)
  return { page, watched, scripts }
}
const de = { ...deDoors, ...deDesk }
const en = { ...enDoors, ...enDesk }
const german: BrowserContextOptions = { locale: 'de-DE' }
const isGermanCatalogue = (script: string) => /^(desk\.)?de-/.test(script)
const langOf = (page: Page) => page.locator('html').getAttribute('lang')

const signInGerman = async (page: Page, email: string): Promise<void> => {
  await page.getByLabel('E-Mail-Adresse').fill(email)
  await page.getByLabel('Passwort', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Anmelden' }).click()
}

/** English texts of a catalogue that German says otherwise. */
const textsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsOf)
      : []
const germanTexts = new Set(textsOf(de))
const onlyEnglish = new Set(textsOf(en).filter(text => text !== '' && !germanTexts.has(text)))

/** Texts of the English catalogue on the page, seen or spoken. */
const englishOn = async (page: Page): Promise<string[]> => {
  const lines = (await page.locator('body').ariaSnapshot()).split('\n')
  assert.ok(lines.length > 3)
  const said = (text: string) => lines.some(line => line.includes(`"${text}"`) || line.endsWith(`: ${text}`))
  const title = (await page.title()).replace(/ – Valise$/, '')
  return [...onlyEnglish].filter(text => text === title || said(text))
}
/** German words are long: each page fits a phone all the same. */
const assertGerman = async (page: Page, what: string): Promise<void> => {
  assert.deepEqual(await englishOn(page), [], what)
  const before = page.viewportSize()
  await page.setViewportSize({ width: 360, height: 740 })
  await assertFits(page, what)
  if (before) await page.setViewportSize(before)
}

test('a German browser is met in German, at the door and behind it', { skip, timeout: 120_000 }, async () => {
  const { body: file } = await admin.upload('Bilanz.docx', makeOffice({ type: 'docx', padTo: 1_530_000 }), {
    clients: [clara],
  })
  const { page, watched, scripts } = await open('/', german)
  await page.getByRole('heading', { name: 'Anmelden' }).waitFor()
  assert.equal(await langOf(page), 'de')
  assert.equal(await page.title(), 'Anmelden – Valise')
  assert.ok(scripts.some(isGermanCatalogue))
  await assertGerman(page, 'sign-in')
  await page.getByLabel('E-Mail-Adresse').fill(clara)
  await page.getByLabel('Passwort', { exact: true }).fill('nicht das richtige')
  await page.getByRole('button', { name: 'Anmelden' }).click()
  await page.getByText('Adresse oder Passwort ist falsch').waitFor()
  await page.getByText('Prüfen Sie beides und ob dies der richtige Eingang ist').waitFor()
  await inspectPage(page, 'de-sign-in-wrong')
  await signInGerman(page, clara)

  // Dates, sizes and distances are written as in Germany.
  await page.getByRole('link', { name: 'Bilanz.docx' }).waitFor()
  await page.getByText(/1,5\sMB/).waitFor()
  await assertGerman(page, 'documents')
  await inspectPage(page, 'de-documents')
  await page.getByRole('link', { name: 'Bilanz.docx' }).click()
  const at = new Intl.DateTimeFormat('de-DE', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  await page.getByText(at.format(new Date(file.uploaded_at))).waitFor()
  await assertGerman(page, 'document')
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Herunterladen' }).click()
  await downloading
  await page.getByRole('link', { name: 'Links' }).click()
  await page
    .getByText(/Endet in \d+ Minuten/)
    .filter({ visible: true })
    .waitFor()
  await assertGerman(page, 'links')
  await page.getByRole('link', { name: 'Sitzungen' }).click()
  await page.getByText('Diese hier', { exact: true }).waitFor()
  await assertGerman(page, 'sessions')
  await page.goto('/documents/nothing')
  await page.getByText('Dieses Dokument gibt es hier nicht').waitFor()
  await assertGerman(page, 'not found')
  assert.deepEqual(watched.complaints, [])
})

test('the server’s sentences come in German: of a field, a refusal, the inspection', {
  skip,
  timeout: 120_000,
}, async () => {
  const { page, watched } = await open('/sign-up', german)
  await page.getByLabel('Ihr Name').fill('Dora')
  await page.getByLabel('E-Mail-Adresse').fill('dora@kunde.example')
  await page.getByLabel('Neues Passwort').fill('password123')
  await page.getByRole('button', { name: 'Registrieren' }).click()
  await page.getByText('Wählen Sie ein Passwort, das nicht auf den Listen der häufigsten steht.').waitFor()
  await assertGerman(page, 'sign-up')

  await page.goto('/ops/sign-in')
  await signInGerman(page, 'admin@firm.example')
  await page.getByRole('heading', { name: 'Dokumente übergeben' }).waitFor()
  const macros = makeOffice({
    type: 'docx',
    extraParts: { 'word/vbaProject.bin': Buffer.from('macro') },
    contentTypes: { '/word/vbaProject.bin': 'application/vnd.ms-office.vbaProject' },
  })
  const office = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer })
  await page
    .locator('input[type=file]')
    .setInputFiles([office('Plan.docx', macros), office('Brief.docx', makeOffice({ type: 'docx' }))])
  await page.getByText('Das Dokument enthält Makros (kleine Programme)').waitFor()
  await page.getByText('Geprüft: Der Inhalt entspricht dem Namen').waitFor()
  const people = page.getByRole('combobox', { name: 'Personen' })
  await people.fill('fremd@nirgendwo.example')
  await people.press('Enter')
  await page.getByRole('button', { name: 'Das Dokument senden' }).click()
  await page.getByText('fremd@nirgendwo.example hat noch kein Konto').waitFor()
  await assertGerman(page, 'hand over')
  await inspectPage(page, 'de-ops-hand-over')
  for (const [link, heading] of [
    ['Dateien', 'Dateien'],
    ['Kunden', 'Kunden'],
    ['Gruppen', 'Gruppen'],
    ['Einladungen', 'Einladungen'],
    ['Team', 'Team'],
    ['Sitzungen', 'Meine Sitzungen'],
  ] as const) {
    await page.getByRole('navigation').getByRole('link', { name: link }).click()
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    await page.getByText('Wird geladen').waitFor({ state: 'detached' })
    await assertGerman(page, link)
  }
  assert.deepEqual(watched.complaints, [])
})

test('every page before signing in, and those of whoever runs the server', { skip, timeout: 120_000 }, async () => {
  const { page, watched } = await open('/forgot', german)
  const token = 'A'.repeat(43)
  for (const path of [
    '/forgot',
    '/ops/forgot',
    '/verify',
    `/verify#${token}`,
    '/reset',
    `/reset#${token}`,
    '/invitation',
    `/invitation#${token}`,
    '/setup',
    `/setup#${token}`,
    '/mailbox',
    `/mailbox#${server.mailboxSecret}`,
    `/sign-in#/mail/${token}`,
  ]) {
    // Another page in between: a changed fragment alone is no navigation.
    await page.goto('about:blank')
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByText('Wird geladen').waitFor({ state: 'detached' })
    await assertGerman(page, path)
    assert.equal(await langOf(page), 'de')
  }
  await page.goto('/forgot')
  await page.getByLabel('E-Mail-Adresse').fill('dora@kunde.example')
  await page.getByRole('button', { name: 'Link senden' }).click()
  await page.getByText('Wenn es zu dora@kunde.example hier ein Konto gibt').waitFor()
  await assertGerman(page, 'forgot, sent')
  await page.goto('about:blank')
  await page.goto(`/reset#${token}`)
  await page.getByLabel('Neues Passwort').fill(PASSWORD)
  await page.getByRole('button', { name: 'Passwort speichern' }).click()
  await page.getByText('Neuen Link anfordern').waitFor()
  await assertGerman(page, 'reset, dead')
  assert.deepEqual(watched.complaints, [])
})

test('the desk with people, groups and files in it', { skip, timeout: 120_000 }, async () => {
  const { body: group } = await admin.post('/api/v1/ops/groups', { name: 'Akme' })
  assert.equal((await admin.put(`/api/v1/ops/groups/${group.id}/members`, { clients: [clara] })).status, 200)
  const invitation = { email: 'gast@kunde.example', role: 'client', groups: [group.id] }
  assert.equal((await admin.post('/api/v1/ops/invitations', invitation)).status, 201)
  const { body: file } = await admin.upload('Vertrag.docx', makeOffice({ type: 'docx' }), { groups: [group.id] })
  const { page, watched } = await open('/ops/sign-in', german)
  await signInGerman(page, 'admin@firm.example')
  await page.getByRole('heading', { name: 'Dokumente übergeben' }).waitFor()
  for (const [path, seen] of [
    ['/ops/files', 'Vertrag.docx'],
    [`/ops/files/${file.id}`, 'Noch nicht abgeholt'],
    ['/ops/groups', '1 Mitglied'],
    [`/ops/groups/${group.id}`, 'Diese Gruppe löschen …'],
    ['/ops/invitations', 'gast@kunde.example'],
    ['/ops/clients', clara],
    ['/ops/settings', 'Ordner der Datenbank, der versiegelten Dateien und des Schlüsselbunds'],
  ] as const) {
    await page.goto(path)
    await page.getByText(seen).first().waitFor({ state: 'attached' })
    await assertGerman(page, path)
  }
  await page.goto(`/ops/groups/${group.id}`)
  await page.getByRole('button', { name: 'Diese Gruppe löschen …' }).click()
  await page.getByRole('heading', { name: 'Die Gruppe Akme löschen?' }).waitFor()
  await assertGerman(page, 'asking first')
  assert.deepEqual(watched.complaints, [])
})

test('the switch keeps the page, is remembered, and is all that is stored', { skip, timeout: 90_000 }, async () => {
  const { page, watched, scripts } = await open('/sign-in')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.equal(await langOf(page), 'en')
  assert.equal(scripts.some(isGermanCatalogue), false, 'German is loaded only when it is chosen')
  assert.deepEqual(
    (await englishOn(page)).filter(text => ['Sign in', 'E-mail address', 'Language'].includes(text)).length,
    3,
    'English is seen where there is some',
  )
  const languages = page.getByRole('group', { name: 'Language' })
  assert.equal(await languages.getByRole('button', { name: 'English' }).getAttribute('aria-pressed'), 'true')
  assert.equal(await languages.getByRole('button', { name: 'Deutsch' }).getAttribute('lang'), 'de')
  await languages.getByRole('button', { name: 'Deutsch' }).click()
  await page.getByRole('heading', { name: 'Anmelden' }).waitFor()
  assert.equal(page.url(), `${server.url}/sign-in`)
  assert.equal(await langOf(page), 'de')
  await signInGerman(page, clara)
  await page.getByRole('link', { name: 'Links' }).click()
  await page.getByRole('heading', { name: 'Meine Links' }).waitFor()
  const state = await page.context().storageState()
  assert.deepEqual(
    state.origins.flatMap(({ localStorage }) => localStorage),
    [{ name: 'valise-language', value: 'de' }],
  )
  await page.getByRole('group', { name: 'Sprache' }).getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'My links' }).waitFor()
  assert.equal(page.url(), `${server.url}/links`)

  // At the desk, in the side bar.
  await page.goto('/ops/sign-in')
  await page.getByLabel('E-mail address').fill('admin@firm.example')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Groups' }).click()
  await page.getByRole('heading', { name: 'Groups' }).waitFor()
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await page.getByRole('heading', { name: 'Gruppen' }).waitFor()
  assert.equal(page.url(), `${server.url}/ops/groups`)
  assert.deepEqual(watched.complaints, [])
})

test('a mailed link survives the switch, and its token stays out of the address bar', {
  skip,
  timeout: 60_000,
}, async () => {
  const email = 'emil@kunde.example'
  const started = await server.client().post('/api/v1/client/signup', { email, name: 'Emil', password: PASSWORD })
  assert.equal(started.status, 202)
  const { token } = await server.lastMail(email)
  const { page, watched } = await open(`/verify#${token}`)
  await page.getByRole('heading', { name: 'Verify your address' }).waitFor()
  await page.getByRole('button', { name: 'Deutsch' }).click()
  await page.getByRole('heading', { name: 'Adresse bestätigen' }).waitFor()
  assert.equal(page.url(), `${server.url}/verify`)
  await page.getByLabel('Bei der Registrierung gewähltes Passwort').fill(PASSWORD)
  await page.getByRole('button', { name: 'Bestätigen und anmelden' }).click()
  await page.getByRole('heading', { name: 'Meine Dokumente' }).waitFor()

  // The token is spent and belongs to another page: it does not come back.
  const addresses: string[] = []
  page.on('framenavigated', frame => addresses.push(frame.url()))
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'My documents' }).waitFor()
  assert.ok(addresses.length > 0)
  assert.deepEqual(
    addresses.filter(address => address.includes('#')),
    [],
  )
  assert.deepEqual(watched.complaints, [])
})

test('a catalogue that does not arrive leaves a page in English, which says so', {
  skip,
  timeout: 60_000,
}, async () => {
  const { context, watched } = await openContext(browser, server.url, german)
  await context.route(/\/assets\/de-[^/]+\.js$/, route => route.abort())
  const page = await context.newPage()
  await page.goto('/sign-in')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  assert.equal(await langOf(page), 'en')
  // The desk's own, which would arrive, does not make a page of two languages.
  await page.goto('/mailbox')
  await page.getByRole('heading', { name: 'Development mailbox' }).waitFor()
  assert.equal(await langOf(page), 'en')
  assert.deepEqual(watched.complaints, [])
})

test('the first known language of the browser counts, in its own variant', { skip, timeout: 60_000 }, async () => {
  const { page } = await open('/sign-in', { locale: 'fr-FR' })
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  const swiss = await open('/sign-in', { locale: 'de-CH' })
  await swiss.page.getByRole('heading', { name: 'Anmelden' }).waitFor()
  assert.equal(await langOf(swiss.page), 'de')
})
