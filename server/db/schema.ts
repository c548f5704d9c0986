import type { Generated, Kysely } from 'kysely'

/**
 * Every table, one type each; `migrations/` creates them. Times are milliseconds since 1970 (integers), ids are the
 * 22-character base64url of `product.md`, booleans are 0 or 1, JSON is text (formats.md: the bytes stored are the bytes
 * meant). Anyone may import these types; only `db/` knows which database is behind them.
 */
export type Schema = {
  meta: MetaTable
  accounts: AccountTable
  pending_signups: PendingSignupTable
  sessions: SessionTable
  devices: DeviceTable
  mail_tokens: MailTokenTable
  invitations: InvitationTable
  groups: GroupTable
  group_members: GroupMemberTable
  files: FileTable
  file_totals: FileTotalTable
  file_audience: FileAudienceTable
  file_terms: FileTermTable
  blob_removals: BlobRemovalTable
  scans: ScanTable
  uploads: UploadTable
  handoffs: HandoffTable
  handoff_files: HandoffFileTable
  handoff_clients: HandoffClientTable
  mail_files: MailFileTable
  notices: NoticeTable
  links: LinkTable
  downloads: DownloadTable
  deliveries: DeliveryTable
  outbox: OutboxTable
  audit_events: AuditEventTable
  audit_disclosures: AuditDisclosureTable
  audit_repeats: AuditRepeatTable
  audit_days: AuditDayTable
}

/** One row per fact about the installation: key check values, whether set-up is done, the hash of the set-up token. */
export type MetaTable = { name: string; value: string }

export type AccountTable = {
  id: string
  role: 'ops' | 'client'
  /** As typed, for people; `email_key` is the one form that two spellings of one mailbox share. Unique per role. */
  email: string
  email_key: string
  name: string
  /** PHC string; null until an invited person has chosen one. */
  password_hash: string | null
  admin: number
  email_verified_at: number | null
  disabled_at: number | null
  /** Raised by a password change or a disabling; sessions and links of an older epoch are dead. */
  epoch: Generated<number>
  /** Of mails to this person: what their browser asked for when they last signed in. */
  language: Generated<'en' | 'de'>
  created_at: number
}

/** A sign-up nobody has confirmed yet: its own record, so that strangers cannot prepare an account for somebody. */
export type PendingSignupTable = {
  id: string
  email: string
  email_key: string
  name: string
  password_hash: string
  language: 'en' | 'de'
  created_at: number
}

export type SessionTable = {
  /** Shown in lists; not the sid. */
  id: string
  sid_hash: Uint8Array
  account_id: string
  epoch: number
  created_at: number
  last_seen_at: number
  expires_at: number
  user_agent: string
  ip: string
}

/** A device cookie (OWASP): proof that this browser once signed in to this account. */
export type DeviceTable = { hash: Uint8Array; account_id: string; created_at: number; last_used_at: number }

export type MailPurpose = 'verify' | 'reset' | 'invitation' | 'sign_in'

export type MailTokenTable = {
  hash: Uint8Array
  purpose: MailPurpose
  /** The account, pending sign-up or invitation the token is for. */
  subject_id: string
  created_at: number
  expires_at: number
  used_at: number | null
}

export type InvitationTable = {
  id: string
  email: string
  email_key: string
  role: 'ops' | 'client'
  /** JSON array of group ids. */
  group_ids: string
  /** The id that the account of this address and role will have: what is shared with it before is there when it comes. */
  account_id: string
  invited_by: string
  created_at: number
  expires_at: number
  accepted_at: number | null
  revoked_at: number | null
}

export type GroupTable = { id: string; name: string; name_key: string; created_by: string; created_at: number }

export type GroupMemberTable = { group_id: string; account_id: string }

