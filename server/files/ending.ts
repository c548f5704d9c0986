import { invalid } from '../errors.ts'

/** Furthest end of a file: dates beyond are typing mistakes. */
const FURTHEST = 10 * 366 * 24 * 3_600_000

/**
 * The end a request asks for, in milliseconds since 1970; null for none, undefined when it says nothing. Throws 400 for a time
 * that is over or more than ten years away.
 */
export const endOf = (text: string | null | undefined, now: number): number | null | undefined => {
  if (text === null || text === undefined) return text
  const at = Date.parse(text)
  if (!(at > now)) throw invalid('expires_at', 'must be in the future')
  if (at - now > FURTHEST) throw invalid('expires_at', 'is more than ten years away')
  return at
}
