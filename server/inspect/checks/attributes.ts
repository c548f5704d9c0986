import { targetOf } from '../target.ts'
import type { XmlVisitor } from '../xml/visitor.ts'
import type { Check } from './check.ts'
import { judgeTarget, type Use } from './judge-target.ts'

const VML = 'urn:schemas-microsoft-com:vml'
const VML_OFFICE = 'urn:schemas-microsoft-com:office:office'
const SVG = 'http://www.w3.org/2000/svg'

/** Attributes that hold a target themselves instead of naming a relationship: in VML, SVG and HTML-like text. */
export const attributes: Check = (_document, report) => ({
  xml: ({ path }): XmlVisitor => {
    const judge = (use: Use, target: string): void => {
      const { leads } = targetOf(target)
      // Beside the document there is nothing; `#name` and names of parts are no targets outside it.
      if (leads === 'relative' || (use === 'image' && /^\s*data:image\//i.test(target))) return
      judgeTarget(use, target, path, report)
    }
    return {
      attribute: {
        src: value => judge('image', value),
        href: (value, { uri }, tag) => {
          if (uri === VML_OFFICE) judge('image', value)
          else if (tag.uri === VML || tag.local === 'a') judge('hyperlink', value)
          else if (tag.uri === SVG) judge('image', value)
        },
      },
      text: { HyperlinkBase: text => judge('hyperlink', text) },
    }
  },
})
