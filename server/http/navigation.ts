import type { IncomingHttpHeaders } from 'node:http'

/** Did a person follow a link in a browser? Programs say who they are by a header, and read problem documents. */
export const isNavigation = (headers: IncomingHttpHeaders): boolean => {
  if (headers.authorization !== undefined) return false
  const mode = headers['sec-fetch-mode']
  return mode === undefined ? /\btext\/html\b/i.test(headers.accept ?? '') : mode === 'navigate'
}
