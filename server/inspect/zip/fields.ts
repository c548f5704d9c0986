import { Refusal } from '../finding.ts'

/** Little-endian fields of a ZIP structure (APPNOTE 4.1). Reading behind the end is a refusal, not an exception. */
export type Fields = {
  length: number
  u16(offset: number): number
  u32(offset: number): number
  /** A 64-bit field; values from 2^53 on are no size or offset of a real file. */
  u64(offset: number): number
  bytes(offset: number, length: number): Uint8Array
}

/** A view of `bytes` as numbered fields. */
export const fieldsOf = (bytes: Uint8Array): Fields => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const within = (offset: number, length: number): number => {
    if (offset < 0 || length < 0 || offset + length > bytes.byteLength) throw new Refusal('zip_structure')
    return offset
  }
  return {
    length: bytes.byteLength,
    u16: offset => view.getUint16(within(offset, 2), true),
    u32: offset => view.getUint32(within(offset, 4), true),
    u64: offset => {
      const value = Number(view.getBigUint64(within(offset, 8), true))
      if (!Number.isSafeInteger(value)) throw new Refusal('zip_structure')
      return value
    },
    bytes: (offset, length) => bytes.subarray(within(offset, length), offset + length),
  }
}

export const SIGNATURE = {
  local: 0x04034b50,
  descriptor: 0x08074b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const

/** All bits set: the real value stands in a zip64 field. */
export const NONE16 = 0xffff
export const NONE32 = 0xffffffff
