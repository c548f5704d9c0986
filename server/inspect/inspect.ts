import type { Document } from './checks/check.ts'
import { checks } from './checks.ts'
import { collectFindings, type DocumentType, Refusal, type Report, type Verdict } from './finding.ts'
import { documentTypeOf } from './name.ts'
import { isOle, judgeOle } from './ole.ts'
import { readPackage } from './opc/package.ts'
import type { InspectPolicy } from './policy.ts'
import { readPart } from './read-part.ts'
import { type Source, SourceFailure, withReadAhead } from './source.ts'
import { openArchive } from './zip/archive.ts'

const HEAD = 8

const isZip = (head: Uint8Array): boolean => Buffer.compare(head.subarray(0, 4), Buffer.from('PK\x03\x04')) === 0

/** Reads every byte of the file once (what names and relates the parts: twice) and reports what it finds. */
const examine = async (type: DocumentType, source: Source, report: Report): Promise<void> => {
  const head = await source.read(0, Math.min(HEAD, source.size))
  if (isOle(head)) throw await judgeOle(source)
  if (!isZip(head)) throw new Refusal('zip_structure/not_office')
  const archive = await openArchive(source, report)
  const document: Document = { ...(await readPackage(archive)), type }
  for (const check of checks) check.document?.(document, report)
  const parts = new Map(document.parts.map(part => [part.entry, part]))
  for (const entry of archive.entries) {
    const part = parts.get(entry)
    if (part === undefined) await archive.read(entry, () => {})
    else await readPart(archive, part, document, report)
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
