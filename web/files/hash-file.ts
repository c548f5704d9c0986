import { sha256 } from '@noble/hashes/sha2.js'

/** Small enough that a slow phone answers its reader between two pieces. */
const PIECE = 1 << 20

type Options = { signal: AbortSignal; onProgress: (bytes: number) => void }

/**
 * SHA-256 of a file on this device, 64 lower-case hex digits, read piece by piece: the browser's own digest wants all of it in
 * memory. Rejects as reading does (`NotReadableError` when the file was changed meanwhile), and when `signal` says so.
 */
export const hashFile = async (file: Blob, { signal, onProgress }: Options): Promise<string> => {
  const hash = sha256.create()
  for (let done = 0; done < file.size; done += PIECE) {
    hash.update(new Uint8Array(await file.slice(done, done + PIECE).arrayBuffer()))
    signal.throwIfAborted()
    onProgress(Math.min(done + PIECE, file.size))
  }
  return [...hash.digest()].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
