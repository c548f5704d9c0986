import { escapeHtml } from '../html.ts'
import type { Message } from './deliver.ts'

/** A paragraph, or a link that stands for itself: `label` says what it does. */
export type Part = string | { label: string; href: string }

/** Text and HTML from the same parts, so that they cannot say different things. Nothing in either loads from anywhere. */
export const layout = (subject: string, parts: readonly Part[]): Message => ({
  subject,
  text: `${parts.map(part => (typeof part === 'string' ? part : `${part.label}:\n${part.href}`)).join('\n\n')}\n`,
  html: [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<title>${escapeHtml(subject)}</title></head>`,
    '<body style="font-family:sans-serif;line-height:1.5;max-width:36em;margin:2em auto;padding:0 1em">',
    ...parts.map(part =>
      typeof part === 'string'
        ? `<p>${escapeHtml(part)}</p>`
        : `<p><a href="${escapeHtml(part.href)}">${escapeHtml(part.label)}</a><br><small>${escapeHtml(part.href)}</small></p>`,
    ),
    '</body></html>',
    '',
  ].join('\n'),
})
