import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { type Oracle, watch } from '../../gauntlet-oracle.ts'
import { setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { enter, type Person } from './cast.ts'

let server: TestServer
let oracle: Oracle
let admin: Person
let host: string
/** `METHOD url` of every request that the server took for one. */
const taken: string[] = []
const onRequest = (message: unknown): void => {
  // The shape that nodejs.org/api/diagnostics_channel.html documents for http.server.request.start.
  const { request } = message as { request: IncomingMessage }
  taken.push(`${request.method} ${request.url}`)
}

before(async () => {
  server = await startServer()
  await setUpAdmin(server)
  admin = await enter(server, 'ops', 'admin@firm.example')
  host = new URL(server.url).host
  oracle = watch(server)
  subscribe('http.server.request.start', onRequest)
})
after(async () => {
  unsubscribe('http.server.request.start', onRequest)
  await server.stop()
})

/**
 * Sends bytes as they are and reads until the server ends the connection; `closed` is false if it does not within 10 s. With
 * `last` we end our side, and the server ends its own after the answer.
 */
const send = (bytes: string, { last = false } = {}): Promise<{ text: string; closed: boolean }> =>
  new Promise(resolve => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    let text = ''
    const patience = setTimeout(() => {
      socket.destroy()
      resolve({ text, closed: false })
    }, 10_000)
    socket.on('data', data => {
      text += data.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(patience)
      resolve({ text, closed: true })
    })
    socket.write(Buffer.from(bytes, 'latin1'))
    if (last) socket.end()
  })

const answers = (text: string) => text.match(/^HTTP\/1\.1 \d{3}/gm) ?? []

/** What an attacker wants the next reader of the connection to find: a request with the victim's session. */
const hidden = () =>
  `DELETE /smuggled HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${admin.token}\r\nContent-Length: 0\r\n\r\n`

/** Header lines on which two readers could disagree about where the body ends. */
const conflicts: Record<string, string[]> = {
  'length and chunks': ['Content-Length: 6', 'Transfer-Encoding: chunked'],
  'chunks and length': ['Transfer-Encoding: chunked', 'Content-Length: 6'],
  'two lengths': ['Content-Length: 5', 'Content-Length: 6'],
  'one length twice': ['Content-Length: 5', 'Content-Length: 5'],
  'lengths in a list': ['Content-Length: 5, 6'],
  'one length in a list': ['Content-Length: 5, 5'],
  'a length with a plus': ['Content-Length: +5'],
  'a negative length': ['Content-Length: -5'],
  'a length in hex': ['Content-Length: 0x5'],
  'a length with a point': ['Content-Length: 5.0'],
  'a length with a space within': ['Content-Length: 5 5'],
  'an empty length': ['Content-Length:'],
  'a length beyond all numbers': ['Content-Length: 99999999999999999999'],
  'a length in other digits': ['Content-Length: \xb2'],
  'a space before the colon': ['Content-Length : 5'],
  'a tab before the colon': ['Transfer-Encoding\t: chunked'],
  'a space before the name': [' Content-Length: 5'],
  'a folded line': ['Transfer-Encoding:\r\n chunked'],
  'an encoding nobody knows': ['Transfer-Encoding: xchunked'],
  'chunked not last': ['Transfer-Encoding: chunked, identity'],
  'chunked among others': ['Transfer-Encoding: identity, chunked', 'Content-Length: 6'],
  'chunked twice': ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked', 'Content-Length: 6'],
  'chunked and something else': ['Transfer-Encoding: chunked', 'Transfer-Encoding: cow', 'Content-Length: 6'],
  'chunked in quotes': ['Transfer-Encoding: "chunked"'],
  'chunked with a tab': ['Transfer-Encoding: \x0bchunked'],
  'chunked with a NUL': ['Transfer-Encoding: chunked\0'],
  'a CR alone': ['X: y\rTransfer-Encoding: chunked'],
  'an LF alone': ['X: y\nTransfer-Encoding: chunked', 'Content-Length: 6'],
  'a NUL in a name': ['Transfer\0-Encoding: chunked'],
  'a name with a colon': [':Transfer-Encoding: chunked', 'Content-Length: 6'],
  'no name at all': [': chunked'],
  'a line without a colon': ['Transfer-Encoding chunked'],
}

