import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { startServer, type TestServer } from '../../server.ts'
import { FORM_TYPE, formOf, type Part } from '../files/form.ts'
import { begin, begun, end, head, offsetOf } from '../files/tus.ts'
import { enlist, type Person } from './cast.ts'

const LIMIT = 256 * 1024
/** What a form may have beside its file. */
const OVERHEAD = 1024 * 1024

let server: TestServer
let ada: Person
let seen = 0
before(async () => {
  server = await startServer({ env: { VALISE_MAX_UPLOAD: '256KiB' } })
  ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
})
after(() => server.stop())

const blobs = (part: string): number[] =>
  readdirSync(join(server.dataDir, part), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0)

const rows = async () => ({
  files: (await server.db.read.selectFrom('files').select('id').execute()).length,
  removals: (await server.db.read.selectFrom('blob_removals').select('blob').execute()).length,
})

/** Everything settles: an upload whose connection has gone is taken back a moment later. */
afterEach(async () => {
  for (;;) {
    const { files, removals } = await rows()
    if (removals === 0 && blobs('tmp').length === 0 && blobs('blobs').length === files) break
    await new Promise(resolve => setImmediate(resolve))
  }
  assert.ok(
    blobs('blobs').every(size => size <= LIMIT + 1024),
    'a blob above the limit',
  )
})

const file = (size: number): Part => ({
  name: 'file',
  filename: 'Large.docx',
  body: makeOffice({ type: 'docx', padTo: size }),
})

type Sending = {
  /** Beside authorisation and content type; values are sent as they are. */
  headers: string[]
  body: Iterable<Uint8Array>
  /** End our half of the connection after the body. */
  end?: boolean
  line?: string
  type?: string
}

/** One request, byte for byte. Resolves with the first status, or 0 when the connection ended without one. */
const post = ({
  headers,
  body,
  end = false,
  line = 'POST /api/v1/ops/files',
  type = FORM_TYPE,
}: Sending): Promise<number> =>
  new Promise(resolve => {
    const { host, port } = new URL(server.url)
    const socket = connect(Number(port), '127.0.0.1')
    let text = ''
    const done = (): void => {
      socket.destroy()
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0))
    }
    socket.on('error', () => {})
    socket.on('close', done)
    socket.on('data', data => {
      text += data.toString('latin1')
      if (text.includes('\r\n\r\n')) done()
    })
    const lines = [
      `${line} HTTP/1.1`,
      `Host: ${host}`,
      `Authorization: Bearer ${ada.token}`,
      `Content-Type: ${type}`,
      ...headers,
    ]
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    send(socket, body).then(() => end && socket.end())
  })

/** Writes as fast as the server takes it, looking all the while at how much of it is kept. */
const send = async (socket: Socket, body: Iterable<Uint8Array>): Promise<void> => {
  for (const piece of body) {
    if (socket.destroyed) return
    seen = Math.max(seen, ...blobs('tmp'))
    if (!socket.write(piece)) {
      await new Promise<void>(resolve => {
        const go = (): void => {
          socket.off('drain', go).off('close', go)
          resolve()
        }
        socket.once('drain', go).once('close', go)
      })
    }
  }
}

function* pieces(bytes: Uint8Array, size = 16_384): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** As chunks of the transfer coding; without its end if `end` is false. */
function* chunked(bytes: Uint8Array, { size = 16_384, end = true } = {}): Generator<Uint8Array> {
  for (const piece of pieces(bytes, size)) {
    yield Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')])
  }
  if (end) yield Buffer.from('0\r\n\r\n')
}

const CHUNKED = ['Transfer-Encoding: chunked']

/** Runs an upload that must be refused: with 4xx or a cut connection, never more on disk than the limit, nothing kept. */
const refused = async (what: string, sending: Sending, statuses: number[]): Promise<void> => {
  const before = await rows()
  seen = 0
  const status = await post(sending)
  assert.ok(statuses.includes(status), `${what}: ${status}`)
  assert.ok(seen <= LIMIT + 64 * 1024, `${what}: ${seen} bytes were on disk`)
  assert.equal((await rows()).files, before.files, what)
}

