import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { makeOffice } from '../../office.ts'
import { PASSWORD } from '../../people.ts'
import { startProcess, type TestProcess } from '../../process.ts'
import { FORM_TYPE, formOf } from '../files/form.ts'
import { each } from './cast.ts'

const LINUX = existsSync('/proc/self/clear_refs')
const MOST = 50 * 1024

let folder: string
let server: TestProcess
let ended: () => unknown = () => {}
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valise-denial-'))
  const context = {
    after: (fn: () => unknown) => {
      ended = fn
    },
  }
  // With a small heap the collector cannot leave garbage lying: what is measured is what the attack needs.
  const env = { NODE_OPTIONS: '--max-old-space-size=96 --max-semi-space-size=4' }
  server = await startProcess({ context, dataDir: join(folder, 'data'), env })
  assert.ok(server.ready, server.log())
  const client = server.client()
  const email = 'ada@firm.example'
  const body = { setup_token: server.setupToken, email, name: 'Ada', password: PASSWORD }
  assert.equal((await client.post('/api/v1/setup', body)).status, 201)
  // What it needs to work at all, code and caches included, is not what an attack costs.
  client.useToken((await client.post('/api/v1/ops/login', { email, password: PASSWORD })).body.access_token)
  const document = makeOffice({ type: 'docx', padTo: 3_000_000 })
  for (let i = 0; i < 20; i++) assert.equal((await client.upload('Warm.docx', document)).status, 201)
  await each(Array.from({ length: 400 }), async (_one, i) => {
    await client.get(['/api/v1/ops/files', '/openapi.json', '/docs/static/index.html', '/nothing'][i % 4] ?? '/')
    await server.client().post('/api/v1/client/login', { email: `x${i}`, password: 1 })
  })
})
after(async () => {
  await ended()
  await rm(folder, { recursive: true, force: true })
})

/** Kilobytes of a line of /proc/<pid>/status. */
const memory = (line: 'VmHWM' | 'VmRSS'): number =>
  Number(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1])

/** Runs the attack; the most that the process has held at any moment of it may be 50 MB above what it held before. */
const costs = async (attack: () => Promise<unknown>): Promise<void> => {
  // 5: the peak begins anew at what is held now (proc(5)).
  writeFileSync(`/proc/${server.pid}/clear_refs`, '5')
  const held = memory('VmRSS')
  await attack()
  const peak = memory('VmHWM')
  assert.ok(peak - held <= MOST, `${Math.round((peak - held) / 1024)} MB more than ${Math.round(held / 1024)} MB`)
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200)
}

const times = (count: number) => Array.from({ length: count }, (_unused, i) => i)

/** Any answer below 500 that is no success, or a connection cut while the body was still coming. */
const refused = async (asked: Promise<{ status: number; text: string }>): Promise<void> => {
  const answer = await asked.catch(() => undefined)
  if (answer)
    assert.ok(answer.status >= 400 && (answer.status < 500 || isBusy(answer)), `${answer.status} ${answer.text}`)
}

/** Too many passwords at a time to check: said at once, and before they cost anything. */
const isBusy = ({ status, text }: { status: number; text: string }): boolean =>
  status === 503 && /Many people are signing in/.test(text)

const publicRoutes = ['client/login', 'ops/login', 'client/signup', 'client/verify', 'client/password/forgot']
  .concat([
    'ops/password/forgot',
    'password/reset',
    'invitations/read',
    'invitations/accept',
    'setup',
    'client/verify/resend',
  ])
  .map(path => `/api/v1/${path}`)

const json = (path: string, body: string): Promise<void> =>
  refused(server.client().request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body }))

