import { makeOffice } from '../../office.ts'
import { PASSWORD } from '../../people.ts'
import type { TestServer } from '../../server.ts'
import { uploadCases } from './10-uploads.ts'
import { enlist, enter, linkTo, type Person, upload } from './cast.ts'

/** Somebody else's things have names with this word in them: no refusal may show it. */
export const FOREIGN = 'Zebra'

export type World = {
  server: TestServer
  admin: Person
  /** Owns what ops who are not admin must not reach; nobody attacks as this one. */
  owner: Person
  /** Receives what other clients must not reach. */
  receiver: Person
  /** A text that nothing else in this run has. */
  fresh: (word: string) => string
}

type Made = {
  path: string
  json?: unknown
  form?: FormData
  headers?: Record<string, string>
  /** Use this session instead of the actor's own: the request ends it. */
  token?: string
}
export type Make = (world: World, actor: Person | undefined) => Promise<Made>

/**
 * What each actor gets: a status that refuses, `ok` for let through, `-` for not tried. In the order of `actors`:
 * anonymous, unverified, client, ops, admin, disabled client, disabled ops.
 */
export type Case = { route: string; what?: string; expect: string; make: Make }

export const actors = ['anonymous', 'unverified', 'client', 'ops', 'admin', 'disabledClient', 'disabledOps'] as const

const at =
  (path: string, json?: unknown): Make =>
  async () => ({ path, json })

const document = () => makeOffice({ type: 'docx', text: 'Hello' })
const foreignName = (w: World) => `${FOREIGN} ${w.fresh('merger')}.docx`
const foreignFile = (w: World) => upload(w.owner.client, foreignName(w), { clients: [w.receiver.id] })
const ownFile = (w: World, actor: Person | undefined) =>
  upload(actor?.role === 'ops' ? actor.client : w.owner.client, `${w.fresh('own')}.docx`, {
    clients: actor?.role === 'client' ? [actor.id] : [],
  })
const form = (w: World) => {
  const data = new FormData()
  data.append('file', new Blob([document()]), `${w.fresh('form')}.docx`)
  return data
}
/** With somebody in it and something shared with it: so that a change shows, however small. */
const foreignGroup = async (w: World): Promise<string> => {
  const group = await groupBy(w, w.owner, `${FOREIGN} ${w.fresh('group')}`)
  await w.owner.client.put(`/api/v1/ops/groups/${group}/members`, { clients: [w.receiver.id] })
  await upload(w.owner.client, foreignName(w), { groups: [group] })
  return group
}
const groupBy = async (w: World, by: Person | undefined, name: string): Promise<string> =>
  (await (by ?? w.owner).client.post('/api/v1/ops/groups', { name })).body.id
const invitationBy = async (w: World, by: Person | undefined): Promise<string> =>
  (await (by ?? w.owner).client.post('/api/v1/ops/invitations', { email: invitee(w), role: 'client' })).body.id
const invitee = (w: World) => `${w.fresh('invited')}@customer.example`
const newPerson = (w: World, role: 'ops' | 'client') =>
  enlist(w.server, role, `${w.fresh(role)}@${FOREIGN.toLowerCase()}.example`)
/** Another session of somebody: the id that lists show. */
const sessionOf = async (w: World, whom: Person): Promise<string> => {
  const other = await enter(w.server, whom.role, whom.email)
  const { body } = await other.client.get(`/api/v1/${whom.role}/sessions`)
  return body.items.find((one: { current: boolean }) => one.current).id
}
const again = async (w: World, actor: Person | undefined): Promise<string | undefined> =>
  actor && (await enter(w.server, actor.role, actor.email)).token

/** A door that only shows what is the actor's own, or everybody's who may come in at all. */
const OPS_ALL = '401 401 403 ok ok 401 401'
const ADMIN = '401 401 403 403 ok 401 401'
/** For admins alone, and there is nothing to decide yet. */
const ADMIN_WAITS = '401 401 403 403 409 401 401'
/** Somebody else's: not there for ops, there for admins. */
const OPS_OTHERS = '401 401 403 404 ok 401 401'
const OPS_OWN = '- - - ok ok - -'
const CLIENT_ALL = '401 401 ok 403 403 401 401'
const CLIENT_OTHERS = '401 401 404 403 403 401 401'
const CLIENT_OWN = '- - ok - - - -'
/** Sessions of other people are not there, not even for admins. */
const OTHERS_SESSION = '401 401 403 404 404 401 401'

