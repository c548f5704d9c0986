import { Type } from 'typebox'
import { Answer, Body, Email, Id, Line, Nullable, Page, Paging, type Static, Time } from './wire.ts'

/**
 * Every kind of event there is (formats.md, "Audit event"). A kind names what happened, in the past; adding one here is all
 * it takes for the log, the list and its filter.
 */
export const auditKinds = [
  'setup.completed',
  'account.signup_started',
  'account.verified',
  'account.created',
  'account.disabled',
  'account.enabled',
  'account.password_changed',
  'session.started',
  'session.ended',
  'session.refused',
  'invitation.created',
  'invitation.revoked',
  'invitation.accepted',
  'group.created',
  'group.renamed',
  'group.members_changed',
  'group.deleted',
  'file.uploaded',
  'file.refused',
  'file.shared',
  'file.withdrawn',
  'file.handed_over',
  'file.expiry_changed',
  'file.expired',
  'file.reminded',
  'file.asked_for',
  'file.deleted',
  'file.damaged',
  'file.scanned',
  'file.released',
  'link.issued',
  'link.revoked',
  'file.download_started',
  'file.download_refused',
  'file.download_ended',
  'file.delivered',
  'file.confirmed',
  'file.acknowledged',
  'client.viewed',
  'mail.accepted',
  'mail.given_up',
  'keys.rotated',
  'keys.destroyed',
] as const

export type AuditKind = (typeof auditKinds)[number]
export const AuditKind = Type.Enum(auditKinds, { type: 'string' })

/** Values as they were recorded; a personal value that has been erased since is null. */
export const AuditEvent = Answer(
  {
    seq: Type.Integer(),
    id: Id,
    at: Time,
    kind: AuditKind,
    actor: Nullable(Type.Record(Type.String(), Type.Unknown())),
    subject: Nullable(Type.Record(Type.String(), Type.Unknown())),
    data: Type.Record(Type.String(), Type.Unknown()),
    count: Type.Integer({ description: 'how often within its ten minutes; 1 unless a refusal repeated' }),
  },
  'AuditEvent',
)
export type AuditEvent = Static<typeof AuditEvent>
export const AuditEvents = Page(AuditEvent)

export const ListAudit = Body({
  ...Paging,
  kind: Type.Optional(AuditKind),
  actor: Type.Optional(Type.Union([Id, Email], { description: 'id or e-mail address' })),
  file: Type.Optional(Id),
  since: Type.Optional(Line(1, 40, 'RFC 3339 time')),
})