const bodies: [string, string][] = [
  [
    'a password of 60 kB',
    JSON.stringify({ email: 'a@b.example', name: 'A', token: 't', password: 'x'.repeat(60_000) }),
  ],
  ['a password of 4 MB', JSON.stringify({ email: 'a@b.example', password: 'x'.repeat(4_000_000) })],
  ['a password of 5,000 wide characters', JSON.stringify({ email: 'a@b.example', password: '\u{1d15e}'.repeat(5000) })],
  ['a token of 60 kB', JSON.stringify({ token: 'x'.repeat(60_000), password: PASSWORD, name: 'A' })],
  ['an address of 60 kB', JSON.stringify({ email: `${'a.'.repeat(30_000)}@b.example`, password: PASSWORD, name: 'A' })],
  ['9,000 keys', `{${times(9000).map(i => `"${i}":1`)}}`],
  ['9,000 times the same key', `{${times(9000).map(() => '"a":1')}}`],
  ['30,000 levels of arrays', '['.repeat(30_000) + ']'.repeat(30_000)],
  ['10,000 levels of objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ['a number of 60,000 digits', `{"email":${'9'.repeat(60_000)}}`],
  ['60,000 escapes', `{"email":"${'\\u0000'.repeat(10_000)}"}`],
  ['prototypes', `{${'"__proto__":{"a":1},'.repeat(3000)}"a":1}`],
  ['only spaces', ' '.repeat(60_000)],
]
for (const [what, body] of bodies) {
  test(`${what}, 500 times over every public route`, { skip: !LINUX && 'reads /proc' }, () =>
    costs(() => each(times(500), i => json(publicRoutes[i % publicRoutes.length] ?? '', body), 50)),
  )
}

/** Sends bytes on a connection of its own and resolves with what came back when the server has closed, or after its head. */
const raw = (bytes: Iterable<Uint8Array | string>, untilClosed = false): Promise<string> =>
  new Promise(resolve => {
    const { port } = new URL(server.url)
    const socket = connect(Number(port), '127.0.0.1')
    let text = ''
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
    socket.on('data', data => {
      text = (text + data.toString('latin1')).slice(0, 2000)
      if (!untilClosed && text.includes('\r\n\r\n')) socket.destroy()
    })
    for (const piece of bytes) socket.write(piece)
  })

const statusOf = (text: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)
const host = (): string => `Host: ${new URL(server.url).host}`

const heads: [string, () => string[], number[]][] = [
  ['10,000 headers', () => [host(), ...times(10_000).map(i => `X-${i}: 1`)], [0, 431]],
  ['a header of 1 MB', () => [host(), `X: ${'x'.repeat(1_000_000)}`], [0, 431]],
  [
    '1,900 cookies',
    () => [
      host(),
      `Cookie: ${times(1900)
        .map(i => `c${i}=1`)
        .join('; ')}`,
    ],
    [401, 431],
  ],
  ['a bearer token of 15 kB', () => [host(), `Authorization: Bearer ${'x'.repeat(15_000)}`], [401, 431]],
  ['a token of 7,500 parts', () => [host(), `Authorization: Bearer ${'.'.repeat(15_000)}`], [401, 431]],
  [
    'many ranges',
    () => [
      host(),
      `Range: bytes=${times(3000)
        .map(i => `${i}-`)
        .join()}`,
    ],
    [401, 431],
  ],
]
for (const [what, lines, statuses] of heads) {
  test(`${what}, 500 times`, { skip: !LINUX && 'reads /proc' }, () =>
    costs(() =>
      each(
        times(500),
        async i => {
          const path = ['/api/v1/ops/files', '/download/x'][i % 2]
          const status = statusOf(await raw([`GET ${path} HTTP/1.1\r\n${lines().join('\r\n')}\r\n\r\n`]))
          assert.ok(statuses.includes(status), String(status))
        },
        50,
      ),
    ),
  )
}

test('paths and queries of 15 kB, 500 times', { skip: !LINUX && 'reads /proc' }, () =>
  costs(() =>
    each(
      times(500),
      i => {
        const long = ['a'.repeat(15_000), '%41'.repeat(5000), 'a/'.repeat(7500), `x?${'a=1&'.repeat(3700)}`][i % 4]
        const base = ['/download/', '/api/v1/ops/files/', '/assets/', '/docs/static/', '/api/v1/client/'][i % 5]
        return refused(server.client().get(`${base}${long}`))
      },
      50,
    ),
  ),
)

test('uploads of nobody: forms of 4 GB, of endless chunks, of many parts', { skip: !LINUX && 'reads /proc' }, () =>
  costs(() =>
    each(
      times(300),
      async i => {
        const parts = formOf(times(1000).map(part => ({ name: `p${part}`, filename: 'a.docx', body: 'x' })))
        const length =
          i % 3 === 0 ? 'Transfer-Encoding: chunked' : `Content-Length: ${i % 3 === 1 ? 4 * 2 ** 30 : parts.length}`
        const head = `POST /api/v1/ops/files HTTP/1.1\r\n${host()}\r\nContent-Type: ${FORM_TYPE}\r\n${length}\r\n\r\n`
        const body = i % 3 === 0 ? Buffer.concat([Buffer.from('fa000\r\n'), Buffer.alloc(0xfa000)]) : parts
        assert.equal(statusOf(await raw([head, body])), 401)
      },
      30,
    ),
  ),
)

test('answers that nobody reads: 20 connections that ask 300 times each', { skip: !LINUX && 'reads /proc' }, () =>
  costs(async () => {
    const { port } = new URL(server.url)
    const sockets = times(20).map(() => connect(Number(port), '127.0.0.1').pause())
    const asking = ['/openapi.json', '/docs/static/swagger-ui-bundle.js', '/']
    for (const [i, socket] of sockets.entries()) {
      socket.on('error', () => {})
      socket.write(`GET ${asking[i % 3]} HTTP/1.1\r\n${host()}\r\n\r\n`.repeat(300))
    }
    // Others are answered meanwhile, and by then the server has met all of that.
    for (let i = 0; i < 50; i++) assert.equal((await fetch(`${server.url}/readyz`)).status, 200)
    for (const socket of sockets) socket.destroy()
  }),
)

test('mails asked for by 2,000 addresses', { skip: !LINUX && 'reads /proc' }, () =>
  costs(() =>
    each(
      times(2000),
      async i => {
        const email = `nobody${i}@customer.example`
        const { status } = await server.client().post('/api/v1/client/password/forgot', { email })
        assert.ok(status === 202 || status === 429, String(status))
      },
      50,
    ),
  ),
)

test('300 connections whose headers never end: cut, and they cost little', { skip: !LINUX && 'reads /proc' }, () =>
  costs(async () => {
    const began = performance.now()
    const texts = await Promise.all(times(300).map(i => raw([`GET / HTTP/1.1\r\n${host()}\r\nX-${i}: `], true)))
    // Within 20 s, looked at every 5 s.
    assert.ok(performance.now() - began < 40_000)
    for (const text of texts) assert.ok([0, 408].includes(statusOf(text)), text)
  }),
)

test('brackets in a text are text, however many', async () => {
  for (const name of ['['.repeat(60), '{"a":'.repeat(20), '\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[', '\\\\'.repeat(10)]) {
    const body = { email: 'brackets@customer.example', name, password: PASSWORD }
    assert.equal((await server.client().post('/api/v1/client/signup', body)).status, 202, name)
  }
  const deep = { email: 'a@b.example', password: JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) }
  const answer = await server.client().post('/api/v1/client/login', deep)
  assert.equal(answer.status, 400)
  assert.match(answer.body.detail, /nested too deeply/)
})

test('and people sign in as before', async () => {
  const client: Client = server.client()
  const answer = await client.post('/api/v1/ops/login', { email: 'ada@firm.example', password: PASSWORD })
  assert.equal(answer.status, 200, answer.text)
  assert.doesNotMatch(server.log(), /"level":50/)
})
