import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Answer } from '../../client.ts'
import { type Oracle, watch } from '../../gauntlet-oracle.ts'
import { makeOffice } from '../../office.ts'
import { PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { CHUNK } from '../files/tus.ts'
import { payloads } from './05-payloads.ts'
import { each, enlist, enter, linkTo, type Person, upload } from './cast.ts'
import { type Shot, volley } from './volley.ts'

let server: TestServer
let oracle: Oracle
let admin: Person
let client: Person
let link: string
let ids: Record<'file' | 'group' | 'session', string>

before(async () => {
  server = await startServer()
  await setUpAdmin(server)
  admin = await enter(server, 'ops', 'admin@firm.example')
  client = await enlist(server, 'client', 'clara@customer.example')
  const file = await upload(admin.client, 'Accounts.docx', { clients: [client.id] })
  await upload(admin.client, 'Plans.docx')
  const { body: group } = await admin.client.post('/api/v1/ops/groups', { name: 'Customer' })
  link = await linkTo(client.client, file)
  const { body: sessions } = await admin.client.get('/api/v1/ops/sessions')
  ids = { file, group: group.id, session: sessions.items[0].id }
  oracle = watch(server)
})
after(() => server.stop())

/** Where many places are tried, a third of them each, in turn: every payload meets every kind of place. */
const third = (turn: number) => payloads.filter((_, index) => index % 3 === turn % 3)
const few = payloads.filter((_, index) => index % 9 === 0)
const encode = encodeURIComponent
const ask = (who: Person | undefined, path: string, more: Partial<Shot> = {}): Shot => {
  const { headers, ...rest } = more
  return { method: 'GET', path, headers: { ...(who && { Authorization: `Bearer ${who.token}` }), ...headers }, ...rest }
}
const json = (who: Person | undefined, method: string, path: string, body: unknown): Shot =>
  ask(who, path, { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } })

const lists: { path: string; who: () => Person; filters: string[] }[] = [
  { path: '/api/v1/ops/files', who: () => admin, filters: ['q', 'uploaded_by', 'status', 'fetched'] },
  { path: '/api/v1/ops/clients', who: () => admin, filters: ['q'] },
  { path: '/api/v1/ops/audit', who: () => admin, filters: ['kind', 'actor', 'file', 'since'] },
  { path: '/api/v1/client/files', who: () => client, filters: ['q', 'uploaded_by', 'name'] },
  { path: '/api/v1/ops/clients/@client/files', who: () => admin, filters: ['q'] },
  { path: '/api/v1/client/files/@/history', who: () => client, filters: [] },
  { path: '/api/v1/client/links', who: () => client, filters: [] },
  { path: '/api/v1/client/sessions', who: () => client, filters: [] },
  ...['team', 'groups', 'invitations', 'sessions', 'files/@/deliveries'].map(name => ({
    path: `/api/v1/ops/${name}`,
    who: () => admin,
    filters: [],
  })),
]

test('every list of the server is tried here, with every parameter it has', () => {
  const found = server.app.http.routeTable
    .filter(({ method, schema }) => method === 'GET' && hasParameters(schema?.querystring))
    .map(({ url, schema }) => `${url} ${Object.keys(propertiesOf(schema?.querystring)).sort()}`)
  const tried = lists.map(
    ({ path, filters }) => `${path.replace(/@(client)?/, ':id')} ${['limit', 'cursor', ...filters].sort()}`,
  )
  assert.deepEqual(found.sort(), tried.sort())
})

const propertiesOf = (schema: unknown): object =>
  typeof schema === 'object' && schema !== null && 'properties' in schema ? Object(schema.properties) : {}
const hasParameters = (schema: unknown): boolean => Object.keys(propertiesOf(schema)).length > 0