test('exactly the limit passes, chunked and with its length; one more byte does not', async () => {
  const right = formOf([file(LIMIT)])
  assert.equal(await post({ headers: CHUNKED, body: chunked(right) }), 201)
  assert.equal(await post({ headers: [`Content-Length: ${right.length}`], body: pieces(right) }), 201)
  const over = formOf([file(LIMIT + 1)])
  await refused('chunked', { headers: CHUNKED, body: chunked(over) }, [413])
  await refused('with its length', { headers: [`Content-Length: ${over.length}`], body: pieces(over) }, [413])
})

const lengths = [
  '-1',
  '+5',
  '1e9',
  '0x100',
  '5, 5',
  '5 5',
  '',
  ' ',
  'NaN',
  'Infinity',
  '1.5',
  '18446744073709551616',
].concat(['9007199254740993', '4294967296', '2147483648', '-9223372036854775808', '0', '00', '١٢'])
test('a Content-Length that is no length, or a huge one: refused', async () => {
  const form = formOf([file(LIMIT * 4)])
  for (const length of lengths) {
    const sending = { headers: [`Content-Length: ${length}`], body: pieces(form) }
    await refused(`Content-Length: ${length}`, sending, [0, 400, 413])
  }
})

test('no length, two lengths, a length and chunks: refused', async () => {
  const form = formOf([file(LIMIT * 4)])
  const small = formOf([file(3000)])
  const body = () => pieces(form)
  await refused('none', { headers: [], body: body() }, [0, 400])
  const two = [`Content-Length: ${small.length}`, `Content-Length: ${form.length}`]
  await refused('two', { headers: two, body: body() }, [0, 400])
  await refused('both', { headers: [...CHUNKED, `Content-Length: ${small.length}`], body: chunked(form) }, [0, 400])
  await refused('chunked is not last', { headers: ['Transfer-Encoding: chunked, gzip'], body: body() }, [0, 400])
})

test('a length that lies: too short cuts the form, too long waits for bytes that never come', async () => {
  const form = formOf([file(LIMIT - 5000)])
  const short = form.length >> 1
  await refused('short', { headers: [`Content-Length: ${short}`], body: pieces(form) }, [400])
  const long = [`Content-Length: ${form.length + 10}`]
  await refused('long', { headers: long, body: pieces(form), end: true }, [0, 400])
  const large = formOf([file(LIMIT * 4)])
  // Says that it is small, and is not: what is beyond its length is another request, and no good one.
  await refused('small, it says', { headers: [`Content-Length: ${LIMIT}`], body: pieces(large) }, [400, 413])
})

test('chunks: of one byte, of lying lengths, without an end', async () => {
  const over = formOf([file(LIMIT * 3)])
  await refused('small ones', { headers: CHUNKED, body: chunked(over, { size: 700 }) }, [413])
  await refused('no end', { headers: CHUNKED, body: chunked(over, { end: false }) }, [413])
  const small = formOf([file(3000)])
  for (const size of [
    'FFFFFFFFFFFFFFFF',
    'FFFFFFFFFFFFFFFFF',
    '-5',
    '0x10',
    '',
    'G',
    '1 0',
    '5;'.padEnd(30_000, 'x'),
  ]) {
    const body = [Buffer.from(`${size}\r\n`), small, Buffer.from('\r\n0\r\n\r\n')]
    await refused(`size ${size.slice(0, 20)}`, { headers: CHUNKED, body, end: true }, [0, 400, 413])
  }
  await refused('cut', { headers: CHUNKED, body: chunked(small, { end: false }), end: true }, [0, 400])
})

test('what a part says of its own length counts for nothing', async () => {
  for (const length of ['5', '-1', '0', '99999999999', String(LIMIT)]) {
    const over = formOf([{ ...file(LIMIT + 1), type: `text/plain\r\nContent-Length: ${length}` }])
    await refused(`part of ${length}`, { headers: CHUNKED, body: chunked(over) }, [413])
  }
})

test('in pieces: several files, each below the limit', async () => {
  const half = file(LIMIT - 10_000)
  for (const parts of [
    [half, half],
    [half, { ...half, name: 'file2' }],
    [half, half, half, half],
  ]) {
    await refused(`${parts.length} parts`, { headers: CHUNKED, body: chunked(formOf(parts)) }, [400])
  }
})

