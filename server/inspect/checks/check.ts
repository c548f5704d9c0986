import type { DocumentType, Report } from '../finding.ts'
import type { Package, Part } from '../opc/package.ts'
import type { XmlVisitor } from '../xml/visitor.ts'

/** The document under inspection: its parts, and the type that its name claims. */
export type Document = Package & { type: DocumentType }

/**
 * One thing to look for. A check holds no state of its own: `xml` makes what it needs anew for every part.
 * To add one, write it in a file here, give it a line in `checks.ts` and a row in `policy.ts`.
 */
export type Check = {
  /** Judges the list of parts and relationships, before any other part is read. */
  document?(document: Document, report: Report): void
  /** What it wants to see of an XML part while that is read. */
  xml?(part: Part, document: Document, report: Report): XmlVisitor | undefined
}