test('in a parameter of a list it finds nothing, and nothing of what it would select', async () => {
  const idsOf = (text: string): string[] =>
    JSON.parse(text).items.map(
      (item: { id?: string; at?: string; client?: { id: string } }) => item.id ?? item.client?.id ?? item.at,
    )
  for (const [turn, { path: pattern, who, filters }] of lists.entries()) {
    const path = pattern.replace('@client', client.id).replace('@', ids.file)
    const all = new Set(idsOf((await who().client.get(`${path}?limit=200`)).text))
    const shots = [
      ...payloads.flatMap(payload => filters.map(name => ask(who(), `${path}?${name}=${encode(payload)}`))),
      ...third(turn).flatMap(payload => {
        const number = Buffer.from(JSON.stringify([1, 2 ** 50, payload])).toString('base64url')
        const text = Buffer.from(JSON.stringify([1, payload])).toString('base64url')
        return [
          `limit=${encode(payload)}`,
          `cursor=${encode(payload)}`,
          `cursor=${number}`,
          `cursor=${text}`,
          `${encode(payload)}=1`,
        ].map(query => ask(who(), `${path}?${query}`))
      }),
    ]
    await oracle.unchanged(path, () =>
      volley(server.url, shots, ({ status, text }, shot) => {
        const what = `${shot.path} ${status} ${text.slice(0, 200)}`
        assert.ok(status === 200 || status === 400, what)
        if (status === 400) return
        for (const id of idsOf(text)) assert.ok(all.has(id), what)
        const [, name, value = ''] = /\?(\w+)=(.*)/.exec(shot.path) ?? []
        // A search for words that are in no name finds none; without words it is no search. Other filters never match.
        const nothing = name === 'q' ? /[\p{L}\p{N}]/u.test(decodeURIComponent(value)) : filters.includes(name ?? '')
        if (nothing) assert.deepEqual(idsOf(text), [], what)
      }),
    )
  }
})

test('in a path it is nothing that exists', async () => {
  const routes = server.app.http.routeTable.filter(({ url }) => /^\/api\/v1\/(ops|client)\/.*:id/.test(url))
  assert.ok(routes.length > 15)
  const shots = routes.flatMap(({ method, url }, turn) =>
    third(turn).flatMap(payload => {
      const who = url.startsWith('/api/v1/ops') ? admin : client
      const body = { name: 'x', clients: [], disabled: true }
      const name = Object.entries({ members: { clients: [] }, audience: {}, link: {} }).find(([end]) =>
        url.endsWith(end),
      )?.[1]
      const path = url.replace(':id', encode(payload))
      return [method].flat().map(one => {
        if (url.includes('/uploads/'))
          return ask(who, path, { method: one, headers: { ...CHUNK, 'Upload-Offset': '0' } })
        return one === 'GET' || one === 'HEAD' || one === 'DELETE'
          ? ask(who, path, { method: one })
          : json(who, one, path, name ?? body)
      })
    }),
  )
  await oracle.unchanged('a path', () =>
    volley(server.url, shots, ({ status, text }, { method, path }) => {
      assert.ok(status === 404 || status === 400, `${method} ${path} ${status} ${text.slice(0, 200)}`)
    }),
  )
  const tokens = payloads.map(payload => ask(client, `/download/${encode(payload)}`))
  await oracle.unchanged('a token', () =>
    volley(server.url, tokens, ({ status }, { path }) => assert.equal(status, 404, path)),
  )
})

test('in a field that names somebody or something it is refused', async () => {
  const token = 'x'.repeat(43)
  const post = (path: string, body: (payload: string) => unknown, who?: Person) => (payload: string) =>
    json(who, 'POST', path, body(payload))
  const put = (path: string, body: (payload: string) => unknown) => (payload: string) =>
    json(admin, 'PUT', `/api/v1/ops/${path}`, body(payload))
  const password = PASSWORD
  const doors = (['ops', 'client'] as const).flatMap(door => [
    post(`/api/v1/${door}/login`, email => ({ email, password })),
    post(`/api/v1/${door}/login`, transport => ({ email: 'x@y.example', password, transport })),
    post(`/api/v1/${door}/login/mail`, text => ({ token: text, password })),
    post(`/api/v1/${door}/password/forgot`, email => ({ email })),
  ])
  const fields = [
    ...doors,
    post('/api/v1/client/signup', email => ({ email, name: 'X', password })),
    post('/api/v1/client/verify', text => ({ token: text, password })),
    post('/api/v1/client/verify/resend', email => ({ email })),
    post('/api/v1/password/reset', text => ({ token: text, password })),
    post('/api/v1/password/reset', text => ({ token, password: text })),
    post('/api/v1/invitations/read', text => ({ token: text })),
    post('/api/v1/invitations/accept', text => ({ token: text, name: text, password })),
    post('/api/v1/ops/invitations', email => ({ email, role: 'client' }), admin),
    post('/api/v1/ops/invitations', role => ({ email: 'x@y.example', role }), admin),
    post('/api/v1/ops/invitations', group => ({ email: 'x@y.example', role: 'client', groups: [group] }), admin),
    put(`groups/${ids.group}/members`, one => ({ clients: [one] })),
    put(`groups/${ids.group}/members`, one => ({ clients: [`${one}@y.example`, client.id] })),
    put(`files/${ids.file}/audience`, group => ({ groups: [group] })),
    put(`files/${ids.file}/audience`, one => ({ clients: [one] })),
    put(`files/${ids.file}/audience`, everyone => ({ everyone })),
    post(`/api/v1/client/files/${ids.file}/link`, expires_in => ({ expires_in }), client),
    post(`/api/v1/client/files/${ids.file}/link`, field => ({ [field]: 1 }), client),
  ]
  const shots = fields.flatMap((field, turn) => third(turn).map(field))
  await oracle.unchanged('a field', () =>
    volley(server.url, shots, ({ status, text }, { method, path, body }) => {
      assert.ok([400, 401, 422].includes(status), `${method} ${path} ${String(body)} ${status} ${text.slice(0, 200)}`)
    }),
  )
})

