import { errorsInGerman } from '../../contract/errors.de.ts'
import type { ErrorCode } from '../../contract/errors.ts'
import { escapeHtml } from '../html.ts'
import type { Language } from '../language.ts'

type Told = { code: ErrorCode; title: string; status: number; detail?: string }

/** A problem for a person in a browser: without script or style, so that the strictest policy shows it. */
export const problemPage = (problem: Told, language: Language): string => {
  const { title, advice, own, start } = language === 'de' ? inGerman(problem) : inEnglish(problem)
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<h1>${escapeHtml(title)}</h1>
${paragraph(advice)}${paragraph(own, ' lang="en"')}<p><a href="/">${escapeHtml(start)}</a></p>
</html>
`
}

const paragraph = (text: string | undefined, attributes = ''): string =>
  text === undefined ? '' : `<p${attributes}>${escapeHtml(text)}</p>\n`

/** `own`: what the server says of this one case in English, beside advice in the reader's language. */
type Page = { title: string; advice: string | undefined; own?: string | undefined; start: string }

const inEnglish = ({ title, detail, status }: Told): Page => ({
  title,
  advice:
    detail ??
    (status === 404
      ? 'The address is wrong or out of date, or what was there is not shared with you any more.'
      : 'Try again, or go back to where you came from.'),
  start: 'To the start',
})

const inGerman = ({ code, detail }: Told): Page => ({
  title: errorsInGerman[code].title,
  advice:
    errorsInGerman[code].detail ??
    (detail === undefined
      ? 'Versuchen Sie es noch einmal, oder gehen Sie dorthin zurück, woher Sie kamen.'
      : undefined),
  own: detail,
  start: 'Zur Startseite',
})
