import type { AuditEvent } from '../api.ts'
import { deskText } from '../messages/desk-text.ts'
import type { Told } from '../messages/handing-over.en.ts'
import { formatSize, formatTime } from '../ui/format.ts'

/** Kinds of events that can be about a file; the catalogue has a sentence for each, or does not compile. */
type FileKind = Extract<AuditEvent['kind'], `file.${string}` | `link.${string}` | `mail.${string}`>

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const textIn = (object: unknown, name: string): string => {
  const value = isObject(object) ? object[name] : undefined
  return typeof value === 'string' ? value : ''
}

const numberIn = (object: unknown, name: string): number => {
  const value = isObject(object) ? object[name] : undefined
  return typeof value === 'number' ? value : 0
}

/** Who did it: by name, by address, or (both erased since) somebody. */
export const whoOf = ({ actor }: Pick<AuditEvent, 'actor'>): string =>
  actor === null
    ? deskText.timeline.service
    : textIn(actor, 'name') || textIn(actor, 'email') || deskText.timeline.somebody

/** Whom it was for: everyone, a group or one client. */
const whomOf = ({ everyone, group, client }: AuditEvent['data']): string => {
  if (everyone === true) return deskText.timeline.everyone
  if (isObject(group)) return deskText.timeline.group(textIn(group, 'name'))
  return textIn(client, 'email') || deskText.timeline.somebody
}

const toldOf = (event: AuditEvent): Told => {
  const { data } = event
  const until = textIn(data, 'expires_at')
  return {
    who: whoOf(event),
    whom: whomOf(data),
    byService: event.actor === null,
    until: until === '' ? undefined : formatTime(until),
    size: formatSize(numberIn(data, 'bytes_sent')),
    count: numberIn(data, 'clients'),
    notify: data.notify === true,
    about: textIn(data, 'about'),
    reason: textIn(data, 'reason'),
    result: textIn(data, 'result'),
    scan: textIn(data, 'scan'),
  }
}

const isFileKind = (kind: string, kinds: Record<FileKind, unknown>): kind is FileKind => kind in kinds

/** An event about a file as a sentence; of a kind that is about none, its name. */
export const sentenceOf = (event: AuditEvent): string => {
  const kinds: Record<FileKind, (told: Told) => string> = deskText.timeline.kinds
  return isFileKind(event.kind, kinds) ? kinds[event.kind](toldOf(event)) : event.kind
}

/** The words that were sent with the file, if the event has them. */
export const noteOf = ({ data }: AuditEvent): string => textIn(data, 'note')
