import type { Verdict } from '../../server/inspect/finding.ts'
import { inspect } from '../../server/inspect/inspect.ts'
import { bufferSource } from '../../server/inspect/source.ts'
import { makeOffice, type OfficeOptions, officeEntries } from '../office.ts'
import { makeZip, type ZipEntry, type ZipOptions } from '../zip.ts'

/** Judges a file by this name; a failure inside the inspection is thrown, not taken for a refusal. */
export const judgeFile = (name: string, bytes: Buffer): Promise<Verdict> =>
  inspect({
    name,
    source: bufferSource(bytes),
    failed: error => {
      throw error
    },
  })

/** The codes of what refuses the file; empty if nothing does. */
export const refusals = async (name: string, bytes: Buffer): Promise<string[]> => {
  const { findings } = await judgeFile(name, bytes)
  return [...new Set(findings.filter(({ severity }) => severity === 'block').map(({ code }) => code))]
}

export const officeRefusals = (options: OfficeOptions): Promise<string[]> =>
  refusals(`a.${options.type}`, makeOffice(options))

/** The entries of an honest Word document, and with them whatever `change` makes of them. */
export const wordRefusals = (
  change: (entries: ZipEntry[]) => ZipEntry[],
  options?: ZipOptions | ((bytes: Buffer) => Buffer),
): Promise<string[]> => {
  const entries = change(officeEntries({ type: 'docx' }))
  const bytes = typeof options === 'function' ? options(makeZip(entries)) : makeZip(entries, options)
  return refusals('a.docx', bytes)
}

/** The same document with one part's text written otherwise. */
export const rewritten =
  (path: string, change: (text: string) => string | Buffer) =>
  (entries: ZipEntry[]): ZipEntry[] =>
    entries.map(entry => (entry.name === path ? { ...entry, data: change(String(entry.data)) } : entry))

/** The same document with one more entry, last in the archive. */
export const withMedia =
  (entry: Partial<ZipEntry> & { data: Buffer | string }) =>
  (entries: ZipEntry[]): ZipEntry[] => [...entries, { name: 'word/media/a.png', ...entry }]