export type FileTable = {
  id: string
  /** NFC. */
  name: string
  type: 'docx' | 'xlsx' | 'pptx'
  size: number
  sha256: Uint8Array
  status: 'available' | 'pending' | 'expired'
  uploaded_by: string
  uploaded_at: number
  expires_at: number | null
  /** When it expired; after the grace time it is erased. */
  expired_at: number | null
  /** Whether the uploader gets a mail when a client has fetched it for the first time. */
  tell_uploader: number
  /** JSON array of findings. */
  findings: string
  /** The 65 bytes of formats.md; without them the blob is noise. */
  wrap: Uint8Array
  kek_id: string
  /** Random name in storage, unrelated to the id. */
  blob: string
}

/** How many files each uploader has, their bytes, and how many of them wait for the scanner: sums that triggers keep. */
export type FileTotalTable = { owner_id: string; files: number; bytes: number; pending: number }

/**
 * Who may see a file, one row per grant. `subject` is `everyone`, `group:<id>` or `client:<id>`; `uploaded_at` repeats the
 * file's so that one index answers "the newest fifty for this subject".
 */
export type FileAudienceTable = { subject: string; uploaded_at: number; file_id: string }

/** The words of a file's name (NFKC, case-folded), for search by beginnings. */
export type FileTermTable = { term: string; file_id: string; uploaded_at: number }

/**
 * Blobs without a file: written before an upload's first byte and removed with its commit, or written by the commit that
 * deletes a file. `after` says when the sweep may take it.
 */
export type BlobRemovalTable = { blob: string; after: number }

/** What the malware scanner says of a file. No row: it was not scanned. */
export type ScanTable = {
  file_id: string
  /** `waiting`: it has not answered. `hit`: found later, by a scan of stored files. `released`: an administrator decided. */
  state: 'clean' | 'waiting' | 'hit' | 'released'
  /** Raised by every change, so that a scan that began before one does not overrule it. */
  number: number
  /** When `state` became what it is. */
  since: number
  scanned_at: number | null
  /** While waiting. */
  next_attempt_at: number | null
  attempts: number
  /** Why the scanner did not answer, for people. */
  problem: string | null
}

/**
 * A resumable upload that is not a file yet (`id` becomes the file's). Its blob stands in `blob_removals` too. What is after the
 * last full segment of a request that ended normally is the sealed tail (formats.md).
 */
export type UploadTable = {
  id: string
  owner: string
  name: string
  /** Bytes of plaintext announced by the client. */
  size: number
  /** Bytes of plaintext that are durable: full segments and tail. Equal to `size` only when the blob is committed. */
  offset: number
  /** The SHA-256 the client says the file has; null when it said none. */
  sha256: Uint8Array | null
  /** JSON of the audience asked for; null for the default. */
  audience: string | null
  /** Null once it has ended: then nothing opens what was sealed. */
  wrap: Uint8Array | null
  kek_id: string
  blob: string
  /** The 74 bytes the blob begins with, since an unfinished blob cannot be read; null while there is no full segment. */
  header: Uint8Array | null
  tail: Uint8Array | null
  /** Raised by every writer that takes the upload over: an older one is fenced. */
  epoch: number
  created_at: number
  expires_at: number
  /** Set in the transaction that makes it a file, refuses it or ends it; a row lives on until `expires_at` for late requests. */
  ended: 'file' | 'refused' | 'terminated' | null
  /** What a refused upload answers once more: JSON of the problem. */
  problem: string | null
}

/** One act of handing over: these files, to these people, with these words. */
export type HandoffTable = { id: string; sent_by: string; at: number; note: string | null; notify: number }
export type HandoffFileTable = { handoff_id: string; file_id: string }
/** Who it was for, person by person, as of that moment: its words are for them and nobody else. Ids may be of invited people. */
export type HandoffClientTable = { handoff_id: string; client_id: string }

/**
 * Which files a mail names, and (unless it tells their uploader something) to which client: the evidence that this client was
 * told of this file, once the relay has accepted the mail.
 */
export type MailFileTable = {
  mail_id: string
  file_id: string
  client_id: string | null
  about: NoticeTable['about']
  accepted_at: number | null
}

/**
 * A message somebody is to get by mail, once per `about`, `ref` and client. `ref`: the hand-off, or the file. A row without
 * `settled_at` waits for the notifier; several of one recipient may become one mail.
 */
