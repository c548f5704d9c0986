import { TextDecoder } from 'node:util'
import { Refusal } from '../finding.ts'

/** By byte order mark, or by how a document's first `<` is encoded (XML 1.0, appendix F). */
const encodingOf = ([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' => {
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be'
  return 'utf-8'
}

/**
 * Decodes an XML part chunk by chunk; a byte order mark is left to the parser, which skips one. Bytes that are neither
 * UTF-8 nor UTF-16 are refused at `where`: `xml_unsafe`.
 */
export const createXmlDecoder = (where: string): ((chunk: Uint8Array, isLast: boolean) => string) => {
  let head: Uint8Array = new Uint8Array(0)
  let decoder: TextDecoder | undefined
  return (chunk, isLast) => {
    let bytes = chunk
    if (decoder === undefined) {
      bytes = head = Buffer.concat([head, chunk])
      if (bytes.length < 2 && !isLast) return ''
      decoder = new TextDecoder(encodingOf(bytes), { fatal: true, ignoreBOM: true })
    }
    try {
      return decoder.decode(bytes, { stream: !isLast })
    } catch {
      throw new Refusal('xml_unsafe', where)
    }
  }
}
