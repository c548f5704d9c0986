import type { Problem } from '../../contract/errors.ts'
import { escapeHtml } from '../html.ts'

/** A problem for a person in a browser: without script or style, so that the strictest policy shows it. */
export const problemPage = ({ title, detail, status }: Problem): string => page(title, detail ?? adviceFor(status))

const adviceFor = (status: number): string =>
  status === 404
    ? 'The address is wrong or out of date, or what was there is not shared with you any more.'
    : 'Try again, or go back to where you came from.'

const page = (title: string, text: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
<p><a href="/">To the start</a></p>
</html>
`
