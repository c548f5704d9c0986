import type { TestServer } from '../../server.ts'
import type { Person } from './cast.ts'

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

/** A door that only shows what is the actor's own, or everybody's who may come in at all. */
export const OPS_ALL = '401 401 403 ok ok 401 401'
export const ADMIN = '401 401 403 403 ok 401 401'
/** For admins alone, and there is nothing to decide yet. */
export const ADMIN_WAITS = '401 401 403 403 409 401 401'
/** Somebody else's: not there for ops, there for admins. */
export const OPS_OTHERS = '401 401 403 404 ok 401 401'
export const OPS_OWN = '- - - ok ok - -'
export const CLIENT_ALL = '401 401 ok 403 403 401 401'
export const CLIENT_OTHERS = '401 401 404 403 403 401 401'
export const CLIENT_OWN = '- - ok - - - -'
/** Sessions of other people are not there, not even for admins. */
export const OTHERS_SESSION = '401 401 403 404 404 401 401'
