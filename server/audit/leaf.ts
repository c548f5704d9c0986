import { hash } from 'node:crypto'

/** Domain separation of RFC 6962: a leaf can never be mistaken for an inner node (01) of the log built over it. */
const LEAF = Buffer.of(0)

/** `SHA-256(00 || entry)`, 32 bytes, over the UTF-8 of the entry exactly as stored (formats.md, "Audit event"). */
export const leafOf = (entry: string): Buffer => hash('sha256', Buffer.concat([LEAF, Buffer.from(entry)]), 'buffer')

/**
 * What stands in an entry for a personal value: base64url of `SHA-256(salt || UTF-8 of the value's RFC 8785 text)`. The salt
 * is 16 bytes, fresh for every occurrence: without it, names and addresses could be guessed, and equal ones would show.
 */
export const commitment = (salt: Uint8Array, value: string): string => {
  if (salt.length !== 16) throw new TypeError('A salt has 16 bytes')
  return hash('sha256', Buffer.concat([Buffer.from(salt), Buffer.from(value)]), 'base64url')
}

/** 43 characters, of which the last carries four bits: the one spelling of 32 bytes. */
const SHAPE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

/** Whether a string in an entry is a commitment. Decisive, as `event.ts` commits to any other string of this shape too. */
export const isCommitment = (text: string): boolean => SHAPE.test(text)
