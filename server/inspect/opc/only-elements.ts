import { Refusal } from '../finding.ts'
import type { XmlTag, XmlVisitor } from '../xml/visitor.ts'

/**
 * A visitor of one of OPC's own parts, which hold nothing but OPC's elements, inside `root` (ISO/IEC 29500-2, 6.5.2 and 7.2.3). What
 * stands in alternatives or in another namespace one program heeds and the next does not: `xml_unsafe`.
 */
export const onlyElements = (
  namespace: string,
  where: string,
  root: string,
  elements: Record<string, (tag: XmlTag) => void>,
): XmlVisitor => {
  const refuse = (): never => {
    throw new Refusal('xml_unsafe', where)
  }
  const own = Object.entries({ [root]: () => {}, ...elements }).map(
    ([local, take]): [string, (tag: XmlTag) => void] => [local, tag => (tag.uri === namespace ? take(tag) : refuse())],
  )
  return { open: { ...Object.fromEntries(own), '*': refuse } }
}
