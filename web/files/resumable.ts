/**
 * Addresses of unfinished uploads by what a browser knows of a file, kept in this browser so that the same file goes on after
 * the page was closed. An address is nobody's without a session; no token is kept.
 */

const PREFIX = 'valise-upload:'
const ADDRESS = /\/api\/v1\/ops\/uploads\/[A-Za-z0-9_-]{22}$/

const keyOf = ({ name, size, lastModified }: File): string => PREFIX + JSON.stringify([name, size, lastModified])

/** Storage may be forbidden or full: then nothing is remembered, and that is all. */
const tolerant = <T>(work: () => T): T | undefined => {
  try {
    return work()
  } catch {
    return undefined
  }
}

export const recall = (document: File): string | undefined => {
  const address = tolerant(() => localStorage.getItem(keyOf(document)))
  return address && ADDRESS.test(address) ? address : undefined
}

export const remember = (document: File, address: string): void =>
  tolerant(() => localStorage.setItem(keyOf(document), address))

export const forget = (document: File): void => tolerant(() => localStorage.removeItem(keyOf(document)))