/**
 * Who may do what, by hand from product.md and not from policy.ts: two people would have to make the same mistake. Every id is
 * a real one, of somebody else unless a row says `own`, and every body is valid: only authorisation can refuse.
 */
export const cases: Case[] = [
  { route: 'GET /api/v1/ops/me', expect: OPS_ALL, make: at('/api/v1/ops/me') },
  { route: 'GET /api/v1/ops/sessions', expect: OPS_ALL, make: at('/api/v1/ops/sessions') },
  {
    route: 'DELETE /api/v1/ops/sessions/:id',
    expect: OTHERS_SESSION,
    make: async w => ({ path: `/api/v1/ops/sessions/${await sessionOf(w, w.owner)}` }),
  },
  {
    route: 'DELETE /api/v1/ops/sessions/:id',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({ path: `/api/v1/ops/sessions/${await sessionOf(w, actor ?? w.owner)}` }),
  },
  {
    route: 'POST /api/v1/ops/logout',
    expect: OPS_ALL,
    make: async (w, actor) => ({ path: '/api/v1/ops/logout', token: await again(w, actor) }),
  },
  {
    route: 'POST /api/v1/ops/invitations',
    what: 'of a client',
    expect: OPS_ALL,
    make: async w => ({ path: '/api/v1/ops/invitations', json: { email: invitee(w), role: 'client' } }),
  },
  {
    route: 'POST /api/v1/ops/invitations',
    what: 'to the team',
    expect: ADMIN,
    make: async w => ({ path: '/api/v1/ops/invitations', json: { email: invitee(w), role: 'ops' } }),
  },
  {
    // Whoever is invited into a group sees what the group sees: as good as managing it.
    route: 'POST /api/v1/ops/invitations',
    what: 'into a group',
    expect: '401 401 403 400 ok 401 401',
    make: async w => ({
      path: '/api/v1/ops/invitations',
      json: { email: invitee(w), role: 'client', groups: [await foreignGroup(w)] },
    }),
  },
  { route: 'GET /api/v1/ops/invitations', expect: OPS_ALL, make: at('/api/v1/ops/invitations') },
  {
    route: 'DELETE /api/v1/ops/invitations/:id',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/invitations/${await invitationBy(w, w.owner)}` }),
  },
  {
    route: 'DELETE /api/v1/ops/invitations/:id',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({ path: `/api/v1/ops/invitations/${await invitationBy(w, actor)}` }),
  },
  { route: 'GET /api/v1/ops/groups', expect: OPS_ALL, make: at('/api/v1/ops/groups') },
  {
    route: 'POST /api/v1/ops/groups',
    expect: OPS_ALL,
    make: async w => ({ path: '/api/v1/ops/groups', json: { name: w.fresh('group') } }),
  },
  {
    route: 'PATCH /api/v1/ops/groups/:id',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/groups/${await foreignGroup(w)}`, json: { name: w.fresh('renamed') } }),
  },
  {
    route: 'PATCH /api/v1/ops/groups/:id',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({
      path: `/api/v1/ops/groups/${await groupBy(w, actor, w.fresh('own'))}`,
      json: { name: w.fresh('renamed') },
    }),
  },
  {
    route: 'DELETE /api/v1/ops/groups/:id',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/groups/${await foreignGroup(w)}` }),
  },
  {
    route: 'DELETE /api/v1/ops/groups/:id',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({ path: `/api/v1/ops/groups/${await groupBy(w, actor, w.fresh('own'))}` }),
  },
  {
    route: 'PUT /api/v1/ops/groups/:id/members',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/groups/${await foreignGroup(w)}/members`, json: { clients: [] } }),
  },
  {
    route: 'PUT /api/v1/ops/groups/:id/members',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({
      path: `/api/v1/ops/groups/${await groupBy(w, actor, w.fresh('own'))}/members`,
      json: { clients: [w.receiver.id] },
    }),
  },
  { route: 'GET /api/v1/ops/clients', expect: OPS_ALL, make: at('/api/v1/ops/clients') },
  {
    route: 'PATCH /api/v1/ops/clients/:id',
    expect: ADMIN,
    make: async w => ({ path: `/api/v1/ops/clients/${(await newPerson(w, 'client')).id}`, json: { disabled: true } }),
  },
  { route: 'GET /api/v1/ops/team', expect: ADMIN, make: at('/api/v1/ops/team') },
  {
    route: 'PATCH /api/v1/ops/team/:id',
    expect: ADMIN,
    make: async w => ({ path: `/api/v1/ops/team/${(await newPerson(w, 'ops')).id}`, json: { disabled: true } }),
  },
  {
    route: 'POST /api/v1/ops/files',
    expect: OPS_ALL,
    make: async w => ({ path: '/api/v1/ops/files', form: form(w) }),
  },
  {
    route: 'POST /api/v1/ops/inspect',
    expect: OPS_ALL,
    make: async w => ({ path: '/api/v1/ops/inspect', form: form(w) }),
  },
  {
    route: 'POST /api/v1/ops/files/:id/release',
    expect: ADMIN_WAITS,
    make: async w => ({ path: `/api/v1/ops/files/${await foreignFile(w)}/release` }),
  },
  { route: 'GET /api/v1/ops/files', expect: OPS_ALL, make: at('/api/v1/ops/files') },
  {
    route: 'GET /api/v1/ops/files/:id',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/files/${await foreignFile(w)}` }),
  },
  {
    route: 'GET /api/v1/ops/files/:id',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({ path: `/api/v1/ops/files/${await ownFile(w, actor)}` }),
  },
  {
    route: 'DELETE /api/v1/ops/files/:id',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/files/${await foreignFile(w)}` }),
  },
  {
    route: 'DELETE /api/v1/ops/files/:id',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({ path: `/api/v1/ops/files/${await ownFile(w, actor)}` }),
  },
  {
    route: 'PUT /api/v1/ops/files/:id/audience',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/files/${await foreignFile(w)}/audience`, json: { everyone: true } }),
  },
  {
    route: 'PUT /api/v1/ops/files/:id/audience',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({
      path: `/api/v1/ops/files/${await ownFile(w, actor)}/audience`,
      json: { clients: [w.receiver.id] },
    }),
  },
  {
    route: 'GET /api/v1/ops/files/:id/deliveries',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/files/${await foreignFile(w)}/deliveries` }),
  },
  {
    route: 'GET /api/v1/ops/files/:id/deliveries',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({ path: `/api/v1/ops/files/${await ownFile(w, actor)}/deliveries` }),
  },
  ...uploadCases,
  { route: 'GET /api/v1/ops/audit', expect: OPS_ALL, make: at('/api/v1/ops/audit') },

  { route: 'GET /api/v1/client/me', expect: CLIENT_ALL, make: at('/api/v1/client/me') },
  { route: 'GET /api/v1/client/sessions', expect: CLIENT_ALL, make: at('/api/v1/client/sessions') },
  {
    route: 'DELETE /api/v1/client/sessions/:id',
    expect: CLIENT_OTHERS,
    make: async w => ({ path: `/api/v1/client/sessions/${await sessionOf(w, w.receiver)}` }),
  },
  {
    route: 'DELETE /api/v1/client/sessions/:id',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => ({ path: `/api/v1/client/sessions/${await sessionOf(w, actor ?? w.receiver)}` }),
  },
  {
    route: 'POST /api/v1/client/logout',
    expect: CLIENT_ALL,
    make: async (w, actor) => ({ path: '/api/v1/client/logout', token: await again(w, actor) }),
  },
  { route: 'GET /api/v1/client/files', expect: CLIENT_ALL, make: at('/api/v1/client/files') },
  {
    route: 'GET /api/v1/client/files/:id',
    expect: CLIENT_OTHERS,
    make: async w => ({ path: `/api/v1/client/files/${await foreignFile(w)}` }),
  },
  {
    route: 'GET /api/v1/client/files/:id',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => ({ path: `/api/v1/client/files/${await ownFile(w, actor)}` }),
  },
  {
    route: 'POST /api/v1/client/files/:id/link',
    expect: CLIENT_OTHERS,
    make: async w => ({ path: `/api/v1/client/files/${await foreignFile(w)}/link`, json: {} }),
  },
  {
    route: 'POST /api/v1/client/files/:id/link',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => ({ path: `/api/v1/client/files/${await ownFile(w, actor)}/link`, json: {} }),
  },
  { route: 'GET /api/v1/client/links', expect: CLIENT_ALL, make: at('/api/v1/client/links') },
  {
    route: 'DELETE /api/v1/client/links/:id',
    expect: CLIENT_OTHERS,
    make: async w => ({ path: `/api/v1/client/links/${await linkId(w, w.receiver, await foreignFile(w))}` }),
  },
  {
    route: 'DELETE /api/v1/client/links/:id',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => ({
      path: `/api/v1/client/links/${await linkId(w, actor ?? w.receiver, await ownFile(w, actor))}`,
    }),
  },
  {
    // Public, as browsers without a session are sent to sign in; whoever has one of another account finds nothing.
    route: 'GET /download/:token',
    expect: '401 401 404 404 404 401 401',
    make: async w => ({ path: await linkTo(w.receiver.client, await foreignFile(w)) }),
  },
  {
    route: 'GET /download/:token',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => ({ path: await linkTo((actor ?? w.receiver).client, await ownFile(w, actor)) }),
  },
  {
    route: 'GET /download/*',
    expect: '401 401 404 404 404 401 401',
    make: async w => ({ path: `${await linkTo(w.receiver.client, await foreignFile(w))}/more` }),
  },
]

