import type * as accounts from '../contract/accounts.ts'
import type * as audit from '../contract/audit.ts'
import type { ErrorCode, Problem } from '../contract/errors.ts'
import type * as files from '../contract/files.ts'
import type * as handoffs from '../contract/handoffs.ts'
import type * as links from '../contract/links.ts'
import type * as mails from '../contract/mailbox.ts'
import type * as overview from '../contract/overview.ts'
import { TUS_VERSION } from '../contract/tus.ts'
import type * as resumable from '../contract/uploads.ts'
import type { Static } from '../contract/wire.ts'
import { language } from './messages/text.ts'

export type Role = accounts.Role
export type User = accounts.User
export type Session = Static<typeof accounts.Session>
export type Invitation = Static<typeof accounts.Invitation>
export type Group = Static<typeof accounts.Group>
export type SentFile = files.File
/** What the server says of something, and its own time then (milliseconds): a device's clock may be wrong by days. */
export type AsOf<T> = T & { as_of: number }
export type SharedFile = AsOf<files.SharedFile>
export type HistoryEntry = Static<typeof files.HistoryEntry>
export type Audience = files.Audience
export type Client = accounts.Client
export type Overview = overview.Overview
export type AtLeast = overview.AtLeast
export type Setting = overview.Setting
export type Delivery = Static<typeof files.Delivery>
export type Link = AsOf<Static<typeof links.Link>>
export type AuditEvent = audit.AuditEvent
export type Handoff = handoffs.Handoff
export type NewHandoff = Static<typeof handoffs.NewHandoff>
export type Reminded = Static<typeof files.Reminded>
export type MailSummary = Static<typeof mails.MailSummary>
export type Mail = Static<typeof mails.Mail>
export type { Finding, Problem } from '../contract/errors.ts'

/** One page of any list; `cursor` of the next call is this one's `next_cursor`. */
export type Page<T> = { items: T[]; next_cursor: string | null }
export type Query = {
  q?: string
  cursor?: string
  limit?: string
  status?: string
  kind?: string
  since?: string
  fetched?: string
  file?: string
}

/** Why a call did not succeed: the server's own words, or `offline` when nothing came back. */
export class ProblemError extends Error {
  readonly code: ErrorCode | 'offline'
  readonly problem: Partial<Problem>
  constructor(code: ErrorCode | 'offline', problem: Partial<Problem> = {}) {
    super(problem.detail ?? problem.title ?? code)
    this.name = 'ProblemError'
    this.code = code
    this.problem = problem
  }
}

export const isProblem = (error: unknown, code?: ErrorCode): error is ProblemError =>
  error instanceof ProblemError && error.code !== 'offline' && (code === undefined || error.code === code)