export type NoticeTable = {
  about: 'handoff' | 'reminder' | 'expiry' | 'fetched' | 'asked'
  ref: string
  client_id: string
  created_at: number
  /** Not before. */
  due_at: number
  /** Mailed, or nothing left to tell. */
  settled_at: number | null
}

export type LinkTable = {
  id: string
  file_id: string
  client_id: string
  /** The client's epoch at issue. */
  epoch: number
  created_at: number
  expires_at: number
  single_use: number
  /** Plaintext bytes this link may still send; null when not single use. */
  allowance: number | null
  spent_at: number | null
  revoked_at: number | null
}

/** One redemption (link × session): claimed before its first byte, updated as ranges are sent. */
export type DownloadTable = {
  id: string
  link_id: string
  session_id: string
  client_id: string
  file_id: string
  started_at: number
  last_at: number
  /** What this download alone has sent, as in deliveries. */
  ranges: string
  bytes_sent: number
  completed_at: number | null
  /** When its one end event was written: complete, withdrawn, or quiet for a while. */
  ended_at: number | null
  /** Which stream may write: a newer request on a single-use link raises it and thereby ends the older. */
  stream: number
}

/** What a client has received of a file over all links: the union of byte ranges, JSON `[[from,to),…]` sorted, merged. */
export type DeliveryTable = {
  file_id: string
  client_id: string
  ranges: string
  bytes_sent: number
  first_download_at: number
  last_download_at: number
  downloads: number
  completed_at: number | null
  confirmed_at: number | null
  acknowledged_at: number | null
}

export type OutboxTable = {
  id: string
  kind: string
  /** The sealed message (address, subject, text, HTML); null once the relay has accepted it or sending was given up. */
  sealed: Uint8Array | null
  created_at: number
  next_attempt_at: number
  attempts: number
  accepted_at: number | null
  failed_at: number | null
  last_error: string | null
}

export type AuditEventTable = {
  seq: number
  id: string
  at: number
  kind: string
  /** Account ids for filters; the entry holds them salted. */
  actor_id: string | null
  file_id: string | null
  /** Owner of the file at the time, so that ops see events about their own files after the file is gone. */
  owner_id: string | null
  /** The exact RFC 8785 text that the leaf hashes. */
  entry: string
  leaf: Uint8Array
}

/** Personal values and salts of an entry, erasable without touching it. */
export type AuditDisclosureTable = { event_id: string; path: string; salt: Uint8Array; value: string }

/**
 * What happened to the files of `owner_id` on a UTC day (`2026-01-31`): files shared for the first time, and deliveries (file ×
 * client). Counted as events are appended, so that it outlives the files.
 */
export type AuditDayTable = { day: string; owner_id: string; handed_over: number; delivered: number }

/**
 * How often an event that is recorded once per account, kind and window happened. For `client.viewed` the account is two, who
 * looked and at whom, with a colon between.
 */
export type AuditRepeatTable = { account_id: string; kind: string; window: number; event_id: string; count: number }

/** Reads, in or outside a transaction. */
export type Reader = Pick<Kysely<Schema>, 'selectFrom' | 'selectNoFrom' | 'with' | 'fn' | 'getExecutor'>

/** A transaction. Verbs that write take one; it is dead once the function it was given to has returned. */
export type Tx = Kysely<Schema>

export type Db = {
  /** Reads only; never inside `write` (another connection: it does not see what the transaction wrote). */
  read: Reader
  /**
   * Runs `fn` in a transaction and resolves after COMMIT is durable. Throwing rolls back. No mail, file or hash inside: it
   * holds the one write connection (SQLite). May share its COMMIT with others, never its fate: each has a savepoint.
   */
  write<T>(fn: (tx: Tx) => Promise<T>): Promise<T>
  /** Makes deleted content unreadable on disk (SQLite: truncating checkpoint). False: a reader was in the way, try again. */
  erase(): Promise<boolean>
  /** Milliseconds since 1970 by the database's clock. */
  now(): Promise<number>
  close(): Promise<void>
}
