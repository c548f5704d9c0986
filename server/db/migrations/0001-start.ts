import type { ColumnTypes } from './types.ts'

/** Everything the first version keeps. Columns are explained in `../schema.ts`. */
export const start = ({ int, bytes }: ColumnTypes): string[] => [
  `create table meta (name text primary key, value text not null)`,

  `create table accounts (
    id text primary key, role text not null check (role in ('ops','client')), email text not null, email_key text not null,
    name text not null, password_hash text, admin ${int} not null check (admin in (0,1)), email_verified_at ${int},
    disabled_at ${int}, epoch ${int} not null default 0, language text not null default 'en', created_at ${int} not null,
    unique (email_key, role))`,
  `create index accounts_by_age on accounts (role, created_at, id)`,
  `create index accounts_by_role on accounts (role, id)`,

  `create table pending_signups (
    id text primary key, email text not null, email_key text not null, name text not null, password_hash text not null,
    language text not null,
    created_at ${int} not null)`,
  `create index pending_signups_by_email on pending_signups (email_key, created_at)`,
  `create index pending_signups_by_age on pending_signups (created_at)`,

  `create table sessions (
    id text primary key, sid_hash ${bytes} not null unique, account_id text not null references accounts (id),
    epoch ${int} not null, created_at ${int} not null, last_seen_at ${int} not null, expires_at ${int} not null,
    user_agent text not null, ip text not null)`,
  `create index sessions_by_account on sessions (account_id, created_at, id)`,
  `create index sessions_by_expiry on sessions (expires_at)`,

  `create table devices (
    hash ${bytes} primary key, account_id text not null references accounts (id), created_at ${int} not null,
    last_used_at ${int} not null)`,
  `create index devices_by_account on devices (account_id, last_used_at)`,

  `create table mail_tokens (
    hash ${bytes} primary key, purpose text not null, subject_id text not null, created_at ${int} not null,
    expires_at ${int} not null, used_at ${int})`,
  `create index mail_tokens_by_subject on mail_tokens (subject_id, purpose, expires_at)`,
  `create index mail_tokens_by_expiry on mail_tokens (expires_at)`,

  `create table invitations (
    id text primary key, email text not null, email_key text not null, role text not null, group_ids text not null,
    account_id text not null,
    invited_by text not null references accounts (id), created_at ${int} not null, expires_at ${int} not null,
    accepted_at ${int}, revoked_at ${int})`,
  `create index invitations_by_age on invitations (created_at, id)`,
  `create index invitations_by_email on invitations (email_key, role, created_at)`,
  `create index invitations_by_account on invitations (account_id)`,
  `create index invitations_by_inviter on invitations (invited_by, created_at, id)`,

  `create table groups (
    id text primary key, name text not null, name_key text not null unique, created_by text not null references accounts (id),
    created_at ${int} not null)`,
  `create index groups_by_age on groups (created_at, id)`,
  `create table group_members (
    group_id text not null references groups (id), account_id text not null references accounts (id),
    primary key (account_id, group_id))`,
  `create index group_members_by_group on group_members (group_id, account_id)`,

  `create table files (
    id text primary key, name text not null, type text not null, size ${int} not null, sha256 ${bytes} not null,
    status text not null check (status in ('available','pending','expired')),
    uploaded_by text not null references accounts (id), uploaded_at ${int} not null, expires_at ${int}, expired_at ${int},
    tell_uploader ${int} not null default 0, findings text not null,
    wrap ${bytes} not null, kek_id text not null, blob text not null unique)`,
  `create index files_by_age on files (uploaded_at, id)`,
  `create index files_by_uploader on files (uploaded_by, uploaded_at, id)`,
  `create index files_by_status on files (status, uploaded_at, id)`,
  `create index files_by_name on files (name, uploaded_at, id)`,
  `create index files_by_kek on files (kek_id)`,
  `create index files_ending on files (expires_at) where expires_at is not null`,
  `create index files_by_end on files (status, expires_at) where expires_at is not null`,
  `create index files_ended on files (expired_at) where expired_at is not null`,
  `create index files_ending_by_uploader on files (uploaded_by, expires_at) where expires_at is not null`,
  `create table file_totals (
    owner_id text primary key, files ${int} not null, bytes ${int} not null, pending ${int} not null)`,
  // Kept by the database itself: whatever makes, changes or ends a file, the sums stay those of its rows.
  `create trigger files_counted after insert on files begin
    insert into file_totals values (new.uploaded_by, 1, new.size, new.status = 'pending')
    on conflict (owner_id) do update set
      files = files + 1, bytes = bytes + new.size, pending = pending + (new.status = 'pending'); end`,
  `create trigger files_uncounted after delete on files begin
    update file_totals set files = files - 1, bytes = bytes - old.size, pending = pending - (old.status = 'pending')
    where owner_id = old.uploaded_by; end`,
  `create trigger files_recounted after update of status on files when old.status <> new.status begin
    update file_totals set pending = pending + (new.status = 'pending') - (old.status = 'pending')
    where owner_id = new.uploaded_by; end`,
  `create table file_audience (
    subject text not null, uploaded_at ${int} not null, file_id text not null references files (id) on delete cascade,
    primary key (subject, uploaded_at, file_id))`,
  `create index file_audience_by_file on file_audience (file_id, subject)`,
  `create table file_terms (
    term text not null, file_id text not null references files (id) on delete cascade, uploaded_at ${int} not null,
    primary key (term, uploaded_at, file_id))`,
  `create index file_terms_by_file on file_terms (file_id, term)`,
  `create table blob_removals (blob text primary key, after ${int} not null)`,
  `create index blob_removals_due on blob_removals (after)`,

  `create table scans (
    file_id text primary key references files (id) on delete cascade,
    state text not null check (state in ('clean','waiting','hit','released')), number ${int} not null, since ${int} not null,
    scanned_at ${int}, next_attempt_at ${int}, attempts ${int} not null, problem text)`,
  `create index scans_due on scans (next_attempt_at) where next_attempt_at is not null`,

  `create table uploads (
    id text primary key, owner text not null references accounts (id), name text not null, size ${int} not null,
    "offset" ${int} not null, sha256 ${bytes}, audience text, wrap ${bytes}, kek_id text not null, blob text not null unique,
    header ${bytes}, tail ${bytes}, epoch ${int} not null, created_at ${int} not null, expires_at ${int} not null,
    ended text check (ended in ('file','refused','terminated')), problem text)`,
  `create index uploads_by_expiry on uploads (expires_at)`,
  `create index uploads_by_owner on uploads (owner, created_at, id) where ended is null`,
  `create index uploads_by_kek on uploads (kek_id) where wrap is not null`,

  `create table handoffs (
    id text primary key, sent_by text not null references accounts (id), at ${int} not null, note text, notify ${int} not null)`,
  `create table handoff_files (
    handoff_id text not null references handoffs (id) on delete cascade,
    file_id text not null references files (id) on delete cascade, primary key (file_id, handoff_id))`,
  `create index handoff_files_by_handoff on handoff_files (handoff_id, file_id)`,
  `create table handoff_clients (
    handoff_id text not null references handoffs (id) on delete cascade, client_id text not null,
    primary key (handoff_id, client_id))`,
  `create index handoff_clients_by_client on handoff_clients (client_id)`,
  `create table mail_files (
    mail_id text not null, file_id text not null references files (id) on delete cascade, client_id text, about text not null,
    accepted_at ${int}, primary key (mail_id, file_id))`,
  `create index mail_files_by_file on mail_files (file_id, client_id, about, accepted_at)`,
  `create table notices (
    about text not null check (about in ('handoff','reminder','expiry','fetched','asked')), ref text not null,
    client_id text not null references accounts (id), created_at ${int} not null, due_at ${int} not null, settled_at ${int},
    primary key (ref, client_id, about))`,
  `create index notices_due on notices (due_at) where settled_at is null`,
  `create index notices_of_client on notices (client_id, about, due_at) where settled_at is null`,
  `create index notices_of_kind on notices (about, due_at) where settled_at is null`,

  `create table links (
    id text primary key, file_id text not null references files (id) on delete cascade,
    client_id text not null references accounts (id), epoch ${int} not null, created_at ${int} not null,
    expires_at ${int} not null, single_use ${int} not null, allowance ${int}, spent_at ${int}, revoked_at ${int})`,
  `create index links_by_file on links (file_id, client_id)`,
  `create index links_by_expiry on links (expires_at)`,
  `create index links_alive on links (client_id, expires_at, id) where revoked_at is null and spent_at is null`,
  `create table downloads (
    id text primary key, link_id text not null, session_id text not null, client_id text not null, file_id text not null,
    started_at ${int} not null, last_at ${int} not null, ranges text not null, bytes_sent ${int} not null,
    completed_at ${int}, ended_at ${int}, stream ${int} not null, unique (link_id, session_id))`,
  `create index downloads_ended on downloads (ended_at) where ended_at is not null`,
  `create index downloads_open on downloads (last_at) where ended_at is null`,
  `create table deliveries (
    file_id text not null references files (id) on delete cascade, client_id text not null references accounts (id),
    ranges text not null, bytes_sent ${int} not null, first_download_at ${int} not null, last_download_at ${int} not null,
    downloads ${int} not null, completed_at ${int}, confirmed_at ${int}, acknowledged_at ${int}, primary key (file_id, client_id))`,
  `create index deliveries_by_completion on deliveries (completed_at) where completed_at is not null`,

  `create table outbox (
    id text primary key, kind text not null, sealed ${bytes}, created_at ${int} not null, next_attempt_at ${int} not null,
    attempts ${int} not null, accepted_at ${int}, failed_at ${int}, last_error text)`,
  `create index outbox_due on outbox (next_attempt_at) where sealed is not null`,

  `create table audit_events (
    seq ${int} primary key, id text not null unique, at ${int} not null, kind text not null, actor_id text, file_id text,
    owner_id text, entry text not null, leaf ${bytes} not null)`,
  `create index audit_events_by_kind on audit_events (kind, seq)`,
  `create index audit_events_by_actor on audit_events (actor_id, seq)`,
  `create index audit_events_by_file on audit_events (file_id, seq)`,
  `create index audit_events_by_owner on audit_events (owner_id, seq)`,
  `create index audit_events_by_time on audit_events (at, seq)`,
  `create table audit_disclosures (
    event_id text not null, path text not null, salt ${bytes} not null, value text not null, primary key (event_id, path))`,
  `create table audit_repeats (
    account_id text not null, kind text not null, "window" ${int} not null, event_id text not null, count ${int} not null,
    primary key (account_id, kind, "window"))`,
  `create table audit_days (
    day text not null, owner_id text not null, handed_over ${int} not null, delivered ${int} not null,
    primary key (day, owner_id))`,
  `create index audit_repeats_by_event on audit_repeats (event_id)`,
]
