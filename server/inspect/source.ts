import type { FileHandle } from 'node:fs/promises'
import { release } from '../memory.ts'

/**
 * Random access to the bytes of one file that does not change meanwhile: a sealed blob, a file, a buffer.
 * `read` answers exactly `length` bytes from `position` (the caller stays inside `size`); it rejects when it cannot.
 * The bytes are the caller's, who may move their memory to another thread: the source must not use it again.
 */
export type Source = {
  size: number
  read(position: number, length: number): Promise<Uint8Array>
  /** The same bytes in order, for what is looked at once: a chunk is only valid until the next is asked for. */
  chunks?(position: number, length: number): AsyncIterable<Uint8Array>
}

/** The source's `read` failed: nothing is known about the file, so this is never a refusal of it. */
export class SourceFailure extends Error {
  constructor(cause: unknown) {
    super('the file could not be read', { cause })
    this.name = 'SourceFailure'
  }
}

/** A source over bytes in memory. */
export const bufferSource = (bytes: Uint8Array): Source => ({
  size: bytes.byteLength,
  // A copy: `slice` of a Buffer would be a view of memory that is the caller's.
  read: async (position, length) => new Uint8Array(bytes.subarray(position, position + length)),
})

/** A source over an open file of `size` bytes, for command lines. The caller closes it. */
export const fileSource = (handle: FileHandle, size: number): Source => {
  const read = async (position: number, length: number): Promise<Uint8Array> => {
    const bytes = Buffer.allocUnsafeSlow(length)
    for (let done = 0; done < length; ) {
      const { bytesRead } = await handle.read(bytes, done, length - done, position + done)
      if (bytesRead === 0) throw new Error('the file became shorter while it was read')
      done += bytesRead
    }
    return bytes
  }
  return { size, read }
}

/** 512 KiB a page: few round trips, and four of them are little memory. */
const PAGE = 512 * 1024
const PAGES = 4

/**
 * Reads `source` in whole pages, keeps the last few and, when reading goes forward, fetches the next page while the
 * caller works on this one. Failures and short answers of the source become a `SourceFailure`.
 * Answers within one page are views; longer ones are copied together.
 */
export const withReadAhead = (source: Source): Source => {
  const pages = new Map<number, Promise<Uint8Array>>()
  const fetch = async (position: number, end = source.size): Promise<Uint8Array> => {
    const length = Math.min(PAGE, end - position)
    try {
      const bytes = await source.read(position, length)
      if (bytes.byteLength === length) return bytes
    } catch (cause) {
      throw new SourceFailure(cause)
    }
    throw new SourceFailure(new Error('fewer bytes than asked for'))
  }
  const pageAt = (page: number): Promise<Uint8Array> => {
    const bytes = pages.get(page) ?? fetch(page * PAGE)
    pages.delete(page)
    pages.set(page, bytes)
    // A page fetched ahead may fail before anybody waits for it; whoever does still sees the failure.
    bytes.catch(() => {})
    for (const oldest of pages.keys()) {
      if (pages.size <= PAGES) break
      pages.delete(oldest)
    }
    return bytes
  }
  const read = async (position: number, length: number): Promise<Uint8Array> => {
    if (position < 0 || length < 0 || position + length > source.size) throw new RangeError('read outside the file')
    const first = Math.floor(position / PAGE)
    const offset = position - first * PAGE
    if (length === 0) return new Uint8Array(0)
    const last = Math.floor((position + length - 1) / PAGE)
    const ahead = pages.has(first - 1) && (last + 1) * PAGE < source.size
    const found = pageAt(first)
    if (ahead) pageAt(last + 1)
    if (first === last) return (await found).subarray(offset, offset + length)
    const whole = new Uint8Array(length)
    for (let page = first, done = 0; page <= last; page++) {
      const bytes = await (page === first ? found : pageAt(page))
      const part = page === first ? bytes.subarray(offset) : bytes
      const used = part.subarray(0, length - done)
      whole.set(used, done)
      done += used.byteLength
    }
    return whole
  }
  async function* chunks(position: number, length: number): AsyncGenerator<Uint8Array> {
    const end = position + length
    let coming = fetch(position, end)
    for (let at = position; at < end; ) {
      const bytes = await coming
      at += bytes.byteLength
      if (at < end) {
        coming = fetch(at, end)
        coming.catch(() => {})
      }
      yield bytes
      release([bytes])
    }
  }
  return { size: source.size, read, chunks }
}
