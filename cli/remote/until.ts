import { CliError } from '../exit.ts'

/** `2026-12-31`, or an RFC 3339 time → RFC 3339; a day alone is meant to its end, where this program runs. */
export const endOfDay = (text: string): string => {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []
  const at = year === undefined ? new Date(text) : new Date(Number(year), Number(month) - 1, Number(day), 23, 59, 59)
  const valid = /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(at.getTime())
  if (!valid || (day !== undefined && at.getDate() !== Number(day)))
    throw new CliError('usage', `"${text}" is no day: --until takes one like 2026-12-31.`)
  if (at.getTime() <= Date.now()) throw new CliError('usage', `"${text}" is over: --until takes a day to come.`)
  return at.toISOString()
}
