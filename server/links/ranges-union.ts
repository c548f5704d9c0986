/** Bytes `from` to `to`, the latter exclusive. */
export type Span = readonly [from: number, to: number]

/** `spans` (sorted, apart) with one more; touching ones become one. An empty span changes nothing. */
export const addSpan = (spans: readonly Span[], [from, to]: Span): Span[] => {
  if (to <= from) return [...spans]
  const before = spans.filter(span => span[1] < from)
  const after = spans.filter(span => span[0] > to)
  const joined = spans.slice(before.length, spans.length - after.length)
  const first = joined[0]?.[0] ?? from
  const last = joined.at(-1)?.[1] ?? to
  return [...before, [Math.min(first, from), Math.max(last, to)], ...after]
}

/** How many bytes they hold. */
export const coveredBytes = (spans: readonly Span[]): number => spans.reduce((sum, [from, to]) => sum + to - from, 0)

/** From the column's JSON, which is ours. @throws Error if it is not what `JSON.stringify` of spans gives. */
export const parseSpans = (json: string): Span[] => {
  const value: unknown = JSON.parse(json)
  if (!Array.isArray(value)) throw new Error('not a list of byte ranges')
  return value.map(pair => {
    if (!Array.isArray(pair) || !Number.isSafeInteger(pair[0]) || !Number.isSafeInteger(pair[1])) {
      throw new Error('not a byte range')
    }
    return [Number(pair[0]), Number(pair[1])]
  })
}
