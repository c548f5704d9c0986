import type { Reader } from '../db/schema.ts'
import { dayOf } from './store.ts'

const DAY = 86_400_000

export type Day = { day: string; handed_over: number; delivered: number }

/**
 * What was handed over and delivered on each of the last `count` UTC days, oldest first, `at` (milliseconds since 1970) being
 * on the last: of one owner's files, or of everybody's. Reads a row per day and owner.
 */
export const countDays = async (
  db: Reader,
  { owner, at, count }: { owner: string | undefined; at: number; count: number },
): Promise<Day[]> => {
  const days = Array.from({ length: count }, (_, i) => dayOf(at - (count - 1 - i) * DAY))
  let query = db.selectFrom('audit_days').select(['day', 'handed_over', 'delivered']).where('day', 'in', days)
  if (owner !== undefined) query = query.where('owner_id', '=', owner)
  const byDay = new Map<string, Day>(days.map(day => [day, { day, handed_over: 0, delivered: 0 }]))
  for (const row of await query.execute()) {
    const sum = byDay.get(row.day)
    if (!sum) continue
    sum.handed_over += row.handed_over
    sum.delivered += row.delivered
  }
  return [...byDay.values()]
}
