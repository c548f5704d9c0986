import { locale } from '../messages/text.ts'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** 52428800 → `52.4 MB`, `52,4 MB`: this and the others in the way of writing that `locale` names. */
export const formatSize = (bytes: number): string => {
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 || value >= 100 ? 0 : 1,
  }).format(value)
}

export const formatPercent = (part: number): string =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(part)

/** RFC 3339 → a date and a time of day. */
export const formatTime = (at: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at))

const steps = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** RFC 3339 → `in 9 minutes`, `2 days ago`, as seen at `now` (milliseconds). */
export const formatDistance = (at: string, now: number): string => {
  const seconds = (Date.parse(at) - now) / 1000
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit)
  }
  return relative.format(Math.trunc(seconds), 'second')
}

/** Seconds → `8 seconds`, `3 minutes`, `2 hours`: an estimate needs no more. */
export const formatLeft = (seconds: number): string => {
  const [unit, value] =
    seconds < 60 ? ['second', seconds] : seconds < 3600 ? ['minute', seconds / 60] : ['hour', seconds / 3600]
  return new Intl.NumberFormat(locale, { style: 'unit', unit: String(unit), unitDisplay: 'long' }).format(
    Math.max(1, Math.ceil(Number(value))),
  )
}

/** `2026-01-31`, a UTC day → that day, without its year. */
export const formatDay = (day: string): string =>
  new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(day))

/** 12345 → `12,345`. */
export const formatCount = (count: number): string => new Intl.NumberFormat(locale).format(count)
