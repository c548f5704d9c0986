import { Refusal } from '../finding.ts'

/**
 * Decodes an entry's name: ASCII, or UTF-8 where flag bit 11 says so. Without that flag other bytes are read in as many
 * ways as there are programs, and OPC asks for ASCII (ISO/IEC 29500-2, 7.3.4).
 */
export const decodeName = (bytes: Uint8Array, utf8: boolean): string => {
  try {
    const name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (utf8 || name.length === bytes.length) return name
  } catch {
    // No UTF-8 at all.
  }
  throw new Refusal('zip_names', Buffer.from(bytes).toString('latin1'))
}

/** Also what Windows would shorten to another name, and OPC forbids (ISO/IEC 29500-2, 6.2.2.2). */
const isBadSegment = (segment: string): boolean => segment === '' || /[. ]$/.test(segment)

/** Slashes, and characters that need no encoding: an encoded one makes a second name for the same part (6.2.2.2). */
const NEEDLESSLY_ENCODED = /%(?:2[def]|3\d|4[1-9a-f]|5[0-9acf]|6[1-9a-f]|7[0-9ae])/i

/** The path a name means: `\` read as `/`, without the slash that ends a directory's name. Refuses what OPC and safety forbid. */
export const canonicalPath = (name: string): { path: string; isDirectory: boolean; backslash: boolean } => {
  const backslash = name.includes('\\')
  if (backslash && name.includes('/')) throw new Refusal('zip_names', name)
  const slashed = name.replaceAll('\\', '/')
  const isDirectory = slashed.endsWith('/')
  const path = isDirectory ? slashed.slice(0, -1) : slashed
  const decoded = percentDecoded(path)
  if (/\p{Cc}/u.test(decoded) || /^[a-z]:/i.test(path)) throw new Refusal('zip_names', name)
  if (NEEDLESSLY_ENCODED.test(path)) throw new Refusal('zip_names', name)
  if (decoded.split(/[/\\]/).some(isBadSegment)) throw new Refusal('zip_names', name)
  // Interleaved pieces (ISO/IEC 29500-2, 9.2.4): one part in several entries, which Office does not write.
  if (/\/\[\d+\](\.last)?\.piece$/i.test(path)) throw new Refusal('zip_names', name)
  return { path, isDirectory, backslash }
}

/**
 * The key under which two names are one: percent-encoding decoded and case ignored, as OPC does for part names
 * (ISO/IEC 29500-2, 6.3.5), with full case folding and NFC on top, as file systems do.
 */
export const nameKey = (path: string): string => percentDecoded(path).normalize('NFC').toUpperCase().toLowerCase()

/** Whole if it decodes as UTF-8, else as it is. */
export const percentDecoded = (path: string): string => {
  try {
    return path.includes('%') ? decodeURIComponent(path) : path
  } catch {
    return path
  }
}
