/** Device names of Windows, with any ending. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i
/** Bytes that most file systems take for a name, less what `.part` and the mark before it need. */
const MOST = 255 - 20

/**
 * A file name that is only ever a name, whatever the server says: no folder, no hidden file, nothing that steers a terminal
 * or means a device. Keeps the ending when it has to cut.
 */
export const safeName = (name: string): string => {
  const plain = name
    .normalize('NFC')
    .replaceAll(/[\p{C}\u2028\u2029/\\:*?"<>|]/gu, '_')
    .replace(/^[.\s]+/, '_')
    .replace(/[.\s]+$/, '')
  const named = plain === '' ? 'download' : DEVICE.test(plain) ? `_${plain}` : plain
  if (Buffer.byteLength(named) <= MOST) return named
  const ending = /\.[^.]{1,10}$/.exec(named)?.[0] ?? ''
  let kept = ''
  for (const char of named.slice(0, named.length - ending.length)) {
    if (Buffer.byteLength(kept + char + ending) > MOST) break
    kept += char
  }
  return kept + ending
}
