import type { SaxesAttributeNS, SaxesTagNS } from 'saxes'
import type { XmlAttribute, XmlName, XmlTag } from './visitor.ts'

const XMLNS_URI = 'http://www.w3.org/2000/xmlns/'

/** A string that stands for itself: cut out of a chunk, as the parser's are, it would keep all of the chunk in memory. */
const copied = (text: string): string => Buffer.from(text).toString()

const attributeOf = ({ uri, local, value }: SaxesAttributeNS): XmlAttribute => ({ uri, local, value: copied(value) })

/**
 * What a visitor sees of a tag. Declarations of namespaces are among its attributes, but not found without theirs.
 * `ambiguous` is called when an attribute is asked for of which there are two, and does not return.
 */
export const tagView = (
  { uri, local, attributes }: SaxesTagNS,
  within: readonly XmlName[],
  ambiguous: () => never,
): XmlTag => {
  const own = (): SaxesAttributeNS[] => Object.values(attributes)
  return {
    uri,
    local,
    attribute: (name, namespace) => {
      const [found, ...more] = own().filter(
        each => each.local === name && (namespace === undefined ? each.uri !== XMLNS_URI : each.uri === namespace),
      )
      if (more.length > 0) ambiguous()
      return found && attributeOf(found).value
    },
    attributes: () => own().map(attributeOf),
    within: () => within,
  }
}