/** The problem in an answer's text; a proxy between may answer something else, which is the same as no answer. */
export const problemOf = (text: string): ProblemError => {
  try {
    const problem: Partial<Problem> & { code?: ErrorCode } = JSON.parse(text)
    if (typeof problem.code === 'string') return new ProblemError(problem.code, problem)
  } catch {
    // Not ours.
  }
  return new ProblemError('offline')
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Sent = { body?: unknown; query?: Query; headers?: Record<string, string> }

/** The session is the door's HttpOnly cookie: nothing here ever holds or stores a token. */
const send = async (method: Method, path: string, { body, query, headers }: Sent = {}): Promise<Response> => {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) if (value) search.set(key, value)
  const url = search.size > 0 ? `/api/v1${path}?${search}` : `/api/v1${path}`
  let response: Response
  try {
    response = await fetch(url, {
      method,
      credentials: 'same-origin',
      // Mails come in the language of the pages, too.
      headers: {
        'accept-language': language,
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch {
    throw new ProblemError('offline')
  }
  if (!response.ok) throw problemOf(await response.text())
  return response
}

const call = async <T>(method: Method, path: string, sent?: Sent): Promise<T> => {
  const response = await send(method, path, sent)
  // The server serialises by the very schemas these types come from.
  const answer = response.status === 204 ? undefined : await response.json()
  return answer
}

/** The server's time of an answer; a proxy that takes it away leaves the device's. */
const timeOf = (response: Response): number => {
  const at = Date.parse(response.headers.get('date') ?? '')
  return Number.isNaN(at) ? Date.now() : at
}

const dated = async <T>(method: Method, path: string, sent?: Sent): Promise<AsOf<T>> => {
  const response = await send(method, path, sent)
  return { ...(await response.json()), as_of: timeOf(response) }
}

const datedPage = async <T>(path: string, query: Query): Promise<Page<AsOf<T>>> => {
  const response = await send('GET', path, { query })
  const { items, next_cursor }: Page<T> = await response.json()
  const as_of = timeOf(response)
  return { items: items.map(item => ({ ...item, as_of })), next_cursor }
}

/** What a HEAD that is refused would have said, since it has no body. */
const refusals: Record<number, ErrorCode> = { 401: 'unauthenticated', 404: 'not_found', 429: 'too_many_requests' }

/** Whether a download link (its path) works now; asking costs no use of it. Throws why not. */
const probe = async (path: string): Promise<void> => {
  let response: Response
  try {
    response = await fetch(path, { method: 'HEAD', credentials: 'same-origin' })
  } catch {
    throw new ProblemError('offline')
  }
  if (!response.ok) throw new ProblemError(refusals[response.status] ?? 'unavailable')
}

/** Ids in page addresses are typed by anybody: one that cannot be an id must not become a path. */
const at = (id: string): string => {
  if (!/^[A-Za-z0-9_-]{22}$/.test(id)) throw new ProblemError('not_found')
  return id
}

type Login = Omit<Static<typeof accounts.Login>, 'transport'>
type ByMail = Omit<Static<typeof accounts.LoginByMail>, 'transport'>
type Accept = Omit<Static<typeof accounts.AcceptInvitation>, 'transport'>
const transport = 'cookie'

/** What both doors offer. */
const door = (role: Role) => ({
  login: (body: Login) => call<accounts.SignedIn>('POST', `/${role}/login`, { body: { ...body, transport } }),
  loginByMail: (body: ByMail) =>
    call<accounts.SignedIn>('POST', `/${role}/login/mail`, { body: { ...body, transport } }),
  logout: () => call<void>('POST', `/${role}/logout`),
  me: () => call<User>('GET', `/${role}/me`),
  sessions: (query: Query) => call<Page<Session>>('GET', `/${role}/sessions`, { query }),
  endSession: (id: string) => call<void>('DELETE', `/${role}/sessions/${at(id)}`),
  forgot: (email: string) => call<unknown>('POST', `/${role}/password/forgot`, { body: { email } }),
})

export const api = {
  setup: (body: Static<typeof accounts.Setup>) => call<User>('POST', '/setup', { body }),
  signUp: (body: Static<typeof accounts.Signup>) => call<unknown>('POST', '/client/signup', { body }),
  resend: (email: string) => call<unknown>('POST', '/client/verify/resend', { body: { email } }),
  verify: (body: { token: string; password: string }) =>
    call<Static<typeof accounts.Verified>>('POST', '/client/verify', { body: { ...body, transport } }),
  reset: (body: Static<typeof accounts.Reset>) => call<void>('POST', '/password/reset', { body }),
  invitation: (token: string) =>
    call<Static<typeof accounts.InvitationOffer>>('POST', '/invitations/read', { body: { token } }),
  acceptInvitation: (body: Accept) =>
    call<accounts.SignedIn>('POST', '/invitations/accept', { body: { ...body, transport } }),

  mails: (secret: string) =>
    call<Page<MailSummary>>('GET', '/development/mails', { headers: { authorization: `Bearer ${secret}` } }),
  mail: (secret: string, name: string) =>
    call<Mail>('GET', `/development/mails/${encodeURIComponent(name)}`, {
      headers: { authorization: `Bearer ${secret}` },
    }),

  client: {
    ...door('client'),
    files: (query: Query) => datedPage<files.SharedFile>('/client/files', query),
    file: async (id: string) => dated<files.SharedFile>('GET', `/client/files/${at(id)}`),
    acknowledge: async (id: string) => dated<files.SharedFile>('POST', `/client/files/${at(id)}/acknowledge`),
    confirm: async (id: string, sha256: string) =>
      dated<files.SharedFile>('POST', `/client/files/${at(id)}/confirm`, { body: { sha256 } }),
    askAgain: async (id: string) => call<unknown>('POST', `/client/files/${at(id)}/ask`),
    history: async (id: string, query: Query) =>
      call<Page<HistoryEntry>>('GET', `/client/files/${at(id)}/history`, { query }),
    probe,
    issueLink: async (id: string) => call<links.IssuedLink>('POST', `/client/files/${at(id)}/link`, { body: {} }),
    links: (query: Query) => datedPage<Static<typeof links.Link>>('/client/links', query),
    revokeLink: async (id: string) => call<void>('DELETE', `/client/links/${at(id)}`),
  },

  ops: {
    ...door('ops'),
    files: (query: Query) => call<Page<SentFile>>('GET', '/ops/files', { query }),
    file: async (id: string) => call<SentFile>('GET', `/ops/files/${at(id)}`),
    uploads: () => call<Static<typeof resumable.Uploads>>('GET', '/ops/uploads'),
    endUpload: async (id: string) =>
      call<void>('DELETE', `/ops/uploads/${at(id)}`, { headers: { 'tus-resumable': TUS_VERSION } }),
    deleteFile: async (id: string) => call<void>('DELETE', `/ops/files/${at(id)}`),
    releaseFile: async (id: string) => call<SentFile>('POST', `/ops/files/${at(id)}/release`),
    share: async (id: string, body: Audience) => call<SentFile>('PUT', `/ops/files/${at(id)}/audience`, { body }),
    changeFile: async (id: string, body: Static<typeof files.ChangeFile>) =>
      call<SentFile>('PATCH', `/ops/files/${at(id)}`, { body }),
    handOver: (body: NewHandoff) => call<Handoff>('POST', '/ops/handoffs', { body }),
    remind: async (id: string, clients: 'all' | string[]) =>
      call<Reminded>('POST', `/ops/files/${at(id)}/reminders`, { body: { clients } }),
    deliveries: async (id: string, query: Query) =>
      call<Page<Delivery>>('GET', `/ops/files/${at(id)}/deliveries`, { query }),
    overview: () => call<Overview>('GET', '/ops/overview'),
    settings: () => call<{ items: Setting[] }>('GET', '/ops/settings'),
    audit: (query: Query) => call<Page<AuditEvent>>('GET', '/ops/audit', { query }),
    client: async (id: string) => call<Client>('GET', `/ops/clients/${at(id)}`),
    asClient: async (id: string, query: Query) =>
      call<Page<SharedFile>>('GET', `/ops/clients/${at(id)}/files`, { query }),
    clients: (query: Query) => call<Page<User>>('GET', '/ops/clients', { query }),
    disableClient: async (id: string, disabled: boolean) =>
      call<User>('PATCH', `/ops/clients/${at(id)}`, { body: { disabled } }),
    team: (query: Query) => call<Page<User>>('GET', '/ops/team', { query }),
    disableColleague: async (id: string, disabled: boolean) =>
      call<User>('PATCH', `/ops/team/${at(id)}`, { body: { disabled } }),
    groups: (query: Query) => call<Page<Group>>('GET', '/ops/groups', { query }),
    group: async (id: string) => call<Group>('GET', `/ops/groups/${at(id)}`),
    createGroup: (name: string) => call<Group>('POST', '/ops/groups', { body: { name } }),
    renameGroup: async (id: string, name: string) => call<Group>('PATCH', `/ops/groups/${at(id)}`, { body: { name } }),
    deleteGroup: async (id: string) => call<void>('DELETE', `/ops/groups/${at(id)}`),
    setMembers: async (id: string, clients: string[]) =>
      call<Group>('PUT', `/ops/groups/${at(id)}/members`, { body: { clients } }),
    invitations: (query: Query) => call<Page<Invitation>>('GET', '/ops/invitations', { query }),
    invite: (body: Static<typeof accounts.Invite>) => call<Invitation>('POST', '/ops/invitations', { body }),
    revokeInvitation: async (id: string) => call<void>('DELETE', `/ops/invitations/${at(id)}`),
  },
}
