import { makeOffice } from '../../office.ts'
import type { TestServer } from '../../server.ts'
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

export const at =
  (path: string, json?: unknown): Make =>
  async () => ({ path, json })

export const document = () => makeOffice({ type: 'docx', text: 'Hello' })
export const foreignName = (w: World) => `${FOREIGN} ${w.fresh('merger')}.docx`
export const foreignFile = (w: World) => upload(w.owner.client, foreignName(w), { clients: [w.receiver.id] })
export const ownFile = (w: World, actor: Person | undefined) =>
  upload(actor?.role === 'ops' ? actor.client : w.owner.client, `${w.fresh('own')}.docx`, {
    clients: actor?.role === 'client' ? [actor.id] : [],
  })
export const form = (w: World) => {
  const data = new FormData()
  data.append('file', new Blob([document()]), `${w.fresh('form')}.docx`)
  return data
}
/** With somebody in it and something shared with it: so that a change shows, however small. */
export const foreignGroup = async (w: World): Promise<string> => {
  const group = await groupBy(w, w.owner, `${FOREIGN} ${w.fresh('group')}`)
  await w.owner.client.put(`/api/v1/ops/groups/${group}/members`, { clients: [w.receiver.id] })
  await upload(w.owner.client, foreignName(w), { groups: [group] })
  return group
}
export const groupBy = async (w: World, by: Person | undefined, name: string): Promise<string> =>
  (await (by ?? w.owner).client.post('/api/v1/ops/groups', { name })).body.id
export const invitationBy = async (w: World, by: Person | undefined): Promise<string> =>
  (await (by ?? w.owner).client.post('/api/v1/ops/invitations', { email: invitee(w), role: 'client' })).body.id
export const invitee = (w: World) => `${w.fresh('invited')}@customer.example`
export const newPerson = (w: World, role: 'ops' | 'client') =>
  enlist(w.server, role, `${w.fresh(role)}@${FOREIGN.toLowerCase()}.example`)
/** Another session of somebody: the id that lists show. */
export const sessionOf = async (w: World, whom: Person): Promise<string> => {
  const other = await enter(w.server, whom.role, whom.email)
  const { body } = await other.client.get(`/api/v1/${whom.role}/sessions`)
  return body.items.find((one: { current: boolean }) => one.current).id
}
export const again = async (w: World, actor: Person | undefined): Promise<string | undefined> =>
  actor && (await enter(w.server, actor.role, actor.email)).token

/** A door that only shows what is the actor's own, or everybody's who may come in at all. */
export const OPS_ALL = '401 401 403 ok ok 401 401'
export const ADMIN = '401 401 403 403 ok 401 401'
/** For admins alone, and there is nothing to decide yet. */
export const ADMIN_WAITS = '401 401 403 403 409 401 401'
/** Somebody else's: not there for ops, there for admins. */
export const OPS_OTHERS = '401 401 403 404 ok 401 401'
export const FAR = '2035-01-01T00:00:00Z'
export const OPS_OWN = '- - - ok ok - -'
export const CLIENT_ALL = '401 401 ok 403 403 401 401'
export const CLIENT_OTHERS = '401 401 404 403 403 401 401'
export const CLIENT_OWN = '- - ok - - - -'
/** Sessions of other people are not there, not even for admins. */
export const OTHERS_SESSION = '401 401 403 404 404 401 401'

export const linkId = async (_w: World, by: Person, file: string): Promise<string> =>
  (await by.client.post(`/api/v1/client/files/${file}/link`, {})).body.id

/** Of which its receiver has every byte. */
export const fetchedFile = async (w: World, actor: Person | undefined): Promise<string> => {
  const id = await ownFile(w, actor)
  const { client } = actor ?? w.receiver
  await client.get(await linkTo(client, id))
  while ((await client.get(`/api/v1/client/files/${id}`)).body.delivery.delivered_at === null);
  return id
}
