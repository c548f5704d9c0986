import { Refusal, type Report } from '../finding.ts'
import type { Source } from '../source.ts'
import { type Directory, END_MARK } from './end.ts'
import { canonicalPath, decodeName, nameKey } from './entry-name.ts'
import { resolve64, zip64Of } from './extra.ts'
import { fieldsOf, NONE32, SIGNATURE } from './fields.ts'

const MAX_ENTRIES = 10_000
/** An honest directory takes about 100 bytes an entry. */
const MAX_DIRECTORY = 8 * 1024 * 1024
const CENTRAL_LENGTH = 46
const STORED = 0
const DEFLATED = 8
/** Bit 0: encrypted; bit 6: strong encryption; bit 13: masked local headers. */
const ENCRYPTED = 0x2041
const PATCHED = 0x20
/** The highest version of the format there is (APPNOTE 4.4.3.2), times ten; programs may refuse what asks for more. */
const NEWEST = 63
const UTF8 = 0x800
const FILE_TYPE = 0xf000
const REGULAR = 0x8000
const FOLDER = 0x4000
/** In the attributes of DOS, which all systems' writers set. */
const DOS_FOLDER = 0x10

/** Symbolic links, devices, and names of parts whose attributes say that they are directories. */
const isOddFile = (attributes: number, isDirectory: boolean): boolean => {
  const type = (attributes >>> 16) & FILE_TYPE
  if (isDirectory) return type !== 0 && type !== REGULAR && type !== FOLDER
  return (type !== 0 && type !== REGULAR) || (attributes & DOS_FOLDER) !== 0
}

/** One entry as the central directory states it, with its name made canonical. */
export type Entry = {
  /** The name's bytes, to compare with the local header's. */
  rawName: Uint8Array
  /** With `/`, without one at the start or the end. */
  path: string
  key: string
  isDirectory: boolean
  flags: number
  method: 0 | 8
  crc: number
  compressedSize: number
  size: number
  /** Of the local header. */
  offset: number
}

const parseEntry = (bytes: Uint8Array, report: Report): { entry: Entry; backslash: boolean; length: number } => {
  const fields = fieldsOf(bytes)
  if (fields.u32(0) !== SIGNATURE.central) throw new Refusal('zip_structure')
  const nameLength = fields.u16(28)
  const extraLength = fields.u16(30)
  const rawName = fields.bytes(CENTRAL_LENGTH, nameLength)
  const flags = fields.u16(8)
  const name = decodeName(rawName, (flags & UTF8) !== 0)
  const { path, isDirectory, backslash } = canonicalPath(name)
  // A comment is room for a second archive, and no program that writes documents leaves one.
  if (fields.u16(32) !== 0 || fields.u16(34) !== 0) throw new Refusal('zip_structure', path)
  const method = fields.u16(10)
  if ((flags & ENCRYPTED) !== 0 || method === 99) throw new Refusal('zip_method/encrypted', path)
  if ((fields.u16(6) & 0xff) > NEWEST) throw new Refusal('zip_method', path)
  if ((flags & PATCHED) !== 0 || (method !== STORED && method !== DEFLATED)) throw new Refusal('zip_method', path)
  if (isOddFile(fields.u32(38), isDirectory)) throw new Refusal('zip_names', path)

  const zip64 = zip64Of(fields.bytes(CENTRAL_LENGTH + nameLength, extraLength), path)
  if (zip64?.disk !== undefined && zip64.disk !== 0) throw new Refusal('zip_structure', path)
  const stated = [fields.u32(24), fields.u32(20), fields.u32(42)]
  const { values, unneeded } = resolve64(stated, NONE32, zip64, path)
  if (unneeded) report('zip_structure/zip64', '')
  const [size = 0, compressedSize = 0, offset = 0] = values
  if (method === STORED && size !== compressedSize) throw new Refusal('zip_mismatch', path)
  if (isDirectory && size !== 0) throw new Refusal('zip_mismatch', path)
  return {
    entry: {
      rawName,
      path,
      key: nameKey(path),
      isDirectory,
      flags,
      method,
      crc: fields.u32(16),
      compressedSize,
      size,
      offset,
    },
    backslash,
    length: CENTRAL_LENGTH + nameLength + extraLength,
  }
}

/** A part and a directory of one name count as duplicates too. */
const refuseDuplicates = (entries: Entry[]): void => {
  const seen = new Set<string>()
  for (const { key, path } of entries) {
    if (seen.has(key)) throw new Refusal('zip_names', path)
    seen.add(key)
  }
}

/** Reads the whole central directory: as many entries as announced in exactly the announced bytes, in order of offset. */
export const readDirectory = async (source: Source, directory: Directory, report: Report): Promise<Entry[]> => {
  if (directory.entries > MAX_ENTRIES || directory.size > MAX_DIRECTORY) throw new Refusal('zip_bomb')
  // A copy, so that names kept as views do not keep the source's pages.
  const bytes = new Uint8Array(await source.read(directory.offset, directory.size))
  // Readers that look for the first end record behind the entries would take one in here.
  if (Buffer.from(bytes.buffer).includes(END_MARK)) throw new Refusal('zip_structure')
  const entries: Entry[] = []
  const separators = { slash: false, backslash: '' }
  let at = 0
  for (let count = 0; count < directory.entries; count++) {
    const { entry, backslash, length } = parseEntry(bytes.subarray(at), report)
    if (backslash) separators.backslash ||= entry.path
    else if (entry.path.includes('/') || entry.isDirectory) separators.slash = true
    entries.push(entry)
    at += length
  }
  if (at !== bytes.length) throw new Refusal('zip_structure')
  if (separators.backslash !== '') {
    if (separators.slash) throw new Refusal('zip_names', separators.backslash)
    report('zip_names/backslash', separators.backslash)
  }
  refuseDuplicates(entries)
  return entries.sort((a, b) => a.offset - b.offset)
}
