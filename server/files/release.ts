/**
 * Frees buffers nobody will read again. Left to the collector, every 40 MB that passed cost a full collection, as it counts
 * the bytes of buffers and not how few objects they are. Only buffers that are all of their memory: small ones share a slab.
 */
export const release = (pieces: readonly Buffer[]): void => {
  for (const { buffer, byteLength } of pieces) {
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
  }
}
