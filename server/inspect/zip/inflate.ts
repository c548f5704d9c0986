import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib'
import { Refusal } from '../finding.ts'
import type { Source } from '../source.ts'
import type { Located } from './local.ts'

/**
 * Takes an entry's bytes in order. The chunk is only valid during the call. The first one is `HEAD` bytes or all there
 * are, so that what a part is can be told by it: deflated data can be made to come out byte by byte.
 */
export type Sink = (chunk: Uint8Array) => void

const CHUNK = 256 * 1024
const HEAD = 4096
/** Up to these sizes an entry is inflated in one go, which is faster than a stream and is still little memory. */
const WHOLE_PACKED = 1024 * 1024
const WHOLE_SIZE = 4 * 1024 * 1024

/** What `info: true` makes node:zlib answer; its types do not know that option. */
const hasEngine = (result: unknown): result is { buffer: Uint8Array; engine: { bytesWritten: number } } =>
  typeof result === 'object' && result !== null && 'engine' in result && 'buffer' in result

const inflateWhole = (packed: Uint8Array, entry: Located): { bytes: Uint8Array; used: number } => {
  const limit = entry.size + 64
  try {
    const result: unknown = inflateRawSync(packed, { info: true, chunkSize: limit, maxOutputLength: limit })
    if (!hasEngine(result)) throw new TypeError('node:zlib no longer answers with its engine')
    return { bytes: result.buffer, used: result.engine.bytesWritten }
  } catch (error) {
    if (!isZlibError(error)) throw error
    throw new Refusal('zip_mismatch', entry.path)
  }
}

const isZlibError = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  (error.code.startsWith('Z_') || error.code === 'ERR_BUFFER_TOO_LARGE')

/** Holds back the first bytes until there are enough of them; `end` passes on what never became enough. */
const withHead = (sink: Sink): { take: Sink; end: () => void } => {
  let head: Uint8Array | undefined = new Uint8Array(0)
  return {
    take: chunk => {
      if (head === undefined) return sink(chunk)
      const bytes = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      head = bytes.length < HEAD ? Buffer.from(bytes) : undefined
      if (head === undefined) sink(bytes)
    },
    end: () => {
      if (head !== undefined && head.length > 0) sink(head)
    },
  }
}

async function* packedChunks(source: Source, entry: Located): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < entry.compressedSize; done += CHUNK) {
    yield await source.read(entry.dataOffset + done, Math.min(CHUNK, entry.compressedSize - done))
  }
}

/** Small entries lie beside others on the pages that are kept; a large one would only push those out. */
const storedChunks = (source: Source, entry: Located): AsyncIterable<Uint8Array> =>
  entry.size > WHOLE_SIZE && source.chunks
    ? source.chunks(entry.dataOffset, entry.compressedSize)
    : packedChunks(source, entry)

const inflateStream = async (source: Source, entry: Located, take: Sink): Promise<number> => {
  const inflater = createInflateRaw({ chunkSize: CHUNK })
  try {
    await pipeline(packedChunks(source, entry), inflater, async inflated => {
      for await (const chunk of inflated) take(chunk)
    })
  } catch (error) {
    if (!isZlibError(error)) throw error
    throw new Refusal('zip_mismatch', entry.path)
  }
  return inflater.bytesWritten
}

/**
 * Inflates one entry into `sink`, counting: output beyond the stated size stops it at once, and at the end size, CRC
 * and the length of the packed data must be as stated. Refuses with `zip_mismatch`.
 */
export const readEntry = async (source: Source, entry: Located, sink: Sink): Promise<void> => {
  const { take: pass, end } = withHead(sink)
  let size = 0
  let crc = 0
  const take: Sink = chunk => {
    size += chunk.byteLength
    if (size > entry.size) throw new Refusal('zip_mismatch', entry.path)
    crc = crc32(chunk, crc)
    pass(chunk)
  }
  let used = entry.compressedSize
  if (entry.method === 0) for await (const chunk of storedChunks(source, entry)) take(chunk)
  else if (entry.compressedSize <= WHOLE_PACKED && entry.size <= WHOLE_SIZE) {
    const whole = inflateWhole(await source.read(entry.dataOffset, entry.compressedSize), entry)
    take(whole.bytes)
    used = whole.used
  } else used = await inflateStream(source, entry, take)
  if (size !== entry.size || crc !== entry.crc || used !== entry.compressedSize)
    throw new Refusal('zip_mismatch', entry.path)
  end()
}
