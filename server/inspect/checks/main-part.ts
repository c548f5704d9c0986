import type { DocumentType } from '../finding.ts'
import type { Check } from './check.ts'

const OFFICE = 'application/vnd.openxmlformats-officedocument'

/** The one content type of each document's main part, the same in transitional and strict OOXML, and its root element. */
const MAIN: Record<DocumentType, { contentType: string; root: string }> = {
  docx: { contentType: `${OFFICE}.wordprocessingml.document.main+xml`, root: 'document' },
  xlsx: { contentType: `${OFFICE}.spreadsheetml.sheet.main+xml`, root: 'workbook' },
  pptx: { contentType: `${OFFICE}.presentationml.presentation.main+xml`, root: 'presentation' },
}

const isTemplate = (contentType: string): boolean => /\.(template|slideshow|addin)\.main\+xml$/.test(contentType)

/** The document is what its name says: by the content type of its only main part, and by that part's root element. */
export const mainPart: Check = ({ main, type }, report) => {
  if (main === undefined) {
    report('type_mismatch', '')
    return undefined
  }
  if (type === null) return undefined
  const { contentType, root } = MAIN[type]
  if (main.contentType !== contentType) {
    report(isTemplate(main.contentType) ? 'type_mismatch/template' : 'type_mismatch', main.path)
    return undefined
  }
  return {
    xml: part => {
      if (part !== main) return undefined
      return {
        root: ({ local }) => {
          if (local !== root) report('type_mismatch', part.path)
        },
      }
    },
  }
}
