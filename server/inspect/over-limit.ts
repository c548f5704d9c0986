import { crc32 } from 'node:zlib'

/** clamd unpacks 17 levels by default and never more than 100. */
const DEPTH = 110

/**
 * Archives in archives, deeper than any clamd goes. One that says OK to this says OK to whatever passes its limits, which is
 * what clamd does unless `AlertExceedsMax yes` is set: then none of its OKs means anything.
 */
export const overLimitProbe = (): Buffer => {
  let inner: Buffer = Buffer.from('probe')
  for (let depth = 0; depth < DEPTH; depth++) inner = archiveOf(inner)
  return inner
}

const NAME = Buffer.from('a.zip')

/** A ZIP archive of one stored entry (APPNOTE 6.3.10, 4.3.7, 4.3.12 and 4.3.16). */
const archiveOf = (content: Buffer): Buffer => {
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(0x21, 8)
  common.writeUInt32LE(crc32(content), 10)
  common.writeUInt32LE(content.length, 14)
  common.writeUInt32LE(content.length, 18)
  common.writeUInt16LE(NAME.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, NAME, content])
  const directory = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, Buffer.alloc(14), NAME])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, directory, end])
}
