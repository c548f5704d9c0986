import { Refusal } from '../finding.ts'
import { type Fields, fieldsOf } from './fields.ts'

const ZIP64 = 0x0001
const UNICODE_PATH = 0x7075

/**
 * The values of the zip64 extra field (APPNOTE 4.5.3) in an entry's extra data, or undefined if it has none.
 * A Unicode-path field is refused: it is a second name. Up to three zero bytes of alignment may end the data.
 * `values` are the 64-bit values; `disk` the 32-bit number that may follow them.
 */
export const zip64Of = (extra: Uint8Array, where: string): { values: number[]; disk?: number } | undefined => {
  const fields = fieldsOf(extra)
  let found: { values: number[]; disk?: number } | undefined
  let at = 0
  while (at + 4 <= fields.length) {
    const id = fields.u16(at)
    const length = fields.u16(at + 2)
    const body = fieldsOf(fields.bytes(at + 4, length))
    if (id === UNICODE_PATH || (id === ZIP64 && found !== undefined)) throw new Refusal('zip_structure', where)
    if (id === ZIP64) found = zip64Values(body, where)
    at += 4 + length
  }
  if (extra.subarray(at).some(byte => byte !== 0)) throw new Refusal('zip_structure', where)
  return found
}

const zip64Values = (body: Fields, where: string): { values: number[]; disk?: number } => {
  const count = Math.floor(body.length / 8)
  const rest = body.length % 8
  if (count > 3 || (rest !== 0 && rest !== 4)) throw new Refusal('zip_structure', where)
  const values = Array.from({ length: count }, (_, index) => body.u64(index * 8))
  return rest === 4 ? { values, disk: body.u32(count * 8) } : { values }
}

/**
 * Fills the fields whose 32 bits are all set from the zip64 values, in the order the specification gives
 * (size, compressed size, offset). Values that no field asked for must repeat what the fields say:
 * `unneeded` tells that there were some. Anything else can be read in two ways and is refused.
 */
export const resolve64 = (
  stated: number[],
  none: number,
  zip64: { values: number[] } | undefined,
  where: string,
): { values: number[]; unneeded: boolean } => {
  const given = [...(zip64?.values ?? [])]
  const asked = stated.filter(value => value === none).length
  if (given.length === asked) {
    return {
      values: stated.map(value => (value === none ? (given.shift() ?? value) : value)),
      unneeded: zip64 !== undefined && asked === 0,
    }
  }
  // More values than asked for: only the reading "all from the first field on" is left, and it must agree.
  const all = stated.map((value, index) => given[index] ?? value)
  const agrees = stated.every((value, index) => value === none || value === all[index])
  const inOrder = stated.filter((value, index) => value === none && index >= given.length).length === 0
  const sameBothWays = stated
    .map((value, index) => ({ value, index }))
    .filter(({ value }) => value === none)
    .every(({ index }, nth) => given[nth] === all[index])
  if (given.length < asked || !agrees || !inOrder || !sameBothWays) throw new Refusal('zip_structure', where)
  return { values: all, unneeded: true }
}
