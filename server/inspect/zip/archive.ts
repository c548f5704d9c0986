import { Refusal, type Report } from '../finding.ts'
import type { Source } from '../source.ts'
import { type Entry, readDirectory } from './directory.ts'
import { findDirectory } from './end.ts'
import { readEntry, type Sink } from './inflate.ts'
import { checkEnd, locate } from './local.ts'

const MIB = 1024 ** 2
const MAX_INFLATED = 4096 * MIB
const MAX_RATIO = 200
const RATIO_FROM = 64 * MIB

export type Archive = {
  /** In the order in which they lie in the file, directories' names included. */
  entries: Entry[]
  /**
   * Holds one entry's local header, data and what follows them against the directory, and inflates it into `sink`.
   * Only when every entry was read is the archive known to be sound.
   */
  read(entry: Entry, sink: Sink): Promise<void>
}

/** `readEntry` holds the data to the stated sizes, so judging their sum first is safe and saves inflating a bomb. */
const refuseBomb = (entries: Entry[], fileSize: number): void => {
  const inflated = entries.reduce((sum, entry) => sum + entry.size, 0)
  if (inflated > Math.max(MAX_INFLATED, 2 * fileSize)) throw new Refusal('zip_bomb')
  if (inflated > RATIO_FROM && inflated > MAX_RATIO * fileSize) throw new Refusal('zip_bomb')
}

/**
 * Opens a ZIP archive strictly: every byte of the file belongs to exactly one entry, the directory or the end, and the
 * local headers say what the directory says. Throws a `Refusal` naming the row that is broken.
 */
export const openArchive = async (source: Source, report: Report): Promise<Archive> => {
  const directory = await findDirectory(source, report)
  const entries = await readDirectory(source, directory, report)
  refuseBomb(entries, source.size)
  if (entries[0]?.offset !== 0) throw new Refusal('zip_structure')
  const nextOf = new Map(entries.map((entry, index) => [entry, entries[index + 1]?.offset ?? directory.offset]))
  return {
    entries,
    read: async (entry, sink) => {
      const next = nextOf.get(entry)
      if (next === undefined) throw new TypeError('an entry of another archive')
      const located = await locate(source, entry, report)
      await checkEnd(source, located, next)
      await readEntry(source, located, sink)
    },
  }
}
