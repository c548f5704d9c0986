const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/

/**
 * Milliseconds since 1970 of an RFC 3339 time, digits beyond them dropped; undefined for anything else. Date.parse alone also
 * takes local times, the 30th of February and much prose. Leap seconds are refused, as no clock here ever shows one.
 */
export const parseTime = (text: string): number | undefined => {
  const upper = text.toUpperCase()
  const [, year, month, day] = RFC_3339.exec(upper) ?? []
  if (day === undefined) return undefined
  // Day 0 of the next month is the last of this one.
  if (Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()) return undefined
  const time = Date.parse(upper)
  return Number.isNaN(time) ? undefined : time
}
