import type { Check } from './check.ts'
import { judgeTarget, type Use } from './judge-target.ts'

/** What each kind of relationship may lead to outside the package. Every other kind counts as code. */
const USES: Readonly<Record<string, Use>> = {
  hyperlink: 'hyperlink',
  image: 'image',
  audio: 'media',
  video: 'media',
  media: 'media',
  attachedTemplate: 'template',
  mailMergeSource: 'mergeSource',
  mailMergeHeaderSource: 'mergeSource',
  externalLinkPath: 'workbook',
  'xlExternalLinkPath/xlPathMissing': 'workbook',
  'xlExternalLinkPath/xlAlternateStartup': 'workbook',
  'xlExternalLinkPath/xlLibrary': 'workbook',
  'xlExternalLinkPath/xlStartup': 'workbook',
}

/** What lies outside the package and is fetched, opened or offered when the document is. */
export const external: Check = ({ relationships }, report) => {
  for (const { kind, target, external, from } of relationships)
    if (external) judgeTarget(Object.hasOwn(USES, kind) ? (USES[kind] ?? 'code') : 'code', target, from, report)
  return undefined
}
