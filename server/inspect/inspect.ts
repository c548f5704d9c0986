import { isOle } from './cfb.ts'
import type { Document, Inner } from './checks/check.ts'
import { checks } from './checks.ts'
import { collectFindings, type DocumentType, Refusal, type Report, type Verdict } from './finding.ts'
import { documentTypeOf } from './name.ts'
import { judgeOle } from './ole.ts'
import { readPackage } from './opc/package.ts'
import type { InspectPolicy } from './policy.ts'
import { readPart } from './read-part.ts'
import { bufferSource, type Source, SourceFailure, withReadAhead } from './source.ts'
import { createXmlReader } from './xml/parse.ts'
import { openArchive } from './zip/archive.ts'

const HEAD = 8

const isZip = (head: Uint8Array): boolean => Buffer.compare(head.subarray(0, 4), Buffer.from('PK\x03\x04')) === 0

/** How large a file embedded in the document itself may be; one within that a quarter, and so on. */
const MAX_INNER = 64 * 1024 * 1024
const MAX_DEPTH = 3

/** Reads every byte of the file once (what names and relates the parts: twice) and reports what it finds. */
const examine = async (type: DocumentType | null, source: Source, report: Report, depth = 0): Promise<void> => {
  const head = await source.read(0, Math.min(HEAD, source.size))
  if (isOle(head)) throw await judgeOle(source)
  if (!isZip(head)) throw new Refusal('zip_structure/not_office')
  const archive = await openArchive(source, report)
  const xml = createXmlReader()
  const inner: Inner = {
    maxBytes: depth < MAX_DEPTH ? MAX_INNER / 4 ** depth : 0,
    examine: (bytes, path) => examineInner(bytes, path, report, depth + 1),
  }
  const document: Document = { ...(await readPackage(archive, xml)), type, inner }
  const watches = checks.flatMap(check => check(document, report) ?? [])
  const parts = new Map(document.parts.map(part => [part.entry, part]))
  for (const entry of archive.entries) {
    const part = parts.get(entry)
    if (part === undefined) await archive.read(entry, () => {})
    else await readPart({ archive, xml, watches, report }, part)
  }
  for (const watch of watches) watch.end?.()
}

/** A refusal of an embedded document is one of its findings; the document around it is read on. */
const examineInner = async (bytes: Buffer, path: string, report: Report, depth: number): Promise<void> => {
  const placed: Report = (row, where, count) => report(row, where === '' ? path : `${path} > ${where}`, count)
  try {
    await examine(null, bufferSource(bytes), placed, depth)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    placed(error.row, error.where)
  }
}

/**
 * Judges one file by its name and all of its bytes. Fails closed: whatever goes wrong inside is a refusal with
 * `inspection_failed` (`failed` is told why, for the log). Only when `source` cannot be read does it reject, with a
 * `SourceFailure`, because then nothing is known about the file.
 */
export const inspect = async ({
  name,
  source,
  policy = {},
  failed,
}: {
  name: string
  source: Source
  policy?: InspectPolicy
  failed?: (error: unknown) => void
}): Promise<Verdict> => {
  const { report, findings } = collectFindings(policy)
  const type = documentTypeOf(name)
  if (type === null) report('type_not_allowed', '')
  else
    try {
      await examine(type, withReadAhead(source), report)
    } catch (error) {
      if (error instanceof SourceFailure) throw error
      if (error instanceof Refusal) report(error.row, error.where)
      else {
        failed?.(error)
        report('inspection_failed', '')
      }
    }
  const found = findings()
  const refused = found.some(({ severity }) => severity === 'block')
  return { verdict: refused ? 'refuse' : 'accept', type, findings: found }
}
