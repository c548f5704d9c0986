import type * as accounts from '../contract/accounts.ts'
import type { ErrorCode, Problem } from '../contract/errors.ts'
import type * as files from '../contract/files.ts'
import type * as links from '../contract/links.ts'
import type * as mails from '../contract/mailbox.ts'
import { TUS_VERSION } from '../contract/tus.ts'
import type * as resumable from '../contract/uploads.ts'
import type { Static } from '../contract/wire.ts'

export type Role = accounts.Role
export type User = accounts.User
export type Session = Static<typeof accounts.Session>
export type Invitation = Static<typeof accounts.Invitation>
export type Group = Static<typeof accounts.Group>
export type SentFile = files.File
export type SharedFile = files.SharedFile
export type Audience = files.Audience
export type Delivery = Static<typeof files.Delivery>
export type Link = Static<typeof links.Link>
export type MailSummary = Static<typeof mails.MailSummary>
export type Mail = Static<typeof mails.Mail>
export type { Finding, Problem } from '../contract/errors.ts'

/** One page of any list; `cursor` of the next call is this one's `next_cursor`. */
export type Page<T> = { items: T[]; next_cursor: string | null }
export type Query = { q?: string; cursor?: string; limit?: string; status?: string }

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
const call = async <T>(method: Method, path: string, { body, query, headers }: Sent = {}): Promise<T> => {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query ?? {})) if (value) search.set(key, value)
  const url = search.size > 0 ? `/api/v1${path}?${search}` : `/api/v1${path}`
  let response: Response
  try {
    response = await fetch(url, {
      method,
      credentials: 'same-origin',
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch {
    throw new ProblemError('offline')
  }
  if (!response.ok) throw problemOf(await response.text())
  // The server serialises by the very schemas these types come from.
  const answer = response.status === 204 ? undefined : await response.json()
  return answer
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
    files: (query: Query) => call<Page<SharedFile>>('GET', '/client/files', { query }),
    file: async (id: string) => call<SharedFile>('GET', `/client/files/${at(id)}`),
    issueLink: async (id: string) => call<links.IssuedLink>('POST', `/client/files/${at(id)}/link`, { body: {} }),
    links: (query: Query) => call<Page<Link>>('GET', '/client/links', { query }),
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
    deliveries: async (id: string, query: Query) =>
      call<Page<Delivery>>('GET', `/ops/files/${at(id)}/deliveries`, { query }),
    clients: (query: Query) => call<Page<User>>('GET', '/ops/clients', { query }),
    disableClient: async (id: string, disabled: boolean) =>
      call<User>('PATCH', `/ops/clients/${at(id)}`, { body: { disabled } }),
    team: (query: Query) => call<Page<User>>('GET', '/ops/team', { query }),
    disableColleague: async (id: string, disabled: boolean) =>
      call<User>('PATCH', `/ops/team/${at(id)}`, { body: { disabled } }),
    groups: (query: Query) => call<Page<Group>>('GET', '/ops/groups', { query }),
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
