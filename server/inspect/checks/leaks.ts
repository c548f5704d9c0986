import type { XmlTag } from '../xml/visitor.ts'
import type { Check } from './check.ts'

const isWord = ({ uri }: XmlTag): boolean => uri.includes('wordprocessingml')
const isSheet = ({ uri }: XmlTag): boolean => uri.includes('spreadsheetml')
const isSlide = ({ uri }: XmlTag): boolean => uri.includes('presentationml')

const isOn = (value: string | undefined): boolean => value === '1' || value === 'true' || value === 'on'

/** What the recipient will see, or can make visible, that the author may have forgotten. Counted, never quoted. */
export const leaks: Check = ({ parts }, report) => {
  for (const { contentType } of parts)
    if (/presentationml\.notesslide\+xml$/.test(contentType)) report('leak_notes', '')
  return {
    xml: ({ path }) => {
      const change = (tag: XmlTag): void => {
        if (isWord(tag)) report('leak_changes', path)
      }
      const person = (text: string): void => {
        if (text.trim() !== '') report('leak_author', '')
      }
      return {
        open: {
          ins: change,
          del: change,
          moveFrom: change,
          moveTo: change,
          rPrChange: change,
          pPrChange: change,
          revisions: tag => {
            if (isSheet(tag)) report('leak_changes', path)
          },
          comment: tag => {
            if (isWord(tag) || isSheet(tag)) report('leak_comments', path)
          },
          cm: tag => {
            if (isSlide(tag) || tag.uri.includes('powerpoint')) report('leak_comments', path)
          },
          sheet: tag => {
            if (/hidden$/i.test(tag.attribute('state', '') ?? '')) report('leak_hidden/sheets', path)
          },
          sld: tag => {
            const show = tag.attribute('show', '')
            if (isSlide(tag) && show !== undefined && !isOn(show)) report('leak_hidden/slides', path)
          },
          vanish: tag => {
            if (isWord(tag) && path.endsWith('document.xml')) report('leak_hidden/text', path)
          },
        },
        attribute: {
          hidden: (value, _attribute, tag) => {
            if (isSheet(tag) && isOn(value) && (tag.local === 'row' || tag.local === 'col'))
              report('leak_hidden/rows', path)
          },
        },
        text: { creator: person, lastModifiedBy: person, Company: person, Manager: person },
      }
    },
  }
}
