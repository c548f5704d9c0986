import { isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { Refusal } from '../finding.ts'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** By byte order mark, or by how a document's first `<` is encoded (XML 1.0, appendix F). */
const detect = (head: Uint8Array): { encoding: Encoding; mark: number } => {
  const [first, second, third] = head
  if (first === 0xef && second === 0xbb && third === 0xbf) return { encoding: 'utf-8', mark: 3 }
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', mark: 2 }
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', mark: 2 }
  if (first === 0x3c && second === 0) return { encoding: 'utf-16le', mark: 0 }
  if (first === 0 && second === 0x3c) return { encoding: 'utf-16be', mark: 0 }
  return { encoding: 'utf-8', mark: 0 }
}

/** How many bytes at the end begin a character whose rest is not here. */
const unfinished = (bytes: Uint8Array): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? back : 0
  }
  return 0
}

export type Decoder = {
  write(chunk: Uint8Array): void
  end(): void
}

/**
 * Hands the document on to `take` as valid UTF-8 without a byte order mark, chunk by chunk. Other bytes: `xml_unsafe`.
 * Always as Buffers: a scanner that meets two kinds of arrays is compiled to code three times slower.
 */
export const decodeXml = (take: (utf8: Buffer) => void): Decoder => {
  let encoding: Encoding | undefined
  let carry: Uint8Array = new Uint8Array(0)
  let decoder: TextDecoder | undefined

  const decode = (bytes: Uint8Array, stream: boolean): void => {
    if (decoder !== undefined) {
      try {
        take(Buffer.from(decoder.decode(bytes, { stream })))
      } catch (error) {
        if (error instanceof Refusal) throw error
        throw new Refusal('xml_unsafe')
      }
      return
    }
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const rest = stream ? unfinished(bytes) : 0
    const whole = buffer.subarray(0, bytes.length - rest)
    if (!isUtf8(whole)) throw new Refusal('xml_unsafe')
    carry = new Uint8Array(bytes.subarray(whole.length))
    if (whole.length > 0) take(whole)
  }

  const begin = (bytes: Uint8Array): Uint8Array => {
    const found = detect(bytes)
    encoding = found.encoding
    if (found.encoding !== 'utf-8') decoder = new TextDecoder(found.encoding, { fatal: true, ignoreBOM: true })
    return bytes.subarray(found.mark)
  }

  const join = (chunk: Uint8Array): Uint8Array => (carry.length === 0 ? chunk : Buffer.concat([carry, chunk]))

  return {
    write: chunk => {
      const bytes = join(chunk)
      carry = new Uint8Array(0)
      if (encoding !== undefined) decode(bytes, true)
      else if (bytes.length < 4) carry = new Uint8Array(bytes)
      else decode(begin(bytes), true)
    },
    end: () => {
      const bytes = carry
      carry = new Uint8Array(0)
      decode(encoding === undefined ? begin(bytes) : bytes, false)
    },
  }
}
