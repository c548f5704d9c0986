import { Refusal, type Report } from '../finding.ts'
import type { Source } from '../source.ts'
import { type Fields, fieldsOf, NONE16, NONE32, SIGNATURE } from './fields.ts'

const END_LENGTH = 22
export const END_MARK = Buffer.from('PK\x05\x06', 'latin1')
const END64_LENGTH = 56
const LOCATOR64_LENGTH = 20
/** What may follow the archive: a line end that a mail program added, or zeros that a block device did. */
const MAX_NULS = 64 * 1024

export type Directory = { offset: number; size: number; entries: number }

const isHarmlessTail = (tail: Uint8Array): boolean =>
  tail.every(byte => byte === 0) || (tail.length <= 2 && tail.every(byte => byte === 10 || byte === 13))

/** The last end record is the one that every reader scanning from the back finds; nothing but a harmless tail follows it. */
const findEnd = (window: Uint8Array): number => {
  const bytes = Buffer.from(window.buffer, window.byteOffset, window.byteLength)
  const at = bytes.lastIndexOf(END_MARK)
  if (at < 0 || at + END_LENGTH > bytes.length) throw new Refusal('zip_structure')
  return at
}

/**
 * Whether an earlier end record, in an entry's data say, has a comment that reaches the end of the file: readers that go
 * by where a comment ends would take that one. An honest archive inside this one ends with itself.
 */
const hasRival = (window: Uint8Array, last: number): boolean => {
  const bytes = Buffer.from(window.buffer, window.byteOffset, window.byteLength)
  for (let at = bytes.indexOf(END_MARK); at < last; at = bytes.indexOf(END_MARK, at + 1))
    if (at + END_LENGTH + bytes.readUInt16LE(at + 20) >= bytes.length) return true
  return false
}

/** An end record's field, unless all its bits are set: then only the zip64 record says the value. */
const agree = (short: number, none: number, long: number): number => {
  if (short !== none && short !== long) throw new Refusal('zip_structure')
  return long
}

const isNeeded64 = (end: Fields): boolean =>
  end.u16(10) === NONE16 || end.u16(8) === NONE16 || end.u32(12) === NONE32 || end.u32(16) === NONE32

/**
 * Finds the central directory by the end record (APPNOTE 4.3.16) and, where there are some, the zip64 records directly
 * before it. Directory, zip64 records and end record follow each other without a gap, on one disk, without a comment.
 */
export const findDirectory = async (source: Source, report: Report): Promise<Directory> => {
  const length = Math.min(source.size, END_LENGTH + MAX_NULS)
  const start = source.size - length
  const window = await source.read(start, length)
  const at = findEnd(window)
  const end = fieldsOf(window.subarray(at, at + END_LENGTH))
  const tail = window.subarray(at + END_LENGTH)
  if (end.u16(4) !== 0 || end.u16(6) !== 0 || end.u16(8) !== end.u16(10)) throw new Refusal('zip_structure')
  if (end.u16(20) !== 0 || !isHarmlessTail(tail) || hasRival(window, at)) throw new Refusal('zip_structure')
  if (tail.length > 0) report('zip_structure/tail', '')
  let directoryEnd = start + at
  let directory: Directory = { offset: end.u32(16), size: end.u32(12), entries: end.u16(10) }

  const locatorAt = directoryEnd - LOCATOR64_LENGTH
  const locator = locatorAt < 0 ? undefined : fieldsOf(await source.read(locatorAt, LOCATOR64_LENGTH))
  if (locator?.u32(0) === SIGNATURE.locator64) {
    const recordAt = locatorAt - END64_LENGTH
    if (recordAt < 0 || locator.u64(8) !== recordAt) throw new Refusal('zip_structure')
    if (locator.u32(4) !== 0 || locator.u32(16) !== 1) throw new Refusal('zip_structure')
    const record = fieldsOf(await source.read(recordAt, END64_LENGTH))
    if (record.u32(0) !== SIGNATURE.end64 || record.u64(4) !== END64_LENGTH - 12) throw new Refusal('zip_structure')
    if (record.u32(16) !== 0 || record.u32(20) !== 0 || record.u64(24) !== record.u64(32))
      throw new Refusal('zip_structure')
    directory = {
      entries: agree(directory.entries, NONE16, record.u64(32)),
      size: agree(directory.size, NONE32, record.u64(40)),
      offset: agree(directory.offset, NONE32, record.u64(48)),
    }
    directoryEnd = recordAt
    if (!isNeeded64(end)) report('zip_structure/zip64', '')
  }
  if (directory.offset + directory.size !== directoryEnd) throw new Refusal('zip_structure')
  return directory
}
