import type { Check } from './check.ts'

/** VBA projects and their data, Excel 4 macro sheets, binary workbooks, and every type of a macro-enabled document. */
const CONTENT_TYPE = /macroenabled|vbaproject|vbadata|macrosheet|sheet\.binary/
/** The last part of a relationship type. */
const RELATIONSHIP = /\/(vbaProject(Signature\w*)?|wordVbaData|xl(Intl)?Macrosheet)$/i
/** Where Office puts them; a document that hides one under another type is not honest either. */
const PATH = /(^|\/)(vbaProject(Signature\w*)?\.bin|vbaData\.xml|macrosheets\/[^/]+)$/i

export const macros: Check = ({ parts, relationships }, report) => {
  for (const { path, contentType } of parts)
    if (CONTENT_TYPE.test(contentType) || PATH.test(path)) report('macros', path)
  for (const { type, where, part } of relationships) if (RELATIONSHIP.test(type)) report('macros', part?.path ?? where)
  return undefined
}
