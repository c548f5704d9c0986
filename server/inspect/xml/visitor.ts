/** An element's start tag while a visitor is called with it; take what is needed then, it does not last. */
export type XmlTag = {
  /** The namespace, `''` for none. */
  uri: string
  local: string
  /**
   * The value of the attribute with this local name: in that namespace (`''` for none), or in any if none is given. Two of
   * one name, told apart by namespaces only, are then refused: `xml_unsafe`. Programs pick one by rules of their own.
   */
  attribute(local: string, uri?: string): string | undefined
  attributes(): XmlAttribute[]
  /** The elements it is in, and itself as the last; like the tag, not for longer than the call. */
  within(): readonly XmlName[]
}

export type XmlName = { uri: string; local: string }

export type XmlAttribute = { uri: string; local: string; value: string }

/**
 * What a check wants to see of an XML part, by local name, whatever the namespace: both families of OOXML and
 * extensions use the same local names.
 */
export type XmlVisitor = {
  /** Under `*`: elements that nobody asks for by name. */
  open?: Record<string, (tag: XmlTag) => void>
  close?: Record<string, (element: XmlName) => void>
  /** The element's own text (not that of elements inside it), joined, when it ends. */
  text?: Record<string, (text: string, element: XmlName) => void>
  /** An attribute of any element, before the element's `open`. */
  attribute?: Record<string, (value: string, attribute: XmlAttribute, tag: XmlTag) => void>
  /** The root element, whatever its name. */
  root?: (tag: XmlTag) => void
  /** The document ended as it should. */
  end?: () => void
}
