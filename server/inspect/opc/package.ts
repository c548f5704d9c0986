import { Refusal } from '../finding.ts'
import { MAX_XML, type XmlReader } from '../xml/parse.ts'
import type { XmlVisitor } from '../xml/visitor.ts'
import type { Archive } from '../zip/archive.ts'
import type { Entry } from '../zip/directory.ts'
import { nameKey } from '../zip/entry-name.ts'
import { CONTENT_TYPES, createContentTypes } from './content-types.ts'
import { resolveTarget, sourceOfRelationships } from './part-name.ts'
import { createRelationships, type RawRelationship } from './relationships.ts'

export type Part = {
  path: string
  /** Lower case, no parameters; `''` if none is declared. */
  contentType: string
  size: number
  entry: Entry
  /** Whether relationships lead to it from the package. */
  reachable: boolean
}

export type Relationship = RawRelationship & {
  /** The part it leads to; undefined if it is external, or leads nowhere. */
  part: Part | undefined
}

/** A document as OPC sees it (ISO/IEC 29500-2). */
export type Package = {
  parts: Part[]
  relationships: Relationship[]
  /** The target of the package's only officeDocument relationship. */
  main: Part | undefined
}

/** By its last word, whatever family it claims to be of: some programs look no further, and one main part is enough. */
const MAIN = /(?:^|\/)officeDocument$/i

const readXml = async (archive: Archive, xml: XmlReader, entry: Entry, visitor: XmlVisitor): Promise<void> => {
  if (entry.size > MAX_XML) throw new Refusal('zip_bomb', entry.path)
  const parser = xml.begin(entry.path, [visitor])
  await archive.read(entry, chunk => parser.write(chunk))
  parser.end()
}

const markReachable = (relationships: Relationship[], parts: Map<string, Part>): void => {
  const targets = new Map<string, Set<Part>>()
  for (const { from, part } of relationships) {
    if (part === undefined) continue
    const key = nameKey(from)
    const known = targets.get(key) ?? new Set()
    targets.set(key, known.add(part))
  }
  const open = [...(targets.get('') ?? [])]
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (part.reachable) continue
    part.reachable = true
    open.push(...(targets.get(part.entry.key) ?? []))
  }
  // What OPC itself consists of is found by its name.
  for (const [key, part] of parts) {
    const source = sourceOfRelationships(part.path)
    if (source === '' || key === nameKey(CONTENT_TYPES)) part.reachable = true
    else if (source !== undefined) part.reachable = parts.get(nameKey(source))?.reachable === true
  }
}

/**
 * Reads the content types and all relationships of a document, and finds its main part. Refuses archives that are no
 * OPC package (`type_mismatch`) and unsafe or malformed XML in these parts, without which nothing else can be judged.
 */
export const readPackage = async (archive: Archive, xml: XmlReader): Promise<Package> => {
  const files = archive.entries.filter(({ isDirectory }) => !isDirectory)
  const types = createContentTypes()
  const typesEntry = files.find(({ key }) => key === nameKey(CONTENT_TYPES))
  if (typesEntry === undefined) throw new Refusal('type_mismatch')
  await readXml(archive, xml, typesEntry, types.visitor)

  const collected = createRelationships()
  for (const entry of files) {
    const from = sourceOfRelationships(entry.path)
    if (from !== undefined) await readXml(archive, xml, entry, collected.visitor(from, entry.path))
  }

  const parts = files.map(
    (entry): Part => ({
      path: entry.path,
      contentType: types.typeOf(entry.path),
      size: entry.size,
      entry,
      reachable: false,
    }),
  )
  const byKey = new Map(parts.map(part => [part.entry.key, part]))
  const relationships = collected.all.map((raw): Relationship => {
    const key = raw.external ? undefined : resolveTarget(raw.from, raw.target)
    return { ...raw, part: key === undefined ? undefined : byKey.get(key) }
  })
  markReachable(relationships, byKey)
  const [main, ...others] = relationships.filter(({ from, type }) => from === '' && MAIN.test(type))
  const isMain = main?.kind === 'officeDocument' && others.length === 0
  return { parts, relationships, main: isMain ? main.part : undefined }
}
