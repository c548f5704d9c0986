import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { after, before, test } from 'node:test'
import { errorTable } from '../../contract/errors.ts'
import { makeOffice } from '../office.ts'
import { PASSWORD } from '../people.ts'
import { startServer } from '../server.ts'
import { downloadsKeepTheContract } from './contract/download.ts'
import type { Row } from './contract/row.ts'
import { rows } from './contract/rows.ts'
import * as shape from './contract/shapes.ts'
import { type Trouble, troublesOf, type Valid } from './contract/troubles.ts'
import { answeredWith, met, openWorld, refusedWith, type World } from './contract/world.ts'
import { append, begin, begun, CHUNK, end, head, idOf, metadata, TUS, UPLOADS } from './files/tus.ts'
import { mailbox, pages } from './gauntlet/10-cases.ts'
import { rawGet } from './gauntlet/answers.ts'
import { asAnswer, volley } from './gauntlet/volley.ts'

let w: World
/** `METHOD url status` of everything that was sent. */
const sent = new Set<string>()
const onFinish = (message: unknown): void => {
  // The shape that nodejs.org/api/diagnostics_channel.html documents for http.server.response.finish.
  const { request, response, server } = message as {
    request: IncomingMessage
    response: ServerResponse
    server: Server
  }
  if (server === w?.server.app.http.server)
    sent.add(`${request.method} ${request.url?.split('?', 1)[0]} ${response.statusCode}`)
}
before(async () => {
  subscribe('http.server.response.finish', onFinish)
  w = await openWorld()
})
after(async () => {
  unsubscribe('http.server.response.finish', onFinish)
  await w?.server.stop()
})

const routes = () =>
  w.server.app.http.routeTable.flatMap(route => [route.method].flat().map(method => ({ ...route, method })))
const elsewhere = [
  'POST /api/v1/setup',
  'POST /api/v1/ops/files',
  'POST /api/v1/ops/inspect',
  'GET /api/v1/ops/events',
  'GET /api/v1/client/events',
  ...['OPTIONS uploads', 'POST uploads', 'PATCH uploads/:id', 'DELETE uploads/:id'].map(route =>
    route.replace(' ', ' /api/v1/ops/'),
  ),
  'GET /download/:token',
  'GET /download/*',
]
/** For people, and for one machine: tested where they belong. */
const noContract = new Set(
  [...pages, ...mailbox].filter(path => !['/healthz', '/readyz', '/openapi.json'].includes(path)),
)

test('every route of the server is in the table, and the table has no others', () => {
  const listed = [...rows.map(({ route }) => route), ...elsewhere]
  const found = routes()
    .filter(({ method, url }) => method !== 'HEAD' && !noContract.has(url))
    .map(({ method, url }) => `${method} ${url}`)
  assert.deepEqual(found.sort(), listed.sort())
})

/** The request of a row, made ready: an id of its own, a body that is valid. */
const ready = async ({ route, path, json, token, who }: Row): Promise<Valid> => {
  const [method = '', url = ''] = route.split(' ')
  const id = path ? await path(w) : ''
  const session = token ? await token(w) : w.tokenOf[who]
  // The rest of the path after `:id` comes with it, as `<id>/link`.
  const at = path ? url.replace(/:id.*/, id) : url
  const headers: Record<string, string> = session === undefined ? {} : { Authorization: `Bearer ${session}` }
  return { method, path: at, headers, json: json && (await json(w)) }
}

for (const row of rows) {
  test(row.route, async () => {
    const { method, path, headers, json } = await ready(row)
    if (method === 'GET') {
      const head = await w.nobody.request(path, { method: 'HEAD', headers })
      assert.deepEqual([head.status, head.text], [row.status, ''], 'HEAD')
    }
    answeredWith(await w.nobody.request(path, { method, headers, json }), row.status, row.shape, row.route)
    await row.also?.(w, path)
  })
}

const document = makeOffice({ type: 'xlsx', text: 'Figures' })
const part = (bytes: Uint8Array) => new Blob([Uint8Array.from(bytes)])

