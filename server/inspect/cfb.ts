const MAGIC = Buffer.from('d0cf11e0a1b11ae1', 'hex')
const HEADER = 512
const ENTRY = 128
const MINI = 64
/** Sector numbers from here on are marks (end of chain, free). */
const MARK = 0xfffffffa

/** Whether bytes start as an OLE compound file does ([MS-CFB] 2.2). */
export const isOle = (head: Uint8Array): boolean => Buffer.compare(head.subarray(0, MAGIC.length), MAGIC) === 0

export type CfbEntry = {
  name: string
  kind: 'storage' | 'stream' | 'root'
  /** In the usual notation, lower case. */
  classId: string
  read(): Buffer | undefined
}

const guid = (bytes: Buffer): string => {
  const hex = (from: number, to: number): string => bytes.toString('hex', from, to)
  const swapped = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).reverse().toString('hex')
  return `${swapped(0, 4)}-${swapped(4, 6)}-${swapped(6, 8)}-${hex(8, 10)}-${hex(10, 16)}`
}

const KINDS: Readonly<Record<number, CfbEntry['kind']>> = { 1: 'storage', 2: 'stream', 5: 'root' }

/**
 * Reads an OLE compound file in memory ([MS-CFB]): all directory entries, whether or not the tree reaches them, each
 * with its stream, to be read once. Undefined if the structure does not hold (chains that run in circles or out of the file); a stream
 * alone that does not hold reads as undefined.
 */
export const readCfb = (bytes: Buffer): CfbEntry[] | undefined => {
  if (bytes.length < HEADER || !isOle(bytes)) return undefined
  const shift = bytes.readUInt16LE(30)
  if (shift !== 9 && shift !== 12) return undefined
  const size = 1 << shift
  const sectors = Math.ceil(bytes.length / size) - 1

  const sector = (number: number): Buffer | undefined => {
    const at = (number + 1) * size
    return number < sectors ? bytes.subarray(at, at + size) : undefined
  }
  const numbers = (buffer: Buffer): number[] =>
    Array.from({ length: Math.floor(buffer.length / 4) }, (_, index) => buffer.readUInt32LE(index * 4))

  const fatSectors = numbers(bytes.subarray(76, HEADER))
  for (let next = bytes.readUInt32LE(68), count = 0; next < MARK && count <= sectors; count++) {
    const more = sector(next)
    if (more === undefined) return undefined
    const list = numbers(more)
    next = list.pop() ?? MARK
    if (fatSectors.length < sectors) fatSectors.push(...list)
  }
  // No more of the table than there are sectors: a list that names one sector again and again would make it endless.
  const fat = fatSectors
    .filter(number => number < MARK)
    .slice(0, Math.ceil((4 * sectors) / size))
    .flatMap(number => numbers(sector(number) ?? Buffer.alloc(0)))

  /** The sectors of a chain in one piece; undefined if it leaves the file or has a circle. */
  const chain = (start: number): Buffer | undefined => {
    const found: Buffer[] = []
    for (let number = start; number < MARK; number = fat[number] ?? MARK) {
      const piece = sector(number)
      if (piece === undefined || found.length >= sectors) return undefined
      found.push(piece)
    }
    return Buffer.concat(found)
  }

  const directory = chain(bytes.readUInt32LE(48))
  if (directory === undefined || directory.length < ENTRY) return undefined
  const miniFat = numbers(chain(bytes.readUInt32LE(60)) ?? Buffer.alloc(0))
  const miniLimit = bytes.readUInt32LE(56)
  const miniStream = chain(directory.readUInt32LE(116)) ?? Buffer.alloc(0)

  const miniChain = (start: number): Buffer | undefined => {
    const found: Buffer[] = []
    for (let number = start; number < MARK; number = miniFat[number] ?? MARK) {
      const piece = miniStream.subarray(number * MINI, (number + 1) * MINI)
      if (piece.length === 0 || found.length > miniFat.length) return undefined
      found.push(piece)
    }
    return Buffer.concat(found)
  }

  /** Streams share no bytes, so together they are no longer than the file; else reading them all would take for ever. */
  let left = bytes.length
  return Array.from({ length: Math.floor(directory.length / ENTRY) }, (_, index) => {
    const entry = directory.subarray(index * ENTRY, (index + 1) * ENTRY)
    const kind = KINDS[entry[66] ?? 0]
    if (kind === undefined) return undefined
    const length = entry.readUInt32LE(120)
    const start = entry.readUInt32LE(116)
    const read = (): Buffer | undefined => {
      left -= length
      if (left < 0) return undefined
      const stream = length < miniLimit ? miniChain(start) : chain(start)
      return stream !== undefined && stream.length >= length ? stream.subarray(0, length) : undefined
    }
    const nameLength = Math.min(64, Math.max(2, entry.readUInt16LE(64)))
    return { name: entry.toString('utf16le', 0, nameLength - 2), kind, classId: guid(entry.subarray(80, 96)), read }
  }).filter(entry => entry !== undefined)
}
