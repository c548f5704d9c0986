import type { Sha256 } from '../../crypto/hash.ts'

/** Hashes held between requests, a few hundred bytes each. One that is dropped is made again from the blob. */
const MOST = 1000

/**
 * SHA-256 over the full segments of unfinished uploads, between two requests. Its state cannot be stored (`crypto/hash.ts`),
 * and chunked clients must not cost reading everything again with each chunk.
 */
export const createHashes = () => {
  const held = new Map<string, { segments: number; hash: Sha256 }>()
  return {
    /** Hands it out, once; undefined unless it has had exactly so many segments. */
    take: (id: string, segments: number): Sha256 | undefined => {
      const found = held.get(id)
      held.delete(id)
      return found?.segments === segments ? found.hash : undefined
    },
    put: (id: string, segments: number, hash: Sha256 | undefined): void => {
      if (hash === undefined) return
      held.delete(id)
      held.set(id, { segments, hash })
      const [oldest] = held.keys()
      if (held.size > MOST && oldest !== undefined) held.delete(oldest)
    },
    drop: (id: string): void => void held.delete(id),
  }
}

export type Hashes = ReturnType<typeof createHashes>
