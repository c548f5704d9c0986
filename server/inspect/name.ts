import type { DocumentType } from './finding.ts'

/** Text direction marks, embeddings, overrides and isolates: they make `exe.docx` look like `xcod.exe` or the reverse. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

/**
 * The type a file name claims: its last ending, after NFC and trimming, in any case of letters. Null for every other
 * ending, and for names that could look like or be stored as something else: control and direction characters, a
 * trailing dot (Windows drops it), nothing before the dot.
 */
export const documentTypeOf = (name: string): DocumentType | null => {
  const plain = name.normalize('NFC').trim()
  if (DIRECTION.test(plain) || /\p{Cc}/u.test(plain)) return null
  const dot = plain.lastIndexOf('.')
  if (dot < 1) return null
  const ending = plain.slice(dot + 1).toLowerCase()
  return ending === 'docx' || ending === 'xlsx' || ending === 'pptx' ? ending : null
}
