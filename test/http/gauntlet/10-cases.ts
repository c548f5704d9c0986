import { PASSWORD } from '../../people.ts'
import { client } from './10-cases-client.ts'
import { files } from './10-cases-files.ts'
import { looking } from './10-cases-looking.ts'
import { people } from './10-cases-people.ts'
import { uploadCases } from './10-cases-uploads.ts'
import type { Case } from './10-making.ts'

/**
 * Who may do what, by hand from product.md and not from policy.ts: two people would have to make the same mistake. Every id is
 * a real one, of somebody else unless a row says `own`, and every body is valid: only authorisation can refuse.
 */
export const cases: Case[] = [...people, ...looking, ...files, ...uploadCases, ...client]

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
  { route: 'POST /api/v1/invitations/read', json: { token: nothing }, status: 400 },
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
