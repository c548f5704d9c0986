import type { AuditKind } from '../../contract/audit.ts'
import type { Actor, Fields, FileRef, Person, Personal } from './event.ts'

/** RFC 3339. */
type Time = string
/** A lower-case word such as `signed_out`: never text that a person wrote. */
type Word = string

type Group = { group: string; name: Personal }
type Invitation = { invitation: string; email: Personal; role: 'ops' | 'client' }
type Client = { id: Personal; email: Personal }
/** Whom a file is visible to. */
export type Grant = { everyone: true } | { group: Group } | { client: Client }
type Mail = { mail: string }

/**
 * What an event of each kind says besides who and when. With `file`, its id, owner, name and SHA-256 become the subject. Ids
 * that stand here as plain strings (links, sessions, groups …) name no person.
 */
type Kinds = Every<{
  'setup.completed': { subject: Person }
  'account.signup_started': { subject: { signup: string; email: Personal; name: Personal } }
  'account.verified': { subject: Person }
  'account.created': {
    subject: Person
    data: { by: 'setup' | 'signup' | 'invitation' | 'command_line'; admin: boolean }
  }
  'account.disabled': { subject: Person }
  'account.enabled': { subject: Person }
  'account.password_changed': { subject: Person; data: { by: Word } }
  'session.started': { subject: { session: string }; data: { by: Word; transport: 'bearer' | 'cookie' } }
  'session.ended': { subject: { session: string }; data: { by: Word } }
  'session.refused': { subject: Person; data: { reason: Word } }
  'invitation.created': { subject: Invitation; data: { groups: Group[] } }
  'invitation.revoked': { subject: Invitation }
  'invitation.accepted': { subject: Invitation }
  'group.created': { subject: Group }
  'group.renamed': { subject: Group; data: { before: Personal } }
  'group.members_changed': { subject: Group; data: { added: Client[]; removed: Client[] } }
  'group.deleted': { subject: Group }
  'file.uploaded': { file: FileRef; data: { type: string; size: number; findings: Word[]; scan: Word } }
  'file.refused': { file: FileRef; data: { findings: Word[]; size?: number } }
  'file.shared': { file: FileRef; data: Grant }
  'file.withdrawn': { file: FileRef; data: Grant }
  /** One act for several files; `note` was sent with them. */
  'file.handed_over': {
    file: FileRef
    data: { handoff: string; expires_at: Time | null; note?: Personal; notify: boolean }
  }
  'file.expiry_changed': { file: FileRef; data: { before: Time | null; expires_at: Time | null } }
  'file.expired': { file: FileRef; data: { expires_at: Time } }
  /** On request of ops, or (no actor) before its time ends. */
  'file.reminded': { file: FileRef; data: { clients: number } }
  /** A client asked for an expired file again. */
  'file.asked_for': { file: FileRef }
  'file.deleted': { file: FileRef; data?: { reason: Word } }
  'file.damaged': { file: FileRef; data?: { reason: Word } }
  /** Of a stored file. A hit withdraws it; `signature` is the scanner's name for what it found. */
  'file.scanned': { file: FileRef; data: { result: 'clean' | 'hit'; signature?: string } }
  /** An administrator let it go without, or against, the scanner. */
  'file.released': { file: FileRef; data: { scan: 'waiting' | 'hit' } }
  'link.issued': { file: FileRef; data: { link: string; expires_at: Time; single_use: boolean } }
  'link.revoked': { file: FileRef; data: { link: string } }
  'file.download_started': { file: FileRef; data: { download: string; link: string } }
  'file.download_refused': { file: FileRef; data: { link: string; reason: Word } }
  'file.download_ended': { file: FileRef; data: { download: string; link: string; bytes_sent: number; reason: Word } }
  'file.delivered': { file: FileRef; data: { download: string; link: string; bytes_sent: number } }
  /** The client's program compared what it holds with the SHA-256 of the file. */
  'file.confirmed': { file: FileRef }
  /** The client pressed "I have received this". */
  'file.acknowledged': { file: FileRef }
  /** Somebody inside looked at a client's list as the client sees it. */
  'client.viewed': { subject: Person }
  'mail.accepted': { subject: Mail; file?: FileRef; data: { about: Word; client?: Client } }
  'mail.given_up': { subject: Mail; file?: FileRef; data: { about: Word } }
  'keys.rotated': { data: { from: string; to: string; files: number } }
  'keys.destroyed': { data: { key: string } }
}>

type Content = { subject?: Fields; file?: FileRef; data?: Fields }

/** Refuses to compile while a kind of the contract has no row. */
type Every<T extends Record<AuditKind, Content>> = T

type Event<K extends AuditKind> = { kind: K; actor: Actor | null } & Kinds[K]

/** Kinds that a request can cause as often as it likes: recorded once per account, kind and ten minutes, then counted. */
export type RefusalKind = Extract<AuditKind, `${string}refused`>
type AppendedKind = Exclude<AuditKind, RefusalKind | 'client.viewed'>

/** Everything that `append` takes: one member per kind. */
export type NewEvent = { [K in AppendedKind]: Event<K> }[AppendedKind]

/** Everything that `refused` takes. `account` is the one it was tried with or against. */
export type Refusal = { [K in RefusalKind]: Event<K> & { account: string } }[RefusalKind]

/** What `viewed` takes. */
export type Viewing = Event<'client.viewed'> & { actor: Actor; client: string }
