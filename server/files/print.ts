import { toBase64url } from '../crypto/encoding.ts'
import { sha256 } from '../crypto/hash.ts'

/** A short text that changes when anything on a page of a list does. */
export const printOf = (page: object): string => toBase64url(sha256(JSON.stringify(page)))