test('in a password it is a wrong password', async () => {
  const shots = few.flatMap(password => [
    json(undefined, 'POST', '/api/v1/ops/login', { email: admin.email, password }),
    json(undefined, 'POST', '/api/v1/client/login', { email: `x${password.length}@y.example`, password }),
  ])
  await oracle.unchanged('a password', () =>
    volley(server.url, shots, ({ status, text }) => assert.equal(status, 401, text)),
  )
})

test('in a header it changes no answer', async () => {
  const names = [
    'User-Agent',
    'Referer',
    'Accept',
    'Accept-Language',
    'Accept-Encoding',
    'If-None-Match',
    'If-Modified-Since',
    'Range',
  ].concat([
    'X-Forwarded-For',
    'X-Request-Id',
    'X-Real-Ip',
    'Forwarded',
    'Via',
    'Origin',
    'Prefer',
    'Cookie',
    'Sec-Fetch-Site',
    'Siilock',
  ])
  // Beyond Latin-1 no header can be sent; the bytes of UTF-8 can.
  const value = (payload: string) => Buffer.from(payload).toString('latin1')
  const plain = await admin.client.get('/api/v1/ops/files')
  await oracle.unchanged('a header', async () => {
    const shots = names.flatMap((name, turn) =>
      third(turn).map(payload => ask(admin, '/api/v1/ops/files', { headers: { [name]: value(payload) } })),
    )
    await volley(server.url, shots, ({ status, text }, { headers }) => {
      assert.equal(status, 200, JSON.stringify(headers))
      assert.equal(text, plain.text)
    })
    const tokens = payloads.flatMap(payload => [
      ask(undefined, '/api/v1/ops/me', { headers: { Authorization: `Bearer ${value(payload)}` } }),
      ask(undefined, '/api/v1/ops/me', { headers: { Cookie: `valise-ops=${value(payload)}` } }),
      ask(undefined, link, { headers: { Cookie: `valise-client=${value(payload)}` } }),
    ])
    await volley(server.url, tokens, ({ status }, { headers }) => assert.equal(status, 401, JSON.stringify(headers)))
    const ranges = payloads.flatMap(payload =>
      ['Range', 'If-Range', 'If-None-Match'].map(name =>
        ask(client, link, { method: 'HEAD', headers: { [name]: value(payload) } }),
      ),
    )
    await volley(server.url, ranges, ({ status }, { headers }) =>
      assert.ok([200, 304].includes(status), JSON.stringify(headers)),
    )
  })
})

/** What a request with an innocent text adds to each table, so that one with a payload can be held against it. */
const growth = async (act: () => Promise<Answer>): Promise<{ answer: Answer; more: Record<string, number> }> => {
  const before = await oracle.counts()
  const answer = await act()
  const after = await oracle.counts()
  const more = Object.entries(after).map(([table, count]): [string, number] => [table, count - (before[table] ?? 0)])
  return { answer, more: Object.fromEntries(more.filter(([, count]) => count !== 0)) }
}

/** The one form in which names are kept. */
const kept = (text: string) => text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim()

test('as the name of a group it is that name, and nothing else happens', async () => {
  const create = (name: string) => growth(() => admin.client.post('/api/v1/ops/groups', { name }))
  const innocent = await create('Innocent')
  assert.equal(innocent.answer.status, 201)
  for (const payload of third(1)) {
    const { answer, more } = await create(payload)
    if (answer.status === 201) {
      assert.equal(answer.body.name, kept(payload))
      assert.deepEqual({ ...more, audit_disclosures: 0 }, { ...innocent.more, audit_disclosures: 0 }, payload)
      assert.equal((await admin.client.delete(`/api/v1/ops/groups/${answer.body.id}`)).status, 204)
    } else assert.deepEqual([answer.status, more], [400, {}], payload)
  }
})

