import type { DocumentType, Report } from '../finding.ts'
import type { Package, Part } from '../opc/package.ts'
import type { XmlVisitor } from '../xml/visitor.ts'

/**
 * The document under inspection: its parts, and the type that its name claims; null for a document inside another,
 * whose name is not to be had.
 */
export type Document = Package & { type: DocumentType | null; inner: Inner }

/** How embedded files are examined. They are held in memory, so the deeper, the smaller they may be. */
export type Inner = {
  maxBytes: number
  /** Examines an embedded document as a file of its own; what is found stands at `path > …`. */
  examine(bytes: Buffer, path: string): Promise<void>
}

/** Takes a part's bytes; the chunks are only valid during the call. */
export type ByteVisitor = { write(chunk: Uint8Array): void; end(): void | Promise<void> }

/** What a check wants to see while the parts are read, each once and in the order of the file. */
export type Watch = {
  xml?(part: Part): XmlVisitor | undefined
  bytes?(part: Part): ByteVisitor | undefined
  /** All parts were read. */
  end?(): void
}

/**
 * One thing to look for. Called once for a document, when its parts and relationships are known; what only shows in the
 * contents it watches for. To add one, write it in a file here and give it a line in `checks.ts` and a row in `rows.ts`.
 */
export type Check = (document: Document, report: Report) => Watch | undefined
