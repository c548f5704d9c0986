import { cannotBrowse, launch } from '../test/web/browser.ts'

/**
 * Milliseconds until the client door first shows something, by the browser's own account, on loads with an empty cache; or why
 * that cannot be measured here. Chromium itself is warm: one load is thrown away.
 */
export const firstContents = async (url: string, loads: number): Promise<number[] | string> => {
  const reason = cannotBrowse()
  if (reason) return reason
  const browser = await launch()
  try {
    const times: number[] = []
    for (let load = 0; load <= loads; load++) {
      const context = await browser.newContext({ locale: load % 2 ? 'en-GB' : 'de-DE' })
      const page = await context.newPage()
      await page.goto(`${url}/sign-in`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      const painted = await page.waitForFunction(
        () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      )
      const time = await painted.jsonValue()
      if (load > 0 && time !== undefined) times.push(time)
      await context.close()
    }
    return times
  } finally {
    await browser.close()
  }
}
