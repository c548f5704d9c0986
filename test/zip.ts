import { crc32, deflateRawSync } from 'node:zlib'

/** The header fields that an archive states twice; a test may make either copy lie. */
export type StatedFields = {
  version: number
  flags: number
  method: number
  crc: number
  compressedSize: number
  size: number
  name: string | Buffer
  extra: Buffer
}

export type ZipEntry = {
  name: string | Buffer
  data?: Buffer | string
  /** 8 (deflate) unless told; any other number than 0 and 8 stores the bytes and only claims that method. */
  method?: number
  /** General purpose bits. 0x800 (UTF-8) is set by itself for names that need it, 0x8 for a data descriptor. */
  flags?: number
  extra?: Buffer
  /** Sizes and CRC follow the data, as streaming writers put them; the local header then holds zeros. */
  descriptor?: 'signed' | 'unsigned' | 'signed64' | 'unsigned64' | Buffer
  local?: Partial<StatedFields>
  central?: Partial<StatedFields> & { offset?: number; externalAttributes?: number; madeBy?: number; disk?: number }
  /** Raw bytes put between this entry and the next. */
  gapAfter?: Buffer
  /** Leave the local entry out, so that only the directory speaks of it. */
  directoryOnly?: boolean
}

export type ZipOptions = {
  prefix?: Buffer
  /** Bytes between the last entry and the central directory. */
  beforeDirectory?: Buffer
  suffix?: Buffer
  comment?: Buffer
  /** Write zip64 end records although nothing needs them; a field set here disagrees with the archive. */
  zip64?: { entries?: bigint; directorySize?: bigint; directoryOffset?: bigint; recordOffset?: bigint }
  end?: {
    disk?: number
    directoryDisk?: number
    entriesHere?: number
    entries?: number
    size?: number
    offset?: number
  }
}

const bytesOf = (value: string | Buffer | undefined): Buffer =>
  value === undefined ? Buffer.alloc(0) : typeof value === 'string' ? Buffer.from(value) : value

const numbers = (...fields: [bytes: 2 | 4 | 8, value: number | bigint][]): Buffer =>
  Buffer.concat(
    fields.map(([bytes, value]) => {
      const field = Buffer.alloc(8)
      field.writeBigUInt64LE(BigInt(value))
      return field.subarray(0, bytes)
    }),
  )

const descriptorOf = (entry: ZipEntry, crc: number, packed: number, size: number): Buffer => {
  if (entry.descriptor === undefined) return Buffer.alloc(0)
  if (typeof entry.descriptor !== 'string') return entry.descriptor
  const width = entry.descriptor.endsWith('64') ? 8 : 4
  const fields = numbers([4, crc], [width, packed], [width, size])
  return entry.descriptor.startsWith('signed') ? Buffer.concat([Buffer.from('PK\x07\x08'), fields]) : fields
}

const isAscii = (name: Buffer): boolean => name.every(byte => byte < 0x80)

/**
 * A ZIP archive byte by byte (APPNOTE 6.3.10), in the order of `entries`. Honest unless an option makes it lie:
 * each header field, offset, count and gap can be set on its own. The result is one Buffer.
 */
export const makeZip = (entries: ZipEntry[], options: ZipOptions = {}): Buffer => {
  const chunks: Buffer[] = [bytesOf(options.prefix)]
  const directory: Buffer[] = []
  let position = chunks[0]?.length ?? 0
  const put = (chunk: Buffer): void => {
    chunks.push(chunk)
    position += chunk.length
  }
  for (const entry of entries) {
    const data = bytesOf(entry.data)
    const method = entry.method ?? 8
    const packed = method === 8 ? deflateRawSync(data) : data
    const crc = crc32(data)
    const name = bytesOf(entry.name)
    const flags =
      (entry.flags ?? 0) | (isAscii(name) || entry.flags !== undefined ? 0 : 0x800) | (entry.descriptor ? 8 : 0)
    const stated: StatedFields = {
      version: 20,
      flags,
      method,
      crc,
      compressedSize: packed.length,
      size: data.length,
      name,
      extra: bytesOf(entry.extra),
    }
    const hidden = entry.descriptor ? { crc: 0, compressedSize: 0, size: 0 } : {}
    const local = { ...stated, ...hidden, ...entry.local }
    const central = { ...stated, offset: position, externalAttributes: 0, madeBy: 20, disk: 0, ...entry.central }
    const header = (it: StatedFields): Buffer =>
      numbers(
        [2, it.version],
        [2, it.flags],
        [2, it.method],
        [2, 0],
        [2, 0x21],
        [4, it.crc],
        [4, it.compressedSize],
        [4, it.size],
      )
    if (entry.directoryOnly !== true) {
      const localName = bytesOf(local.name)
      put(
        Buffer.concat([
          Buffer.from('PK\x03\x04'),
          header(local),
          numbers([2, localName.length], [2, local.extra.length]),
        ]),
      )
      put(Buffer.concat([localName, local.extra]))
      put(packed)
      put(descriptorOf(entry, crc, packed.length, data.length))
      put(bytesOf(entry.gapAfter))
    }
    const centralName = bytesOf(central.name)
    directory.push(
      Buffer.from('PK\x01\x02'),
      numbers([2, central.madeBy]),
      header(central),
      numbers([2, centralName.length], [2, central.extra.length], [2, 0], [2, central.disk], [2, 0]),
      numbers([4, central.externalAttributes], [4, central.offset]),
      centralName,
      central.extra,
    )
  }
  put(bytesOf(options.beforeDirectory))
  const directoryOffset = position
  put(Buffer.concat(directory))
  const directorySize = position - directoryOffset
  if (options.zip64) {
    const recordOffset = options.zip64.recordOffset ?? BigInt(position)
    const count = options.zip64.entries ?? BigInt(entries.length)
    const size = options.zip64.directorySize ?? BigInt(directorySize)
    const offset = options.zip64.directoryOffset ?? BigInt(directoryOffset)
    put(Buffer.from('PK\x06\x06'))
    put(numbers([8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count], [8, size], [8, offset]))
    put(Buffer.from('PK\x06\x07'))
    put(numbers([4, 0], [8, recordOffset], [4, 1]))
  }
  const end = options.end ?? {}
  const comment = bytesOf(options.comment)
  put(Buffer.from('PK\x05\x06'))
  put(numbers([2, end.disk ?? 0], [2, end.directoryDisk ?? 0]))
  put(numbers([2, end.entriesHere ?? end.entries ?? entries.length], [2, end.entries ?? entries.length]))
  put(numbers([4, end.size ?? directorySize], [4, end.offset ?? directoryOffset], [2, comment.length]))
  put(comment)
  put(bytesOf(options.suffix))
  return Buffer.concat(chunks)
}