test('POST /api/v1/ops/inspect', async () => {
  const path = '/api/v1/ops/inspect'
  const inspect = (name: string, bytes: Uint8Array) => {
    const form = new FormData()
    form.append('file', part(bytes), name)
    return w.ops.client.request(path, { method: 'POST', body: form })
  }
  const before = (await w.ops.client.get('/api/v1/ops/files?limit=200')).body.items.length
  const good = await inspect('Figures.xlsx', document)
  answeredWith(good, 200, shape.inspectReport, 'a good one')
  assert.deepEqual([good.body.verdict, good.body.type, good.body.size], ['accept', 'xlsx', document.length])
  for (const [name, bytes] of [
    ['program.exe', document],
    ['Figures.docx', document],
    ['Figures.xlsx', Buffer.from('not a document')],
  ] as const) {
    const bad = await inspect(name, bytes)
    answeredWith(bad, 200, shape.inspectReport, name)
    assert.equal(bad.body.verdict, 'refuse', name)
    assert.ok(bad.body.findings.length > 0, name)
  }
  refusedWith(
    await inspect('Large.docx', makeOffice({ type: 'docx', padTo: 1024 * 1024 + 1 })),
    413,
    'too_large',
    'large',
  )
  refusedWith(await w.ops.client.post(path, {}), 415, 'unsupported_media_type', 'JSON')
  assert.equal((await w.ops.client.get('/api/v1/ops/files?limit=200')).body.items.length, before, 'nothing was stored')
})

test('POST /api/v1/ops/files', async () => {
  const path = '/api/v1/ops/files'
  type Part = [string, string | Blob, string?]
  const send = (parts: Part[]) => {
    const form = new FormData()
    for (const [name, value, file] of parts)
      if (typeof value === 'string') form.append(name, value)
      else form.append(name, value, file)
    return w.ops.client.request(path, { method: 'POST', body: form })
  }
  const audience = JSON.stringify({ clients: [w.client.email] })
  const file: [string, Blob, string] = ['file', part(document), 'Figures.xlsx']
  for (const type of ['docx', 'xlsx', 'pptx'] as const)
    answeredWith(await send([['file', part(makeOffice({ type })), `A.${type}`]]), 201, shape.file, type)
  answeredWith(await send([['audience', audience], file]), 201, shape.file, 'the audience first')
  const uploaded = await send([file, ['audience', audience]])
  answeredWith(uploaded, 201, shape.file, 'the file first')
  assert.deepEqual(uploaded.body.audience.clients, [{ id: w.client.id, email: w.client.email }])
  assert.equal(uploaded.body.size, document.length)

  const wrong: [string, Part[]][] = [
    ['no file', [['audience', audience]]],
    ['two files', [file, file]],
    ['two audiences', [file, ['audience', audience], ['audience', audience]]],
    ['a part that is none', [file, ['note', 'x']]],
    ['a file under another name', [['document', part(document), 'A.xlsx']]],
    ['an audience that is no JSON', [file, ['audience', 'everyone']]],
    ['an audience with another field', [file, ['audience', '{"all":true}']]],
  ]
  for (const [what, parts] of wrong) refusedWith(await send(parts), 400, 'invalid_request', what)
  const nobody = await send([file, ['audience', '{"clients":["nobody@nowhere.example"]}']])
  refusedWith(nobody, 422, 'unknown_recipient', 'nobody')
  const refusable: [string, Buffer][] = [
    ['program.exe', document],
    ['Figures.docx', document],
    ['Figures.xlsx', Buffer.from('not a document')],
  ]
  for (const [name, bytes] of refusable) {
    const refused = await send([['file', part(bytes), name]])
    refusedWith(refused, 422, 'file_refused', name)
    assert.ok(refused.body.findings.length > 0, 'with findings')
  }
  const large = makeOffice({ type: 'docx', padTo: 1024 * 1024 + 1 })
  refusedWith(await send([['file', part(large), 'Large.docx']]), 413, 'too_large', 'over VALISE_MAX_UPLOAD')
  const most = makeOffice({ type: 'docx', padTo: 1024 * 1024 })
  answeredWith(await send([['file', part(most), 'Most.docx']]), 201, shape.file, 'exactly VALISE_MAX_UPLOAD')
  refusedWith(await w.ops.client.post(path, {}), 415, 'unsupported_media_type', 'JSON')
  refusedWith(await w.ops.client.post(path), 415, 'unsupported_media_type', 'nothing')
})

