import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Frees buffers nobody will read again. Left to the collector, every 40 MB that passed cost a full collection, as it counts
 * the bytes of buffers and not how few objects they are. Only buffers that are all of their memory: small ones share a slab.
 */
export const release = (pieces: readonly Uint8Array[]): void => {
  for (const { buffer, byteLength } of pieces) {
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
  }
}

const EVERY = 8 << 20

// Only contexts made from now on get a `gc`, and only this one keeps it.
setFlagsFromString('--expose-gc')
const gc: unknown = runInNewContext('gc')
setFlagsFromString('--no-expose-gc')

let passed = 0
/**
 * To be told of bytes that pass through this thread in buffers which cannot be released by hand, because parsers keep views
 * of them: by itself V8 would let 64 MB of them pile up. A minor collection takes a millisecond or less.
 */
export const passing = (bytes: number): void => {
  passed += bytes
  if (passed < EVERY || typeof gc !== 'function') return
  passed = 0
  gc({ type: 'minor' })
}