test('around the file: text before and after the form, headers of parts, the audience', async () => {
  const small = formOf([file(3000)])
  const filler = Buffer.alloc(LIMIT + OVERHEAD + 300_000, 'x')
  const wrapped: [string, Buffer, number[]][] = [
    ['before', Buffer.concat([filler, Buffer.from('\r\n'), small]), [400, 413]],
    ['after', Buffer.concat([small, filler]), [400, 413]],
    ['audience', formOf([{ name: 'audience', body: filler }, file(3000)]), [400, 413]],
    ['headers', formOf([{ ...file(3000), type: `x/${'y'.repeat(filler.length)}` }]), [400, 413]],
    ['name', formOf([{ ...file(3000), filename: `${'y'.repeat(filler.length)}.docx` }]), [400, 413]],
  ]
  for (const [what, body, statuses] of wrapped) {
    await refused(`${what}, chunked`, { headers: CHUNKED, body: chunked(body) }, statuses)
    await refused(what, { headers: [`Content-Length: ${body.length}`], body: pieces(body) }, [413])
  }
})

test('a body that never ends: refused while it is still coming', async () => {
  const head = formOf([{ name: 'file', filename: 'Endless.docx', body: '' }], { end: false }).subarray(0, -2)
  function* endless() {
    yield* chunked(head, { end: false })
    for (;;) yield* chunked(Buffer.alloc(65_536), { end: false })
  }
  await refused('in the file', { headers: CHUNKED, body: endless() }, [413])
  function* nothing() {
    for (;;) yield* chunked(Buffer.alloc(65_536), { end: false })
  }
  await refused('before any part', { headers: CHUNKED, body: nothing() }, [400, 413])
})

/** A PATCH of these bytes, under whatever headers; its first status. */
const patch = (path: string, { headers, body, end = false }: Sending): Promise<number> =>
  post({ headers, body, end, line: `PATCH ${path}`, type: 'application/offset+octet-stream' })

test('a resumable upload: never more than it announced, nor than the limit, in one request or in many', async () => {
  const before = (await rows()).files
  assert.equal((await begin(ada.client, LIMIT + 1)).status, 413)
  const size = LIMIT - 60_000
  const over = Buffer.alloc(LIMIT * 3, 'x')
  const tus = ['Tus-Resumable: 1.0.0', 'Upload-Offset: 0']
  const endless = function* () {
    for (;;) yield* chunked(Buffer.alloc(65_536), { end: false })
  }
  const sendings: [string, Sending, number[]][] = [
    ['with its length', { headers: [`Content-Length: ${over.length}`], body: pieces(over) }, [413]],
    ['one byte more', { headers: [`Content-Length: ${size + 1}`], body: pieces(over.subarray(0, size + 1)) }, [413]],
    ['chunked', { headers: CHUNKED, body: chunked(over) }, [413]],
    ['small chunks', { headers: CHUNKED, body: chunked(over, { size: 700 }) }, [413]],
    ['endless', { headers: CHUNKED, body: endless() }, [413]],
    ['cut', { headers: [`Content-Length: ${size}`], body: pieces(over.subarray(0, 100_000)), end: true }, [0, 400]],
    ['two lengths', { headers: ['Content-Length: 5', `Content-Length: ${size}`], body: pieces(over) }, [0, 400]],
    ['another length', { headers: ['Upload-Length: 99999999', ...CHUNKED], body: chunked(over) }, [413]],
  ]
  for (const [what, { headers, ...sending }, statuses] of sendings) {
    const path = await begun(ada.client, size)
    seen = 0
    const status = await patch(path, { ...sending, headers: [...tus, ...headers] })
    assert.ok(statuses.includes(status), `${what}: ${status}`)
    assert.ok(seen <= LIMIT + 64 * 1024, `${what}: ${seen} bytes were on disk`)
    const standing = await head(ada.client, path)
    assert.ok(offsetOf(standing) < size, `${what}: ${offsetOf(standing)}`)
    assert.equal((await end(ada.client, path)).status, 204)
  }
  assert.equal((await rows()).files, before)
})

test('and an honest file passes all the while', async () => {
  const answer = await ada.client.upload('Honest.docx', makeOffice({ type: 'docx', padTo: LIMIT }))
  assert.equal(answer.status, 201, answer.text)
})
