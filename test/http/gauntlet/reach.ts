import assert from 'node:assert/strict'
import type { TestServer } from '../../server.ts'

/**
 * Every route by which a client can reach a file, or somebody inside a client's list of them, by hand. Rows 20 and 21 try them all; a new one fails here until it is
 * tried there too.
 */
const reaching = [
  'GET /api/v1/client/events',
  'GET /api/v1/client/files',
  'GET /api/v1/client/files/:id',
  'POST /api/v1/client/files/:id/link',
  ...['acknowledge', 'confirm', 'ask'].map(word => `POST /api/v1/client/files/:id/${word}`),
  'GET /api/v1/client/files/:id/history',
  'GET /api/v1/client/links',
  'DELETE /api/v1/client/links/:id',
  'GET /download/:token',
  'GET /download/*',
  'GET /api/v1/ops/clients/:id/files',
]

/** The rest of the client door: none of them says or does anything about a file. */
const harmless = ['GET me', 'GET sessions', 'DELETE sessions/:id', 'POST logout', 'POST login', 'POST login/mail']
  .concat(['POST signup', 'POST verify', 'POST verify/resend', 'POST password/forgot'])
  .map(route => route.replace(' ', ' /api/v1/client/'))

export const noOtherRouteReaches = (server: TestServer): void => {
  const found = server.app.http.routeTable
    .filter(({ url }) => /^\/(api\/v1\/client|download)\/|^\/api\/v1\/ops\/clients\/:id\/./.test(url))
    .flatMap(({ method, url }) => [method].flat().map(one => `${one} ${url}`))
    .filter(route => !route.startsWith('HEAD '))
  assert.deepEqual([...new Set(found)].sort(), [...reaching, ...harmless].sort())
}