const linkId = async (_w: World, by: Person, file: string): Promise<string> =>
  (await by.client.post(`/api/v1/client/files/${file}/link`, {})).body.id

const nothing = 'this-is-no-token-of-ours'
const password = PASSWORD

/**
 * Routes for everybody, where a secret in the body decides: without it each actor gets this, whatever session they have, and
 * nothing changes.
 */
export const byToken: { route: string; json: unknown; status: number }[] = [
  // There is an administrator already: gone for ever.
  {
    route: 'POST /api/v1/setup',
    json: { setup_token: nothing, email: 'x@firm.example', name: 'X', password },
    status: 404,
  },
  { route: 'POST /api/v1/client/verify', json: { token: nothing, password }, status: 400 },
  { route: 'POST /api/v1/password/reset', json: { token: nothing, password }, status: 400 },
  { route: 'POST /api/v1/invitations/accept', json: { token: nothing, name: 'X', password }, status: 400 },
  ...['ops', 'client'].flatMap(door => [
    { route: `POST /api/v1/${door}/login`, json: { email: 'x@firm.example', password }, status: 401 },
    { route: `POST /api/v1/${door}/login/mail`, json: { token: nothing, password }, status: 400 },
  ]),
]

/** Routes for everybody that always do something: a mail goes out, if anybody is there to read it. */
export const open = [
  'POST /api/v1/client/signup',
  'POST /api/v1/client/verify/resend',
  'POST /api/v1/ops/password/forgot',
  'POST /api/v1/client/password/forgot',
]

/** Answers to anybody and holds nothing about anybody. */
export const pages = [
  '/healthz',
  '/readyz',
  '/openapi.json',
  ...['/docs', '/docs/', '/docs/json', '/docs/yaml'],
  ...['/docs/static/index.html', '/docs/static/swagger-initializer.js', '/docs/static/*'],
  '/assets/:name',
  ...['/', '/sign-in', '/sign-up', '/verify', '/forgot', '/reset', '/invitation', '/setup', '/mailbox'],
  ...['/documents', '/documents/*', '/links', '/sessions', '/ops', '/ops/*', '/ops/sign-in', '/ops/forgot'],
]

/** Development only; another row of the gauntlet (45) proves who may read it. */
export const mailbox = ['/api/v1/development/mails', '/api/v1/development/mails/:name']
