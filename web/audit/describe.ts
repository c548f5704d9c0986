import type { AuditEvent } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import { formatSize, formatTime } from '../ui/format.ts'

/** A recorded value by its path; undefined where there is none, a word where it has been erased. */
const valueAt = (from: unknown, ...path: string[]): string | number | boolean | undefined => {
  let value = from
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !(name in value)) return undefined
    value = Object.entries(value).find(([key]) => key === name)?.[1]
  }
  if (value === null) return deskText.audit.erased
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined
}

const textAt = (from: unknown, ...path: string[]): string | undefined => {
  const value = valueAt(from, ...path)
  return value === undefined ? undefined : String(value)
}

/** What it is about: a name if it has one, else an address. */
export const subjectOf = ({ subject }: AuditEvent): string | undefined =>
  textAt(subject, 'name') ?? textAt(subject, 'email')

/** Id of the file it is about, if that is still there to be looked at. */
export const fileOf = ({ kind, subject }: AuditEvent): string | undefined =>
  kind === 'file.deleted' || kind === 'file.refused' ? undefined : textAt(subject, 'file')

/** Who did it, from what address. */
export const actorOf = ({ actor }: AuditEvent): string => {
  if (actor === null) return deskText.audit.itself
  const [name, email] = [textAt(actor, 'name'), textAt(actor, 'email')]
  return deskText.audit.by(email === undefined || email === name ? (name ?? '') : `${name ?? ''} (${email})`)
}

/** What else is worth a word: for whom, how much, until when, how often. */
export const detailsOf = ({ kind, data, count }: AuditEvent): string[] => {
  const words = deskText.audit
  const found: string[] = []
  if (valueAt(data, 'everyone') === true) found.push(words.to(deskText.audience.everyone))
  const whom = textAt(data, 'group', 'name') ?? textAt(data, 'client', 'email')
  if (whom !== undefined) found.push(words.to(whom))
  const bytes = valueAt(data, 'bytes_sent') ?? valueAt(data, 'size')
  if (typeof bytes === 'number') found.push(formatSize(bytes))
  const ends = valueAt(data, 'expires_at')
  if (kind === 'file.handed_over' || kind === 'file.expiry_changed' || kind === 'file.expired')
    found.push(
      typeof ends === 'string' && !Number.isNaN(Date.parse(ends)) ? words.until(formatTime(ends)) : words.noEnd,
    )
  if (count > 1) found.push(words.times(count))
  return found
}