test('POST, HEAD, PATCH, DELETE /api/v1/ops/uploads', async () => {
  const by = w.ops.client
  const made = await begin(by, document.length, { filename: 'A.xlsx' })
  answeredWith(made, 201, undefined, 'begun')
  const path = made.headers.get('location') ?? ''
  answeredWith(await head(by, path), 200, undefined, 'where it stands')
  answeredWith(await append(by, path, 0, document), 204, undefined, 'all of it')
  answeredWith(await by.get(`/api/v1/ops/files/${idOf(path)}`), 200, shape.file, 'a file')
  refusedWith(await append(by, path, 0, document), 409, 'conflict', 'again')
  refusedWith(await by.request(path, { method: 'DELETE' }), 412, 'unsupported_version', 'not tus')
  refusedWith(
    await by.request(path, { method: 'PATCH', headers: TUS, json: {} }),
    415,
    'unsupported_media_type',
    'JSON',
  )
  const ended = await begun(by, 5)
  answeredWith(await end(by, ended), 204, undefined, 'ended')
  refusedWith(await append(by, ended, 0, Buffer.from('x')), 410, 'gone', 'afterwards')
  answeredWith(await by.request(UPLOADS, { method: 'OPTIONS' }), 204, undefined, 'what is spoken')
})

test('GET, HEAD /download/:token', () => downloadsKeepTheContract(w))

test('GET, HEAD /api/v1/…/events', async () => {
  for (const door of ['ops', 'client'] as const) {
    const path = `/api/v1/${door}/events`
    for (const method of ['GET', 'HEAD']) {
      const { status, headers, text } = await w.clientOf[door].request(path, { method })
      assert.equal(status, 200)
      assert.equal(headers.get('content-type'), 'text/event-stream; charset=utf-8')
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.equal(headers.get('x-accel-buffering'), 'no')
      assert.equal(text, method === 'GET' ? 'retry: 3000\n: hello\n\n' : '')
    }
  }
})

test('too many live links: 429', async () => {
  const path = await w.link()
  const { id } = await w.server.db.read
    .selectFrom('links')
    .select('id')
    .orderBy('created_at', 'desc')
    .executeTakeFirstOrThrow()
  const link = await w.server.db.read.selectFrom('links').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const copies = Array.from({ length: 5000 }, (_, n) => ({ ...link, id: `${String(n).padStart(21, 'x')}A` }))
  await w.server.db.write(async tx => {
    for (let n = 0; n < copies.length; n += 500)
      await tx
        .insertInto('links')
        .values(copies.slice(n, n + 500))
        .execute()
  })
  const refused = await w.client.client.post(`/api/v1/client/files/${link.file_id}/link`, {})
  refusedWith(refused, 429, 'too_many_requests', 'one more')
  await w.server.db.write(async tx => {
    await tx.deleteFrom('links').where('id', 'like', 'xxxxx%').execute()
  })
  assert.equal((await w.client.client.request(path, { method: 'HEAD' })).status, 200)
})

test('sign-up that is not open: 403', async () => {
  const body = { name: 'Nora', password: PASSWORD }
  for (const [signup, email, status] of [
    ['invite', 'nora@customer.example', 403],
    ['domains:customer.example', 'nora@elsewhere.example', 403],
    ['domains:customer.example', 'nora@customer.example', 202],
  ] as const) {
    const server = await startServer({ env: { VALISE_SIGNUP: signup } })
    try {
      const answer = await server.client().post('/api/v1/client/signup', { ...body, email })
      if (status === 403) refusedWith(answer, 403, 'signup_closed', `${signup} ${email}`)
      else answeredWith(answer, 202, shape.status('verification_sent'), `${signup} ${email}`)
    } finally {
      await server.stop()
    }
  }
})