/** Bodies in chunks on whose ends two readers could disagree. */
const chunked: Record<string, string> = {
  'a size that is none': 'Z\r\n',
  'a negative size': '-1\r\n',
  'a size with a sign': '+5\r\nhello\r\n0\r\n\r\n',
  'a size in 0x': '0x5\r\nhello\r\n0\r\n\r\n',
  'a size beyond all numbers': 'FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n',
  'a size with a space': '5 \r\nhello\r\n0\r\n\r\n',
  'no size': '\r\nhello\r\n0\r\n\r\n',
  'more than its size': '2\r\nhello\r\n0\r\n\r\n',
  'an end by LF': '5\nhello\n0\n\n',
  'an extension with CR': '5;a\rb\r\nhello\r\n0\r\n\r\n',
  'an extension with LF': '5;a\nb\r\nhello\r\n0\r\n\r\n',
}

/** First lines and hosts on which two readers could disagree about what is asked of whom. */
const starts: Record<string, string> = {
  'a space in the URL': 'GET /healthz x HTTP/1.1\r\nHost: @\r\n\r\n',
  'an LF in the first line': 'GET /healthz\n HTTP/1.1\r\nHost: @\r\n\r\n',
  'a version nobody speaks': 'GET /healthz HTTP/3.7\r\nHost: @\r\n\r\n',
  'a method nobody knows': 'GETS /healthz HTTP/1.1\r\nHost: @\r\n\r\n',
  'a NUL in the URL': 'GET /health\0z HTTP/1.1\r\nHost: @\r\n\r\n',
  'no host': 'GET /healthz HTTP/1.1\r\n\r\n',
  'two hosts': 'GET /healthz HTTP/1.1\r\nHost: @\r\nHost: evil.example\r\n\r\n',
  'two hosts, the other way round': 'GET /healthz HTTP/1.1\r\nHost: evil.example\r\nHost: @\r\n\r\n',
}

for (const [name, lines] of Object.entries(conflicts)) {
  test(`${name}: refused, the connection closed, nothing behind it read`, async () => {
    taken.length = 0
    const body = '0\r\n\r\nX'
    const { text, closed } = await oracle.unchanged(name, () =>
      send(`POST /api/v1/ops/logout HTTP/1.1\r\nHost: ${host}\r\n${lines.join('\r\n')}\r\n\r\n${body}${hidden()}`),
    )
    assert.ok(closed, `the connection stays open: ${text}`)
    assert.ok(answers(text).length <= 1, text)
    if (answers(text).length === 1) assert.match(text, /^HTTP\/1\.1 4\d\d/, text)
    assert.deepEqual(
      taken.filter(one => one.includes('smuggled')),
      [],
      text,
    )
  })
}

for (const [name, body] of Object.entries(chunked)) {
  test(`chunks with ${name}: refused, the connection closed, nothing behind it read`, async () => {
    taken.length = 0
    const head = `POST /api/v1/ops/login HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`
    const { text, closed } = await oracle.unchanged(name, () => send(`${head}${body}${hidden()}`))
    assert.ok(closed, `the connection stays open: ${text}`)
    assert.equal(answers(text).length, 1, text)
    assert.match(text, /^HTTP\/1\.1 4\d\d/, text)
    assert.deepEqual(
      taken.filter(one => one.includes('smuggled')),
      [],
      text,
    )
  })
}

for (const [name, start] of Object.entries(starts)) {
  test(`${name}: refused`, async () => {
    const { text } = await oracle.unchanged(name, () => send(start.replace('@', host), { last: true }))
    assert.match(text, /^HTTP\/1\.1 4\d\d/, text)
  })
}

test('a body that an early refusal leaves unread is never taken for a request', async () => {
  taken.length = 0
  // 401 is known from the headers alone; the body is a request in itself.
  const inner = hidden()
  const text = await new Promise<string>(resolve => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    let got = ''
    socket.on('data', data => {
      got += data.toString('latin1')
      if (/HTTP\/1\.1 401[\s\S]*HTTP\/1\.1 200/.test(got)) socket.end()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(got))
    const head = `PUT /api/v1/ops/groups/${'a'.repeat(22)}/members HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`
    socket.write(
      `${head}Content-Length: ${inner.length}\r\n\r\n${inner}GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    )
  })
  assert.match(text, /^HTTP\/1\.1 401/)
  assert.deepEqual(
    taken.filter(one => one.includes('smuggled')),
    [],
  )
})

test('an upgrade is not taken, and what follows it is not another protocol’s', async () => {
  for (const lines of [
    'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13',
  ]) {
    const { text } = await send(`GET /api/v1/ops/me HTTP/1.1\r\nHost: ${host}\r\n${lines}\r\n\r\n`, { last: true })
    assert.doesNotMatch(text, /^HTTP\/1\.1 101/m)
  }
})

test('no answer of 500, no connection away', () => oracle.verify())
