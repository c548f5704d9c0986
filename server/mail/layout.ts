import { escapeHtml } from '../html.ts'
import type { Message } from './deliver.ts'

/** A paragraph; a link that stands for itself (`label` says what it does); a list; what somebody wrote. */
export type Part = string | { label: string; href: string } | { list: readonly string[] } | { quote: string }

type Mail = { subject: string; language: string; parts: readonly Part[] }

/** Text and HTML from the same parts, so that they cannot say different things. Nothing in either loads from anywhere. */
export const layout = ({ subject, language, parts }: Mail): Message => ({
  subject,
  text: `${parts.map(asText).join('\n\n')}\n`,
  html: [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    `<title>${escapeHtml(subject)}</title></head>`,
    '<body style="font-family:sans-serif;line-height:1.5;max-width:36em;margin:2em auto;padding:0 1em">',
    ...parts.map(asHtml),
    '</body></html>',
    '',
  ].join('\n'),
})

const asText = (part: Part): string => {
  if (typeof part === 'string') return part
  if ('list' in part) return part.list.map(item => `- ${item}`).join('\n')
  if ('quote' in part) return part.quote.replaceAll(/^/gm, '> ')
  return `${part.label}:\n${part.href}`
}

const asHtml = (part: Part): string => {
  if (typeof part === 'string') return `<p>${escapeHtml(part)}</p>`
  if ('list' in part) return `<ul>${part.list.map(item => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`
  if ('quote' in part) return `<blockquote style="white-space:pre-wrap">${escapeHtml(part.quote)}</blockquote>`
  const href = escapeHtml(part.href)
  return `<p><a href="${href}">${escapeHtml(part.label)}</a><br><small>${href}</small></p>`
}
