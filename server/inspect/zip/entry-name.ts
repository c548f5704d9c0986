import { Refusal } from '../finding.ts'

/** Decodes an entry's name: UTF-8 where flag bit 11 says so or where it is valid, else byte by byte. Never in two ways. */
export const decodeName = (bytes: Uint8Array, utf8: boolean): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    const name = Buffer.from(bytes).toString('latin1')
    if (utf8) throw new Refusal('zip_names', name)
    return name
  }
}

const isBadSegment = (segment: string): boolean => segment === '' || segment === '.' || segment === '..'

/** The path a name means: `\` read as `/`, without the slash that ends a directory's name. Refuses what OPC and safety forbid. */
export const canonicalPath = (name: string): { path: string; isDirectory: boolean; backslash: boolean } => {
  const backslash = name.includes('\\')
  if (backslash && name.includes('/')) throw new Refusal('zip_names', name)
  const slashed = name.replaceAll('\\', '/')
  const isDirectory = slashed.endsWith('/')
  const path = isDirectory ? slashed.slice(0, -1) : slashed
  const decoded = percentDecoded(path)
  if (/\p{Cc}/u.test(decoded) || /^[a-z]:/i.test(path)) throw new Refusal('zip_names', name)
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
