const SECTOR = 512
const END = 0xfffffffe
const FREE = 0xffffffff

/**
 * An OLE compound file ([MS-CFB] version 3) with these streams in its root, all in whole sectors (no mini stream).
 * `classId` is the root's, as the 16 bytes lie in the file.
 */
export const makeOle = (streams: Record<string, Buffer>, classId = Buffer.alloc(16)): Buffer => {
  const names = Object.keys(streams)
  const directorySectors = Math.ceil((names.length + 1) / 4)
  const fat: number[] = [0xfffffffd]
  const chain = (count: number): number => {
    const start = fat.length
    for (let index = 0; index < count; index++) fat.push(index + 1 < count ? start + index + 1 : END)
    return count === 0 ? END : start
  }
  const directoryStart = chain(directorySectors)
  const bodies = names.map(name => streams[name] ?? Buffer.alloc(0))
  const starts = bodies.map(body => chain(Math.ceil(body.length / SECTOR)))

  const entry = (name: string, kind: number, start: number, size: number, id = Buffer.alloc(16)): Buffer => {
    const bytes = Buffer.alloc(128)
    bytes.write(name, 0, 'utf16le')
    bytes.writeUInt16LE(2 * (name.length + 1), 64)
    bytes[66] = kind
    for (const at of [68, 72, 76]) bytes.writeUInt32LE(FREE, at)
    id.copy(bytes, 80)
    bytes.writeUInt32LE(start, 116)
    bytes.writeUInt32LE(size, 120)
    return bytes
  }
  const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & (SECTOR - 1))])

  const header = Buffer.alloc(SECTOR)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header)
  header.writeUInt16LE(0x3e, 24)
  header.writeUInt16LE(3, 26)
  header.writeUInt16LE(0xfffe, 28)
  header.writeUInt16LE(9, 30)
  header.writeUInt16LE(6, 32)
  header.writeUInt32LE(1, 44)
  header.writeUInt32LE(directoryStart, 48)
  for (const at of [60, 68]) header.writeUInt32LE(END, at)
  for (let index = 0; index < 109; index++) header.writeUInt32LE(index === 0 ? 0 : FREE, 76 + 4 * index)

  const table = Buffer.alloc(SECTOR, 0xff)
  for (const [index, next] of fat.entries()) table.writeUInt32LE(next, 4 * index)
  const directory = Buffer.concat([
    entry('Root Entry', 5, END, 0, classId),
    ...names.map((name, index) => entry(name, 2, starts[index] ?? END, bodies[index]?.length ?? 0)),
  ])
  return Buffer.concat([header, table, padded(directory), ...bodies.map(padded)])
}

/** What Windows puts into a stream `\x01Ole10Native` around an embedded file. */
export const makePackager = (name: string, data: Buffer, path = `C:\\${name}`): Buffer => {
  const text = (value: string): Buffer => Buffer.from(`${value}\0`, 'latin1')
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(value)
    return bytes
  }
  const body = Buffer.concat([
    Buffer.from([2, 0]),
    text(name),
    text(path),
    number(0x30000),
    number(path.length + 1),
    text(path),
    number(data.length),
    data,
  ])
  return Buffer.concat([number(body.length), body])
}
