import { Type } from 'typebox'
import { Answer, Body, Nullable, type Static, Time } from './wire.ts'

/** A mail of the development mailbox, which exists on one machine only, before anybody has set up real mail. */
const summary = {
  name: Type.String({ description: 'Name under which the mail is read' }),
  from: Type.String(),
  to: Type.String(),
  subject: Type.String(),
  date: Time,
}
export const MailSummary = Answer(summary, 'MailSummary')
export type MailSummary = Static<typeof MailSummary>

export const Mail = Answer({ ...summary, text: Type.String() }, 'Mail')
export type Mail = Static<typeof Mail>

/** Newest first, the newest hundred: `next_cursor` is always null. */
export const Mails = Answer({ items: Type.Array(MailSummary), next_cursor: Nullable(Type.String()) })

export const MailName = Body({ name: Type.String({ minLength: 1, maxLength: 128 }) })
