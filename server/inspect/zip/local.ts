import { Refusal, type Report } from '../finding.ts'
import type { Source } from '../source.ts'
import type { Entry } from './directory.ts'
import { resolve64, zip64Of } from './extra.ts'
import { fieldsOf, NONE32, SIGNATURE } from './fields.ts'

const LOCAL_LENGTH = 30
const DESCRIPTOR = 0x8
const UTF8 = 0x800
/** Bits 1 and 2 tell how hard the packer tried: of no consequence. */
const EFFORT = 0x6

/** Where an entry's data lies in the file. */
export type Located = Entry & { dataOffset: number }

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/**
 * Reads an entry's local header and holds it against the directory: the same name, method, flags, CRC and sizes, so
 * that a reader going by local headers sees the same file. Behind a data descriptor's flag, CRC and sizes may be 0.
 */
export const locate = async (source: Source, entry: Entry, report: Report): Promise<Located> => {
  const { path } = entry
  if (entry.offset + LOCAL_LENGTH > source.size) throw new Refusal('zip_structure', path)
  const header = fieldsOf(await source.read(entry.offset, LOCAL_LENGTH))
  if (header.u32(0) !== SIGNATURE.local) throw new Refusal('zip_structure', path)
  const nameLength = header.u16(26)
  const extraLength = header.u16(28)
  const dataOffset = entry.offset + LOCAL_LENGTH + nameLength + extraLength
  if (dataOffset + entry.compressedSize > source.size) throw new Refusal('zip_structure', path)
  const rest = await source.read(entry.offset + LOCAL_LENGTH, nameLength + extraLength)
  const name = rest.subarray(0, nameLength)

  const ascii = entry.rawName.every(byte => byte < 0x80)
  const free = EFFORT | (ascii ? UTF8 : 0)
  const sameFlags = ((header.u16(6) ^ entry.flags) & ~free) === 0
  if (!equal(name, entry.rawName) || header.u16(8) !== entry.method || !sameFlags)
    throw new Refusal('zip_mismatch', path)

  const zip64 = zip64Of(rest.subarray(nameLength), path)
  const { values, unneeded } = resolve64([header.u32(22), header.u32(18)], NONE32, zip64, path)
  const follows = (entry.flags & DESCRIPTOR) !== 0
  const states = (stated: number | undefined, value: number): boolean => stated === value || (follows && stated === 0)
  if (!states(header.u32(14), entry.crc) || !states(values[0], entry.size) || !states(values[1], entry.compressedSize))
    throw new Refusal('zip_mismatch', path)
  // Where stored data ends only its size can tell; a reader from the front would have to guess.
  if (follows && entry.method === 0 && values[1] !== entry.compressedSize) throw new Refusal('zip_mismatch', path)
  // Streaming writers put an empty zip64 field there because they cannot know yet; that says nothing.
  if (unneeded && !follows) report('zip_structure/zip64', '')
  return { ...entry, dataOffset }
}

/**
 * Checks what lies between an entry's data and `next`, where the next entry or the directory begins: nothing, or the
 * data descriptor (APPNOTE 4.3.9) in the layout its length tells, equal to the directory. A CRC that looks like the
 * signature makes two layouts of one, and is refused.
 */
export const checkEnd = async (source: Source, entry: Located, next: number): Promise<void> => {
  const end = entry.dataOffset + entry.compressedSize
  if (end > next) throw new Refusal('zip_mismatch', entry.path)
  const length = next - end
  if ((entry.flags & DESCRIPTOR) === 0) {
    if (length !== 0) throw new Refusal('zip_structure', entry.path)
    return
  }
  if (length !== 12 && length !== 16 && length !== 20 && length !== 24) throw new Refusal('zip_structure', entry.path)
  const found = fieldsOf(await source.read(end, length))
  const signed = length === 16 || length === 24
  const wide = length >= 20
  const at = signed ? 4 : 0
  const compressed = wide ? found.u64(at + 4) : found.u32(at + 4)
  const size = wide ? found.u64(at + 12) : found.u32(at + 8)
  // A reader from the front finds the end of stored data by the descriptor's signature, if at all.
  if (entry.method === 0 && !signed) throw new Refusal('zip_mismatch', entry.path)
  const agrees =
    signed === (found.u32(0) === SIGNATURE.descriptor) &&
    found.u32(at) === entry.crc &&
    compressed === entry.compressedSize &&
    size === entry.size
  if (!agrees) throw new Refusal('zip_mismatch', entry.path)
}
