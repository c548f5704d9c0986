import { inflateRawSync } from 'node:zlib'

/**
 * Readers of ZIP archives as other programs are, each going by something else and believing what it finds. They share
 * no code with the inspection, on purpose: what it accepts must look the same to all of them.
 */
export type Read = { name: string; data: Buffer }[]

const LOCAL = Buffer.from('PK\x03\x04', 'latin1')
const CENTRAL = Buffer.from('PK\x01\x02', 'latin1')
const END = Buffer.from('PK\x05\x06', 'latin1')
const DESCRIPTOR = Buffer.from('PK\x07\x08', 'latin1')

/** No honest part of a test file is larger; what inflates to more than this is not compared. */
const MAX_PART = 32 << 20

const inflate = (packed: Buffer): { data: Buffer; used: number } => {
  const result: unknown = inflateRawSync(packed, { info: true, maxOutputLength: MAX_PART })
  if (typeof result !== 'object' || result === null || !('buffer' in result) || !('engine' in result))
    throw new TypeError('inflateRawSync answers otherwise')
  const { buffer, engine } = result
  if (!Buffer.isBuffer(buffer) || typeof engine !== 'object' || engine === null || !('bytesWritten' in engine))
    throw new TypeError('inflateRawSync answers otherwise')
  return { data: buffer, used: Number(engine.bytesWritten) }
}

/** The 64-bit values of the first zip64 field. */
const wide = (extra: Buffer): number[] => {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    const body = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2))
    return Array.from({ length: Math.floor(body.length / 8) }, (_, nth) => Number(body.readBigUInt64LE(8 * nth)))
  }
  return []
}

const startsWith = (bytes: Buffer, at: number, signature: Buffer): boolean =>
  bytes.subarray(at, at + 4).equals(signature)

/** Behind a descriptor of some form comes another header. */
const behindDescriptor = (bytes: Buffer, at: number): number => {
  const forms = startsWith(bytes, at, DESCRIPTOR) ? [16, 24] : [12, 20]
  const found = forms.find(length => [LOCAL, CENTRAL].some(next => startsWith(bytes, at + length, next)))
  return at + (found ?? forms[0] ?? 0)
}

const storedEnd = (bytes: Buffer, from: number): number => {
  const found = [DESCRIPTOR, LOCAL, CENTRAL].map(signature => bytes.indexOf(signature, from)).filter(at => at >= 0)
  return found.length === 0 ? bytes.length : Math.min(...found)
}

/** Walks the local headers from the first byte on, as a program that reads from a pipe does; `end` is where they end. */
export const readStream = (bytes: Buffer): { entries: Read; end: number } => {
  const entries: Read = []
  let at = 0
  while (startsWith(bytes, at, LOCAL)) {
    const [flags, method] = [bytes.readUInt16LE(at + 6), bytes.readUInt16LE(at + 8)]
    const nameEnd = at + 30 + bytes.readUInt16LE(at + 26)
    const start = nameEnd + bytes.readUInt16LE(at + 28)
    const name = bytes.toString('latin1', at + 30, nameEnd)
    const [size, packedSize] = [bytes.readUInt32LE(at + 22), bytes.readUInt32LE(at + 18)]
    const values = wide(bytes.subarray(nameEnd, start))
    const follows = (flags & 8) !== 0
    let packed = packedSize === 0xffffffff ? (values[size === 0xffffffff ? 1 : 0] ?? packedSize) : packedSize
    let data: Buffer
    if (method === 8) {
      const inflated = inflate(bytes.subarray(start))
      data = inflated.data
      if (follows) packed = inflated.used
    } else {
      if (follows && packed === 0) packed = storedEnd(bytes, start) - start
      data = bytes.subarray(start, start + packed)
    }
    entries.push({ name, data })
    at = follows ? behindDescriptor(bytes, start + packed) : start + packed
  }
  return { entries, end: at }
}

/** Goes by the central directory to which the end record at `end` points. */
const readByEnd = (bytes: Buffer, end: number): Read => {
  const entries: Read = []
  let count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  if (end >= 20 && bytes.toString('latin1', end - 20, end - 16) === 'PK\x06\x07') {
    const record = Number(bytes.readBigUInt64LE(end - 12))
    if (count === 0xffff) count = Number(bytes.readBigUInt64LE(record + 32))
    if (at === 0xffffffff) at = Number(bytes.readBigUInt64LE(record + 48))
  }
  for (; count > 0; count--) {
    if (!startsWith(bytes, at, CENTRAL)) throw new RangeError('no entry where one is announced')
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28)
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30)
    const values = wide(bytes.subarray(nameEnd, extraEnd))
    const [, packed = 0, local = 0] = [24, 20, 42].map(field => {
      const stated = bytes.readUInt32LE(at + field)
      return stated === 0xffffffff ? (values.shift() ?? stated) : stated
    })
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const raw = bytes.subarray(start, start + packed)
    entries.push({
      name: bytes.toString('latin1', at + 46, nameEnd),
      data: bytes.readUInt16LE(at + 10) === 8 ? inflate(raw).data : raw,
    })
    at = extraEnd + bytes.readUInt16LE(at + 32)
  }
  return entries
}

/** By the last end record. */
export const readLast = (bytes: Buffer): Read => readByEnd(bytes, bytes.lastIndexOf(END))

/** By the first end record behind the local entries: what an entry holds, an archive in it too, is its own affair. */
export const readFirst = (bytes: Buffer): Read => readByEnd(bytes, bytes.indexOf(END, readStream(bytes).end))

/** By the first end record whose comment reaches the end of the file, if there is one. */
export const readFitting = (bytes: Buffer): Read | undefined => {
  for (let at = bytes.indexOf(END); at >= 0 && at + 22 <= bytes.length; at = bytes.indexOf(END, at + 1))
    if (at + 22 + bytes.readUInt16LE(at + 20) === bytes.length) return readByEnd(bytes, at)
  return undefined
}