test('whatever is wrong with a request, every route says so in a problem document', async () => {
  const troubles: Trouble[] = []
  for (const row of rows) troubles.push(...troublesOf(w, row, await ready(row)))
  const upload: Row = { route: 'POST /api/v1/ops/files', who: 'ops', status: 201, shape: shape.file }
  troubles.push(...troublesOf(w, upload, await ready(upload)).filter(({ what }) => !/^a body/.test(what)))
  const chunk = { ...CHUNK, 'Upload-Offset': '0', Authorization: `Bearer ${w.ops.token}` }
  const begins: [string, string, Record<string, string>][] = [
    ['POST', UPLOADS, { 'Upload-Length': '5', 'Upload-Metadata': metadata({ filename: 'A.docx' }) }],
    ['OPTIONS', UPLOADS, {}],
    ['DELETE', await begun(w.ops.client, 5), {}],
    ['PATCH', await begun(w.ops.client, 5), chunk],
  ]
  for (const [method, at, more] of begins) {
    const route = `${method} ${at === UPLOADS ? at : `${UPLOADS}/:id`}`
    const headers = { ...TUS, Authorization: `Bearer ${w.ops.token}`, ...more }
    const all = troublesOf(w, { route, who: 'ops', status: 204, shape: undefined }, { method, path: at, headers })
    troubles.push(
      ...all.filter(
        ({ what }) => !(method === 'PATCH' ? /^a body/ : method === 'OPTIONS' ? /^from another site/ : /^$/).test(what),
      ),
    )
  }
  const download: Row = { route: 'GET /download/:token', who: 'nobody', status: 200, shape: undefined }
  const path = await w.link()
  const headers = { Authorization: `Bearer ${w.client.token}` }
  troubles.push(...troublesOf(w, download, { method: 'GET', path, headers }))
  assert.ok(troubles.length > 600, `${troubles.length}`)
  for (const door of ['ops', 'client'] as const) {
    const events: Row = { route: `GET /api/v1/${door}/events`, who: door, status: 200, shape: undefined }
    const headers = { Authorization: `Bearer ${w.tokenOf[door]}` }
    troubles.push(...troublesOf(w, events, { method: 'GET', path: `/api/v1/${door}/events`, headers }))
  }
  const by = new Map(troubles.map(trouble => [trouble.shot, trouble]))
  await volley(w.server.url, [...by.keys()], (hit, shot) => {
    const trouble = by.get(shot)
    if (!trouble) return
    refusedWith(asAnswer(hit), trouble.status, trouble.code, `${shot.method} ${shot.path}: ${trouble.what}`)
  })
})

test('unknown routes are 404, whoever asks', async () => {
  for (const path of [
    '/nowhere',
    '/api',
    '/api/v1',
    '/api/v2/ops/me',
    '/api/v1/ops',
    '/api/v1/client/',
    '/api/v1/OPS/me',
    '/%ff',
    '/download',
  ])
    for (const client of [w.nobody, w.client.client, w.admin.client])
      refusedWith(await client.get(path), 404, 'not_found', path)
  // What names nothing still meets every check.
  for (const path of ['/nowhere', '/%ff', `/api/v1/ops/files/${'a'.repeat(600)}`, '/download/%ff'])
    refusedWith(await rawGet(w.server, path, { host: 'evil.example' }), 421, 'wrong_host', path)
})

test('every code of the table was met, but for what only a broken machine answers', () => {
  const broken = ['internal', 'storage_full']
  assert.deepEqual(
    Object.keys(errorTable)
      .filter(code => !met.has(code))
      .sort(),
    broken,
  )
})

test('every route declares what it sends: successes each by itself, refusals and failures as problem documents', () => {
  for (const { method, url, schema } of routes()) {
    const declared = declaredBy(schema?.response)
    assert.ok(
      declared.some(status => /^2\d\d$/.test(status)),
      `${method} ${url} declares a success`,
    )
    for (const all of ['4xx', '5xx']) assert.ok(declared.includes(all), `${method} ${url} declares ${all}`)
  }
  const undeclared: string[] = []
  const patterns = routes().map(({ method, url, schema }) => ({
    method,
    pattern: new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+').replaceAll('*', '.*')}$`),
    declared: declaredBy(schema?.response),
  }))
  for (const line of sent) {
    const [method, path = '', status = ''] = line.split(' ')
    const matching = patterns.filter(one => one.method === method && one.pattern.test(path))
    // No route: the 404 and 405 of the whole server.
    if (matching.length === 0) continue
    const ok = matching.some(({ declared }) => declared.includes(status) || declared.includes(`${status[0]}xx`))
    if (!ok) undeclared.push(line)
  }
  assert.ok(sent.size > 200, `${sent.size} different answers`)
  assert.deepEqual(undeclared, [])
})

const declaredBy = (response: unknown): string[] =>
  typeof response === 'object' && response !== null ? Object.keys(response).map(status => status.toLowerCase()) : []