test('as the name of a file it is that name, findable by it alone', async () => {
  const send = (name: string) => growth(() => admin.client.upload(name, makeOffice({ type: 'docx', text: 'x' })))
  const innocent = await send('Innocent.docx')
  assert.equal(innocent.answer.status, 201)
  const alike = (more: Record<string, number>) => ({ ...more, file_terms: 0, file_words: 0, audit_disclosures: 0 })
  for (const payload of few) {
    const name = `${payload} x.docx`
    const { answer, more } = await send(name)
    if (answer.status === 201) {
      // A form's file name may be a path; its last part counts (RFC 7578, section 4.2).
      assert.equal(answer.body.name, (name.split(/[/\\]/).at(-1) ?? '').normalize('NFC').trim())
      assert.deepEqual(Object.keys(alike(more)).sort(), Object.keys(alike(innocent.more)).sort(), payload)
      assert.deepEqual([more.files, more.sqlite_master], [1, undefined], payload)
      await admin.client.put(`/api/v1/ops/files/${answer.body.id}/audience`, { clients: [client.id] })
      const found = await client.client.get(`/api/v1/client/files?name=${encode(answer.body.name)}`)
      assert.deepEqual(
        found.body.items.map((one: { id: string }) => one.id),
        [answer.body.id],
        payload,
      )
    } else assert.ok([400, 422].includes(answer.status) && more.files === undefined, `${payload} ${answer.text}`)
  }
})

test('as a person’s name and as the program’s name it is kept as it came', async () => {
  await each(
    few,
    async (payload, index) => {
      const email = `person${index}@customer.example`
      const joined = await server.client().post('/api/v1/client/signup', { email, name: payload, password: PASSWORD })
      assert.ok(joined.status === 202 || joined.status === 400, joined.text)
      if (joined.status === 202) {
        const rows = await server.db.read
          .selectFrom('pending_signups')
          .select('name')
          .where('email', '=', email)
          .execute()
        assert.deepEqual(
          rows.map(row => row.name),
          [kept(payload)],
        )
      }
      const agent = Buffer.from(payload).toString('latin1')
      const login = { email: client.email, password: PASSWORD }
      const entered = await server.client().post('/api/v1/client/login', login, { headers: { 'user-agent': agent } })
      assert.equal(entered.status, 200, entered.text)
      const { body } = await client.client.get('/api/v1/client/sessions', { token: entered.body.access_token })
      assert.equal(body.items.find((one: { current: boolean }) => one.current).user_agent, agent.trim())
    },
    1,
  )
  const { body } = await admin.client.get('/api/v1/ops/team')
  assert.deepEqual(
    body.items.map((one: { email: string; admin: boolean }) => [one.email, one.admin]),
    [['admin@firm.example', true]],
  )
})

const root = fileURLToPath(new URL('../../../', import.meta.url))

test('no SQL is put together from texts', () => {
  const files = globSync('{server,cli}/**/*.ts', { cwd: root }).filter(file => !/\.test(ing)?\.ts$/.test(file))
  assert.ok(files.length > 100)
  /** What is not a statement with parameters, and the only files that may have it. */
  const confined: [string, RegExp, RegExp][] = [
    [
      'raw SQL',
      /\bsql\s*\.\s*(raw|lit|literal)\b|\bCompiledQuery\s*\.\s*raw\b|\braw\s*\(/,
      /^server\/db\/migrations\/all\.ts$/,
    ],
    // Kysely quotes them as names; those in a variable must come out of the code itself, which reviewers look at.
    [
      'a name of a table or column in a variable',
      /\bsql\s*\.\s*(ref|id|table)\s*(<[^>]*>)?\(\s*[^'"\s]/,
      /^server\/files\/walks\.ts$/,
    ],
    ['a dynamic reference', /\.dynamic\b/, /^$/],
    // The port under Kysely takes the text that Kysely compiled.
    [
      'a statement in a variable',
      /\b(database|db|lock|reading|writing|sqlite)\s*\.\s*(exec|prepare)\(\s*[^'"`\s]/,
      /^server\/db\/sqlite\.ts$/,
    ],
    ['a statement that is added to', /\b(exec|prepare)\(\s*(['"`])(?:(?!\2).)*\2\s*\+/s, /^$/],
    // Pragmas take no parameters; a number that is a constant of the same file may stand in one.
    ['a statement with an insertion', /\b(exec|prepare)\(\s*`[^`]*\$\{(?![A-Z_]+\})/, /^$/],
  ]
  for (const [what, pattern, allowed] of confined) {
    const found = files.filter(file => !allowed.test(file) && pattern.test(readFileSync(join(root, file), 'utf8')))
    assert.deepEqual(found, [], what)
  }
})

test('no answer of 500, no connection away', () => oracle.verify())
