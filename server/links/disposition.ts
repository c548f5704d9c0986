import type { FileType } from '../../contract/files.ts'

/** RFC 6266 with RFC 8187. Whatever the name holds, the header is one line of ASCII that parses as exactly one disposition. */
export const disposition = (name: string): string => {
  const safe = name.toWellFormed().replaceAll(misleading, '_') || 'download'
  // Only for programs that do not know `filename*`: quotes, backslash and percent are read differently by each of them.
  const plain = safe.replaceAll(/[^ -~]/gu, '_').replaceAll(/["\\%]/g, '_')
  const exact = encodeURIComponent(safe).replaceAll(
    /['()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`
}

/**
 * Separators of folders, control characters, and the marks that turn text around (U+202A–202E, U+2066–2069), with which
 * `…xcod.exe` reads as `…exe.docx`.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to take out
const misleading = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069/\\]/gu

/** IANA media types (ECMA-376). */
export const mediaTypes: Record<FileType, string> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
}
