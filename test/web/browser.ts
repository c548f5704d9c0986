import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const chromiumPath = '/usr/bin/chromium'
const built = fileURLToPath(new URL('../../dist/web/client.html', import.meta.url))
const shots = fileURLToPath(new URL('../../artifacts/screenshots/', import.meta.url))

/**
 * Why browser tests cannot run here, or false when they can. In continuous integration that is a failure, never a skip.
 */
export const cannotBrowse = (): string | false => {
  const reason = !existsSync(chromiumPath)
    ? `no ${chromiumPath}: apt-get install chromium`
    : !existsSync(built)
      ? 'the pages are not built: npm run build'
      : false
  if (reason && process.env.CI === 'true') throw new Error(reason)
  return reason
}

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-default-apps',
      '--disable-sync',
      '--no-first-run',
    ],
  })

/** A fresh browser profile whose every page is watched: see `watched.complaints`. */
export const openContext = async (browser: Browser, origin: string, options: BrowserContextOptions = {}) => {
  const context = await browser.newContext({ baseURL: origin, locale: 'en-GB', timezoneId: 'UTC', ...options })
  return { context, watched: watch(context, origin) }
}

/**
 * Gathers what must never happen on a page of ours: script errors, violations of the policy, requests to another host,
 * dialogs (the mark of an injected script).
 */
const watch = (context: BrowserContext, origin: string) => {
  const complaints: string[] = []
  context.on('request', request => {
    const url = new URL(request.url())
    if (url.origin !== origin && url.protocol !== 'data:' && url.protocol !== 'blob:')
      complaints.push(`request to ${url.origin}`)
  })
  context.on('page', page => {
    page.on('pageerror', error => complaints.push(`script error: ${error.message}`))
    page.on('console', message => {
      if (/Content Security Policy|Content-Security-Policy/i.test(message.text())) complaints.push(message.text())
    })
    page.on('dialog', dialog => {
      // Our own question before work is left behind: yes, leave.
      if (dialog.type() === 'beforeunload') return void dialog.accept()
      complaints.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
  })
  return { complaints }
}

/** No horizontal scrolling at the page's present width. */
export const assertFits = async (page: Page, what: string): Promise<void> => {
  const root = page.locator('html')
  const content = await root.evaluate(({ scrollWidth }) => scrollWidth)
  const window = await root.evaluate(({ clientWidth }) => clientWidth)
  const wide = await root.evaluate((element, width) => {
    const all = [...element.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right > width + 1)
    return all.slice(-3).map(one => `${one.tagName} ${one.textContent?.slice(0, 80)}`)
  }, window)
  assert.ok(content <= window, `${what} is ${content} px wide in a window of ${window} px: ${wide.join(' | ')}`)
}

const assertAxeClean = async (page: Page, what: string): Promise<void> => {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    // In one call rather than by way of a second page, which frames would need and which takes as long again: there are none.
    .setLegacyMode()
    .analyze()
  assert.deepEqual(
    violations.map(
      ({ id, nodes }) =>
        `${what}: ${id} at ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary})`).join(', ')}`,
    ),
    [],
  )
}

/**
 * Looks at a page as people will: in both colour schemes, wide and at 360 px. Axe finds nothing in any of the four, nothing
 * scrolls sideways, and a picture of each is kept in `artifacts/screenshots/`.
 */
export const inspectPage = async (page: Page, name: string): Promise<void> => {
  mkdirSync(shots, { recursive: true })
  const before = page.viewportSize()
  for (const [size, viewport] of [
    ['wide', { width: 1280, height: 800 }],
    ['phone', { width: 360, height: 740 }],
  ] as const) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor()
      await page.screenshot({ path: `${shots}${name}-${size}-${colorScheme}.png`, fullPage: true })
      await assertAxeClean(page, `${name}, ${size}, ${colorScheme}`)
      await assertFits(page, `${name}, ${size}`)
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  if (before) await page.setViewportSize(before)
}
