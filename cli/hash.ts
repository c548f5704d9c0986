import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** SHA-256 over bytes as they pass; `hex` ends it (64 lower-case digits). */
export const startHash = (): { update: (bytes: Uint8Array) => void; hex: () => string } => {
  const state = createHash('sha256')
  return { update: bytes => void state.update(bytes), hex: () => state.digest('hex') }
}

/** SHA-256 of a file on this machine, 64 lower-case hex digits, read in pieces. Rejects as reading does. */
export const hashFile = async (path: string): Promise<string> => {
  const hash = startHash()
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece)
  return hash.hex()
}

/** SHA-256 of a text's UTF-8, 64 lower-case hex digits. */
export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex')
