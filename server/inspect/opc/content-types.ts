import { Refusal } from '../finding.ts'
import type { XmlTag, XmlVisitor } from '../xml/visitor.ts'
import { nameKey } from '../zip/entry-name.ts'
import { onlyElements } from './only-elements.ts'

export const CONTENT_TYPES = '[Content_Types].xml'
const NAMESPACE = 'http://schemas.openxmlformats.org/package/2006/content-types'
/** Absolute, with single slashes. What is written otherwise names the part for some programs only. */
const PART_NAME = /^(\/[^/\\]+)+$/

/** An honest part list names each part once at most. */
const MAX_TYPES = 20_000

export type ContentTypes = {
  visitor: XmlVisitor
  /** The content type of the part at `path`, in lower case and without parameters; `''` if it has none. */
  typeOf(path: string): string
}

const plainType = (tag: XmlTag): string => {
  const [type = ''] = (tag.attribute('ContentType', '') ?? '').split(';', 1)
  return type.trim().toLowerCase()
}

const extensionOf = (path: string): string => {
  const base = path.slice(path.lastIndexOf('/') + 1)
  return base.includes('.') ? nameKey(base.slice(base.lastIndexOf('.') + 1)) : ''
}

/**
 * Reads `[Content_Types].xml` (ISO/IEC 29500-2, 7.2.3): overrides by part name, then defaults by extension. Two
 * different types for one name mean that programs may disagree on what the part is: `type_mismatch`.
 */
export const createContentTypes = (): ContentTypes => {
  const overrides = new Map<string, string>()
  const defaults = new Map<string, string>()
  const add = (types: Map<string, string>, key: string, type: string): void => {
    const known = types.get(key)
    if (known !== undefined && known !== type) throw new Refusal('type_mismatch', CONTENT_TYPES)
    types.set(key, type)
    if (types.size > MAX_TYPES) throw new Refusal('zip_bomb', CONTENT_TYPES)
  }
  return {
    visitor: onlyElements(NAMESPACE, CONTENT_TYPES, 'Types', {
      Default: tag => add(defaults, nameKey(tag.attribute('Extension', '') ?? ''), plainType(tag)),
      Override: tag => {
        const name = tag.attribute('PartName', '') ?? ''
        if (!PART_NAME.test(name)) throw new Refusal('type_mismatch', CONTENT_TYPES)
        add(overrides, nameKey(name.slice(1)), plainType(tag))
      },
    }),
    typeOf: path => overrides.get(nameKey(path)) ?? defaults.get(extensionOf(path)) ?? '',
  }
}
