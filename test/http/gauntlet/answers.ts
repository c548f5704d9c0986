import { request } from 'node:http'
import type { Answer } from '../../client.ts'
import { setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { byToken, cases, open, pages } from './10-cases.ts'
import { actors, type World } from './10-making.ts'
import { enlist, enter, linkTo, type Person, upload } from './cast.ts'

export type Seen = { what: string; answer: Answer }

/** A server with the people that the cases of row 10 speak of. */
export const openWorld = async (): Promise<Opened> => {
  const server = await startServer({ env: { VALISE_LOG_LEVEL: 'silent' } })
  return fill(server).catch(async error => {
    await server.stop()
    throw error
  })
}

type Opened = { server: TestServer; world: World; by: Record<string, Person> }

const fill = async (server: TestServer): Promise<Opened> => {
  await setUpAdmin(server)
  const [admin, ops, client, owner, receiver] = await Promise.all([
    enter(server, 'ops', 'admin@firm.example'),
    enlist(server, 'ops', 'otto@firm.example'),
    enlist(server, 'client', 'carl@customer.example'),
    enlist(server, 'ops', 'olga@firm.example'),
    enlist(server, 'client', 'rita@customer.example'),
  ])
  let count = 0
  const world = { server, admin, owner, receiver, fresh: (word: string) => `${word}-${++count}` }
  return { server, world, by: { admin, ops, client } }
}

/**
 * One answer of every kind that the server gives: every route let through and refused, every page, every way to be told that
 * a request is wrong, and every status of a download.
 */
export const everyAnswer = async ({ server, world, by }: Opened): Promise<Seen[]> => {
  const seen: Seen[] = []
  const anonymous = server.client()
  const add = async (what: string, answer: Promise<Answer>) => void seen.push({ what, answer: await answer })

  for (const { route, what = '', expect, make } of cases) {
    const method = route.split(' ', 1)[0] ?? ''
    const actor = by[actors[expect.split(' ').indexOf('ok')] ?? '']
    const { path, json, form, token } = await make(world, actor)
    await add(`${route} by anybody`, anonymous.request(path, { method, json }))
    if (actor)
      await add(`${route} ${what} by ${actor.email}`, actor.client.request(path, { method, json, body: form, token }))
  }
  for (const { route, json } of byToken) {
    const [method = '', path = ''] = route.split(' ')
    await add(route, anonymous.request(path, { method, json }))
  }
  for (const route of open) {
    const [method = '', path = ''] = route.split(' ')
    await add(
      route,
      anonymous.request(path, { method, json: { email: 'x@y.example', name: 'X', password: 'a long passphrase' } }),
    )
    await add(`${route}, empty`, anonymous.request(path, { method }))
  }
  for (const path of pages)
    await add(`GET ${path}`, anonymous.get(path.replace('*', 'x').replace(':name', 'x-1a2b.js')))
  await add('a part of the docs', anonymous.get('/docs/static/swagger-ui.css'))
  for (const path of [
    '/nowhere',
    '/%zz',
    `/api/v1/ops/files/${'a'.repeat(600)}`,
    '/download/%zz',
    '/api/v1/ops',
    '/..%2f',
  ])
    await add(path, anonymous.get(path))
  const { admin, client } = by
  if (!admin || !client) throw new Error('nobody there')
  await add('another host', rawGet(server, '/api/v1/ops/me', { host: 'evil.example' }))
  await add('another site', anonymous.post('/api/v1/ops/login', {}, { headers: { origin: 'https://evil.example' } }))
  await add('a wrong method', anonymous.delete('/healthz'))
  await add('a wrong content type', anonymous.request('/api/v1/ops/login', { method: 'POST', body: 'a=b' }))
  await add('a long body', admin.client.post('/api/v1/ops/groups', { name: 'x'.repeat(70_000) }))
  await add('bad JSON', anonymous.request('/api/v1/ops/login', { method: 'POST', body: '{', headers: jsonType }))
  await add('an unknown parameter', admin.client.get('/api/v1/ops/files?nonsense=1'))
  await add('a refused file', admin.client.upload('script.exe', Buffer.from('MZ')))

  const file = await upload(admin.client, 'Annual accounts.docx', { clients: [client.id] })
  const link = await linkTo(client.client, file)
  const { headers } = await client.client.request(link, { method: 'HEAD' })
  const with_ = (given: Record<string, string>) => client.client.get(link, { headers: given })
  await add('a download', client.client.get(link))
  await add('a range', with_({ range: 'bytes=0-9' }))
  await add('a range outside', with_({ range: 'bytes=999999999-' }))
  await add('what one has already', with_({ 'if-none-match': headers.get('etag') ?? '' }))
  await add('its HEAD', client.client.request(link, { method: 'HEAD' }))
  await add('opened in advance', with_({ 'sec-purpose': 'prefetch' }))
  await add('by a browser without a session', rawGet(server, link, { 'sec-fetch-mode': 'navigate' }))
  return seen
}

const jsonType = { 'content-type': 'application/json' }

/** One GET with exactly these headers: `fetch` sets Host and Sec-Fetch-Mode itself. */
export const rawGet = (server: TestServer, path: string, headers: Record<string, string>): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { host, port } = new URL(server.url)
    const asked = request({ host: '127.0.0.1', port, path, headers: { host, ...headers }, agent: false }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const pairs = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)])
        const text = Buffer.concat(chunks).toString()
        const json = /json/.test(response.headers['content-type'] ?? '')
        resolve({
          status: response.statusCode ?? 0,
          headers: new Headers(pairs),
          body: json ? JSON.parse(text) : text,
          text,
        })
      })
    })
    asked.on('error', reject)
    asked.end()
  })
