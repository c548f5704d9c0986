import { Type } from 'typebox'
import { AuditKind } from './audit.ts'
import { Body, Id, type Static } from './wire.ts'

/**
 * Server-sent events: what to look at again, never what is to be seen there. Inside: `file` and `other`; outside: `files`. At
 * both doors `reset` (more happened than is told: look at everything again) and `end` (this stream is over; whether the session
 * is, too, the next request tells). The data of events that say nothing more is `{}`.
 */
export const eventNames = ['file', 'other', 'files', 'reset', 'end'] as const
export type EventName = (typeof eventNames)[number]

/** Data of `file`: something happened to this file. */
export const FileNews = Body({ file: Id, kind: AuditKind })
export type FileNews = Static<typeof FileNews>
/** Data of `other`: something happened that is not about one file. */
export const OtherNews = Body({ kind: AuditKind })
export type OtherNews = Static<typeof OtherNews>
/** A stream as a whole: text/event-stream. */
export const EventStream = Type.String({ title: 'EventStream', description: 'Server-sent events' })
