import { fromBase64url } from './encoding.ts'

/** The 16 bytes of a file id. @throws RangeError if the text is not one: ids come from our own rows. */
export function fileIdBytes(fileId: string): Buffer {
  const bytes = fromBase64url(fileId, 16)
  if (bytes === undefined) throw new RangeError('not a file id')
  return bytes
}

/** `context || 00 || [middle] || file_id(16)`: what binds sealed bytes to their use and to one file (formats.md). */
export function fileAad(context: 'valise/blob/v1' | 'valise/wrap/v1', fileId: string, middle?: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${context}\0`, 'latin1'), middle ?? Buffer.alloc(0), fileIdBytes(fileId)])
}
