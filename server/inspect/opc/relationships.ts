import { Refusal } from '../finding.ts'
import type { XmlVisitor } from '../xml/visitor.ts'
import { onlyElements } from './only-elements.ts'
import { isAbsoluteUri } from './part-name.ts'

const NAMESPACE = 'http://schemas.openxmlformats.org/package/2006/relationships'
/** More than any document has (Excel allows 65,530 hyperlinks a sheet), and what fits into the worker's memory. */
const MAX_RELATIONSHIPS = 250_000
const MAX_CHARACTERS = 64 * 1024 * 1024

/** Where the two families of OOXML, transitional and strict, OPC itself, and Office's later additions define their types. */
const KNOWN =
  /^http:\/\/(?:schemas\.openxmlformats\.org\/(?:officeDocument|package)\/2006|purl\.oclc\.org\/ooxml\/officeDocument|schemas\.microsoft\.com\/office\/\d{4}(?:\/\d\d)?)\/relationships\/(.+)$/

export type RawRelationship = {
  /** The part it starts from, `''` for the package. */
  from: string
  /** The part in which it is written. */
  where: string
  id: string
  /** The type's URI as written, and its short name if it belongs to a known family (`image`), else the URI again. */
  type: string
  kind: string
  target: string
  /** Says so, or leads out of the package all the same. */
  external: boolean
}

const kindOf = (type: string): string => KNOWN.exec(type)?.[1] ?? type

/** Collects the relationships of all parts of one document, and counts them. */
export const createRelationships = (): {
  all: RawRelationship[]
  visitor(from: string, where: string): XmlVisitor
} => {
  const all: RawRelationship[] = []
  const types = new Map<string, { type: string; kind: string }>()
  let characters = 0
  const intern = (type: string): { type: string; kind: string } => {
    const known = types.get(type)
    if (known !== undefined) return known
    const made = { type, kind: kindOf(type) }
    types.set(type, made)
    return made
  }
  return {
    all,
    visitor: (from, where) => {
      const ids = new Set<string>()
      return onlyElements(NAMESPACE, where, 'Relationships', {
        Relationship: tag => {
          const target = tag.attribute('Target', '') ?? ''
          const mode = tag.attribute('TargetMode', '') ?? 'Internal'
          const id = tag.attribute('Id', '') ?? ''
          const type = (tag.attribute('Type', '') ?? '').trim()
          // Which of two a program takes that looks for one is its own affair.
          if (id !== '' && ids.has(id)) throw new Refusal('xml_malformed', where)
          ids.add(id)
          characters += target.length + id.length + type.length
          if (all.length >= MAX_RELATIONSHIPS || characters > MAX_CHARACTERS) throw new Refusal('zip_bomb', where)
          all.push({ from, where, id, ...intern(type), target, external: mode !== 'Internal' || isAbsoluteUri(target) })
        },
      })
    },
  }
}
