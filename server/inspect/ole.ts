import { Refusal } from './finding.ts'
import type { Source } from './source.ts'
import { fieldsOf } from './zip/fields.ts'

const HEADER = 512
const ENTRY = 128
/** The stream in which [MS-OFFCRYPTO] 2.3.4 puts an encrypted OOXML document. */
const ENCRYPTED = Buffer.from('EncryptedPackage\0', 'utf16le')
/** An honest directory of a password-protected document has about ten entries, in one or few sectors. */
const MAX_SECTORS = 256
const END_OF_CHAIN = 0xfffffffa

const sectorAt = async (source: Source, size: number, sector: number): Promise<Uint8Array> => {
  const position = (sector + 1) * size
  return position + size <= source.size ? source.read(position, size) : new Uint8Array(0)
}

/** Follows the directory's chain of sectors through the FAT, as far as the header's own list of FAT sectors reaches. */
async function* directorySectors(source: Source): AsyncGenerator<Uint8Array> {
  const header = fieldsOf(await source.read(0, HEADER))
  const size = header.u16(30) === 12 ? 4096 : 512
  let sector = header.u32(48)
  for (let count = 0; count < MAX_SECTORS && sector < END_OF_CHAIN; count++) {
    yield await sectorAt(source, size, sector)
    const index = Math.floor((sector * 4) / size)
    if (index >= 109) return
    const fat = fieldsOf(await sectorAt(source, size, header.u32(76 + 4 * index)))
    if (fat.length === 0) return
    sector = fat.u32((sector * 4) % size)
  }
}

/**
 * Which kind of OLE file it is: a document protected with a password, or anything else (an old .doc, .xls or .ppt,
 * a message). Always a refusal; damage only means that the second sentence is given.
 */
export const judgeOle = async (source: Source): Promise<Refusal> => {
  if (source.size < HEADER) return new Refusal('legacy_format')
  for await (const sector of directorySectors(source)) {
    for (let at = 0; at + ENTRY <= sector.length; at += ENTRY) {
      if (Buffer.compare(sector.subarray(at, at + ENCRYPTED.length), ENCRYPTED) === 0)
        return new Refusal('encrypted_document')
    }
  }
  return new Refusal('legacy_format')
}
