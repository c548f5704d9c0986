import type { Report } from '../finding.ts'
import type { RowName } from '../rows.ts'
import { type Target, targetOf } from '../target.ts'

/** What a target is used for, which decides what it may be. */
export type Use = 'code' | 'template' | 'workbook' | 'image' | 'media' | 'hyperlink' | 'mergeSource'

type Rows = Record<'web' | 'unc' | 'near' | 'scheme', RowName>

const ROWS: Record<Exclude<Use, 'hyperlink'>, Rows> = {
  code: { web: 'external_code', unc: 'external_code', scheme: 'external_code', near: 'external_code/local' },
  template: { web: 'external_code', unc: 'external_code', scheme: 'external_code', near: 'external_template' },
  mergeSource: { web: 'external_code', unc: 'external_code', scheme: 'external_code', near: 'external_code/local' },
  workbook: {
    web: 'external_workbook',
    unc: 'external_workbook',
    scheme: 'external_workbook',
    near: 'external_workbook/local',
  },
  image: {
    web: 'external_image',
    unc: 'external_image/unc',
    scheme: 'external_image/unc',
    near: 'external_image/local',
  },
  media: {
    web: 'external_media',
    unc: 'external_media/unc',
    scheme: 'external_media/unc',
    near: 'external_media/local',
  },
}

/** Schemes that hand text to a program or carry a page of their own. Every `ms-…` scheme starts a program, too. */
const DANGEROUS = new Set(['vbscript', 'data', 'mhtml', 'search-ms', 'search'])
/** How Office links to a document for reading on its own server: `ms-word:ofe|u|https://…`. */
const OFFICE_LINK = /^ms-[a-z]+:of[ev]\|u\|https?:/i

const hyperlinkRow = (target: Target, text: string): RowName => {
  switch (target.leads) {
    case 'web':
    case 'mail':
    case 'relative':
      return 'hyperlink'
    case 'scheme':
      if (OFFICE_LINK.test(text.trim())) return 'hyperlink'
      return DANGEROUS.has(target.scheme) || target.scheme.startsWith('ms-')
        ? 'hyperlink_unsafe/program'
        : 'hyperlink_unsafe'
    default:
      return 'hyperlink_unsafe'
  }
}

const groupOf = ({ leads }: Target): keyof Rows => {
  if (leads === 'local' || leads === 'relative') return 'near'
  return leads === 'mail' ? 'scheme' : leads
}

/** Reports what a target in the document means for its reader. Links are counted for the document as a whole. */
export const judgeTarget = (use: Use, text: string, where: string, report: Report): void => {
  const target = targetOf(text)
  const row = use === 'hyperlink' ? hyperlinkRow(target, text) : ROWS[use][groupOf(target)]
  report(row, row === 'hyperlink' ? '' : where)
}

/** Whether a target leads to another machine or to a program. */
export const isRemote = (text: string): boolean => {
  const { leads } = targetOf(text)
  return leads === 'web' || leads === 'unc' || leads === 'scheme'
}
