/** When a hand-over ends, as people choose it. `date` is that of a date field, `YYYY-MM-DD` or empty. */
export type End = { choice: Choice; date: string }
export const endChoices = ['none', 'week', 'fortnight', 'month', 'date'] as const
export type Choice = (typeof endChoices)[number]

export const noEnd: End = { choice: 'none', date: '' }

const days = { week: 7, fortnight: 14, month: 30 } as const
const YEARS = 10

/** The last moment of a day where the reader is: whoever has a week has all of its last day. */
const lastMoment = (year: number, month: number, day: number): Date => new Date(year, month, day, 23, 59, 59, 999)

/** The end of a choice that is a number of days, as seen at `now`. */
export const endAfter = (choice: keyof typeof days, now: Date): Date =>
  lastMoment(now.getFullYear(), now.getMonth(), now.getDate() + days[choice])

/**
 * The moment an end stands for; null for none, undefined for a date that is not complete. The date is a day where the reader
 * is, and counts to its end.
 */
export const momentOf = ({ choice, date }: End, now: Date): Date | null | undefined => {
  if (choice === 'none') return null
  if (choice !== 'date') return endAfter(choice, now)
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)
  return parts ? lastMoment(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])) : undefined
}

/** Why an end cannot be sent, or undefined. The server's own bounds (server/files/ending.ts), said beforehand. */
export const wrongWith = (end: End, now: Date): 'missing' | 'over' | 'far' | undefined => {
  const at = momentOf(end, now)
  if (at === null) return undefined
  if (at === undefined) return 'missing'
  if (at <= now) return 'over'
  return at > furthest(now) ? 'far' : undefined
}

const furthest = (now: Date): Date => lastMoment(now.getFullYear() + YEARS, now.getMonth(), now.getDate())

const two = (value: number): string => String(value).padStart(2, '0')

/** A day where the reader is, as a date field takes it. */
export const dayOf = (at: Date): string =>
  `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`

/** The first and last day a date field offers. */
export const daysOffered = (now: Date) => ({ min: dayOf(now), max: dayOf(furthest(now)) })

/** The end a file has, as the choices show it. */
export const endOfFile = (expires_at: string | null): End =>
  expires_at === null ? noEnd : { choice: 'date', date: dayOf(new Date(expires_at)) }
