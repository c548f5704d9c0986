/** What to send of a file of `size` bytes; `last` is inclusive. An empty whole has `last` −1. */
export type Selection = { status: 200 | 206; first: number; last: number } | { status: 304 } | { status: 416 }

type Conditions = {
  range?: string | undefined
  'if-range'?: string | string[] | undefined
  'if-none-match'?: string | undefined
}

/**
 * What a GET or HEAD asks for (RFC 9110, sections 13 and 14). `etag` is strong, quotes included. One range of bytes is
 * honoured; several, other units and what does not parse are answered with the whole file, as the RFC allows. Range means
 * nothing to HEAD. We keep no modification dates, so an `If-Range` with a date never matches.
 */
export const select = (method: string, headers: Conditions, etag: string, size: number): Selection => {
  if (headers['if-none-match'] !== undefined && matches(headers['if-none-match'], etag)) return { status: 304 }
  const whole = { status: 200, first: 0, last: size - 1 } as const
  if (method !== 'GET' || headers.range === undefined) return whole
  if (headers['if-range'] !== undefined && headers['if-range'] !== etag) return whole
  return oneRange(headers.range, size) ?? whole
}

/** `If-None-Match` compares weakly: `W/` makes no difference. */
const matches = (header: string, etag: string): boolean =>
  header.trim() === '*' || [...header.matchAll(/"[^"]*"/g)].some(([tag]) => tag === etag)

/** Undefined: not one range of bytes. */
const oneRange = (header: string, size: number): Selection | undefined => {
  const [, from, to] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header) ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? { status: 416 } : { status: 206, first: size - length, last: size - 1 }
  }
  const first = Number(from)
  const end = to === '' ? Number.POSITIVE_INFINITY : Number(to)
  if (end < first) return undefined
  return first >= size ? { status: 416 } : { status: 206, first, last: Math.min(end, size - 1) }
}
