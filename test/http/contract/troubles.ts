import type { Shot } from '../gauntlet/volley.ts'
import type { Row } from './row.ts'
import type { World } from './world.ts'

export type Trouble = { what: string; status: number; code: string; shot: Shot }

const jsonType = { 'Content-Type': 'application/json' }
const door = (path: string) => /^\/api\/v1\/(ops|client)\//.exec(path)?.[1]

/** A request that is valid for its route, made ready. */
export type Valid = Required<Omit<Shot, 'body'>> & { json?: unknown }

/** What can be wrong with a request of any route, made from its valid one. */
export const troublesOf = (w: World, row: Row, valid: Valid): Trouble[] => {
  const { method, path, headers, json } = valid
  const route = w.server.app.http.routeTable.find(({ method: of, url }) =>
    [of].flat().some(one => `${one} ${url}` === row.route),
  )
  const known = row.who !== 'nobody'
  const body = json === undefined ? undefined : JSON.stringify(json)
  const type = body === undefined ? {} : jsonType
  const shot = (change: Partial<Shot>): Shot => ({
    method,
    path,
    body,
    ...change,
    headers: { ...type, ...headers, ...change.headers },
  })
  const list: Trouble[] = []
  const add = (what: string, status: number, code: string, change: Shot) =>
    void list.push({ what, status, code, shot: change })

  add('another host', 421, 'wrong_host', shot({ headers: { Host: 'evil.example' } }))
  add('another port', 421, 'wrong_host', shot({ headers: { Host: 'localhost:1' } }))
  add('no such route', 404, 'not_found', shot({ path: `${path}/no/where` }))
  add('another method', 405, 'method_not_allowed', { method: 'PROPFIND', path, headers })
  if (method !== 'GET') {
    const sites: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
    ]
    for (const from of sites)
      add(`from another site ${JSON.stringify(from)}`, 403, 'cross_site', {
        method,
        path,
        body,
        headers: { ...type, ...from },
      })
  }
  if (path.startsWith('/api/'))
    add('an unknown parameter', 400, 'invalid_request', shot({ path: `${path}?nonsense=1` }))
  if (known) {
    const mine = door(path)
    const other = mine === 'ops' ? w.client.token : w.admin.token
    add('no session', 401, 'unauthenticated', { method, path, body, headers: type })
    add('a session that is none', 401, 'unauthenticated', shot({ headers: { Authorization: 'Bearer nonsense' } }))
    add('the other door', 403, 'forbidden', shot({ headers: { Authorization: `Bearer ${other}` } }))
    add(
      'two credentials',
      400,
      'invalid_request',
      shot({ headers: { Cookie: `valise-${mine}=${headers.Authorization?.slice(7)}` } }),
    )
  }
  if (/:id/.test(row.route)) {
    const withId = (id: string) =>
      shot({ path: path.replace(/(sessions|invitations|groups|clients|team|files|uploads|links)\/[^/]+/, `$1/${id}`) })
    add('an id of nobody', 404, 'not_found', withId('AAAAAAAAAAAAAAAAAAAAAA'))
    add('an id that is none', 404, 'not_found', withId('nonsense'))
  }
  if (hasLimit(route?.schema?.querystring)) {
    for (const limit of ['0', '201', '-1', '1.5', 'x', '', '00001'])
      add(`limit ${limit}`, 400, 'invalid_request', shot({ path: `${path}?limit=${limit}` }))
    for (const cursor of ['x', 'WzFd', 'W10', 'bnVsbA', '!', 'a'.repeat(201), 'WzIsMSwiYSJd'])
      add(`cursor ${cursor}`, 400, 'invalid_request', shot({ path: `${path}?cursor=${cursor}` }))
    add('limit twice', 400, 'invalid_request', shot({ path: `${path}?limit=1&limit=2` }))
  }
  if (body === undefined) {
    if (method !== 'GET')
      add('a body where none belongs', 400, 'invalid_request', shot({ body: '{"nonsense":1}', headers: jsonType }))
    return list
  }
  const raw = (what: string, status: number, code: string, text: string | Uint8Array) =>
    add(what, status, code, shot({ body: text }))
  add('another content type', 415, 'unsupported_media_type', shot({ headers: { 'Content-Type': 'text/plain' } }))
  add(
    'a form',
    415,
    'unsupported_media_type',
    shot({ headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
  )
  add('no content type', 415, 'unsupported_media_type', { method, path, body, headers })
  raw('an unknown field', 400, 'invalid_request', JSON.stringify({ ...Object(json), nonsense: 1 }))
  raw('broken JSON', 400, 'invalid_request', body.slice(0, -1))
  raw(
    'bad UTF-8',
    400,
    'invalid_request',
    Buffer.concat([Buffer.from(body.slice(0, -2)), Buffer.from([0xff]), Buffer.from(body.slice(-2))]),
  )
  raw('a list', 400, 'invalid_request', '[]')
  if (!row.route.endsWith('/link')) raw('no body', 400, 'invalid_request', '')
  raw('a long body', 413, 'too_large', `{"nonsense":"${'x'.repeat(route?.bodyLimit ?? 64 * 1024)}"}`)
  return list
}

const hasLimit = (schema: unknown): boolean =>
  typeof schema === 'object' &&
  schema !== null &&
  'properties' in schema &&
  Object.hasOwn(Object(schema.properties), 'limit')
