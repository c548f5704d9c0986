import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { exitOf, exits } from '../../cli/exit.ts'
import { type ErrorCode, errorTable } from '../../contract/errors.ts'
import { run, scratch } from './command.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

/** A server that answers as told: what a hostile, broken or foreign one could say. */
const fake = async (t: TestContext, handler: Handler): Promise<string> => {
  const server = createServer((request, response) => {
    request.on('error', () => {})
    handler(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

const json = (response: ServerResponse, value: unknown, status = 200, type = 'application/json'): void => {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(value))
}

/** A session at that server, as login would have kept it. */
const signedIn = async (t: TestContext, server: string, role: 'ops' | 'client') => {
  const folder = await scratch(t)
  await mkdir(join(folder, 'valise'), { mode: 0o700 })
  const session = {
    version: 1,
    server,
    role,
    id: 'A'.repeat(22),
    email: 'a@b.example',
    token: 'the.token',
    expires_at: '',
  }
  await writeFile(join(folder, 'valise', 'session.json'), JSON.stringify(session), { mode: 0o600 })
  return { folder, env: { XDG_CONFIG_HOME: folder } }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const id = 'IdIdIdIdIdIdIdIdIdIdIA'
const fileOf = (name: string, bytes: Uint8Array, more: object = {}) => ({
  id,
  name,
  type: 'docx',
  size: bytes.length,
  sha256: sha256(bytes),
  status: 'available',
  uploaded_at: '2026-01-02T03:04:05.000Z',
  expires_at: null,
  uploaded_by: { id, name: 'Olga', email: 'olga@firm.example' },
  findings: [],
  ...more,
})

/** A client's door with one file; `send` writes the download. */
const oneFile = (file: ReturnType<typeof fileOf>, send: Handler, linkTo?: string): Handler => {
  const handler: Handler = (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://x')
    if (pathname === `/api/v1/client/files/${id}`) return json(response, file)
    if (pathname === '/api/v1/client/files') return json(response, { items: [file], next_cursor: null })
    if (pathname.endsWith('/link')) {
      const origin = linkTo ?? `http://${request.headers.host}`
      return json(response, { id, download_link: `${origin}/download/token`, expires_at: '', message: 'success' }, 201)
    }
    if (pathname === '/download/token') return send(request, response)
    return json(response, {}, 404)
  }
  return handler
}

test('every refusal of a server ends with its documented code, in one or two sentences', async t => {
  let code: ErrorCode = 'internal'
  const server = await fake(t, (_request, response) => {
    const { status, title } = errorTable[code]
    response.setHeader('retry-after', '30')
    json(response, { type: 'x', title, status, code, detail: 'What to do.' }, status, 'application/problem+json')
  })
  const { env } = await signedIn(t, server, 'client')
  const seen = new Set<number | null>()
  const codes: ErrorCode[] = ['invalid_request', 'unauthenticated', 'forbidden', 'not_found', 'conflict', 'too_large']
  for (code of [...codes, 'too_many_requests', 'unavailable', 'internal'] satisfies ErrorCode[]) {
    const ended = await run(['list'], { env })
    assert.equal(ended.code, exits[exitOf[code]].code, code)
    seen.add(ended.code)
    assert.match(ended.stderr, /^valise: What to do\.( Use: valise login)? Try again in 30 s\.\n$|login/)
    assert.equal(ended.stdout, '')
  }
  assert.deepEqual([...seen].sort(), [1, 2, 3, 4, 5, 6, 7, 8])
})

test('no server, another kind of server, and a redirect', async t => {
  const { env } = await signedIn(t, 'http://127.0.0.1:1', 'client')
  const refused = await run(['list'], { env })
  assert.equal(refused.code, 6)
  assert.match(refused.stderr, /Nothing answers at http:\/\/127\.0\.0\.1:1\./)

  const website = await fake(t, (_request, response) => response.writeHead(404).end('<html>'))
  const foreign = await run(['list'], { env: (await signedIn(t, website, 'client')).env })
  assert.equal(foreign.code, 6)
  assert.match(foreign.stderr, /not as Valise does/)

  const reached: string[] = []
  const thief = await fake(t, (request, response) => {
    reached.push(request.headers.authorization ?? '')
    json(response, { items: [], next_cursor: null })
  })
  const bouncer = await fake(t, (_request, response) => response.writeHead(302, { location: thief }).end())
  const bounced = await run(['list'], { env: (await signedIn(t, bouncer, 'client')).env })
  assert.equal(bounced.code, 6)
  assert.deepEqual(reached, [])
})

test('a link to another server is not followed, and gets no token', async t => {
  const reached: string[] = []
  const thief = await fake(t, (request, response) => {
    reached.push(request.headers.authorization ?? '')
    response.end()
  })
  const file = fileOf('a.docx', Buffer.from('abc'))
  const server = await fake(
    t,
    oneFile(file, () => {}, thief),
  )
  const { folder, env } = await signedIn(t, server, 'client')
  const ended = await run(['get', id], { env, cwd: folder })
  assert.equal(ended.code, 2)
  assert.match(ended.stderr, /Sign in there/)
  assert.deepEqual(reached, [])
})

test('a password is never sent over plain http to another machine', async t => {
  const ended = await run(
    ['login', '--server', 'http://valise.example', '--role', 'ops', '--email', 'a@b.example', '--password-stdin'],
    { env: { XDG_CONFIG_HOME: await scratch(t) }, stdin: 'secret' },
  )
  assert.equal(ended.code, 2)
  assert.match(ended.stderr, /in the clear/)
})

test('names from a server become plain file names here, and steer no terminal', async t => {
  const bytes = Buffer.from('bytes')
  let name = ''
  const server = await fake(t, (request, response) =>
    oneFile(fileOf(name, bytes), (_request, answer) =>
      answer.writeHead(200, { etag: `"${sha256(bytes)}"`, 'content-length': bytes.length }).end(bytes),
    )(request, response),
  )
  const hostile = [
    '../../evil.docx',
    '/etc/cron.d/evil.docx',
    '..',
    '.bashrc',
    'C:\\Windows\\evil.docx',
    'nul.docx',
    '\u001b]0;title\u0007red.docx',
    '\u009b31mx.docx',
    'invoice\u202excod.exe',
    'a\nb\r.docx',
    `${'ä'.repeat(400)}.docx`,
    '',
  ]
  for (name of hostile) {
    const { folder, env } = await signedIn(t, server, 'client')
    const inbox = join(folder, 'in', 'box')
    await mkdir(inbox, { recursive: true })
    const got = await run(['get', id], { env, cwd: inbox })
    assert.equal(got.code, 0, `${JSON.stringify(name)} ${got.stderr}`)
    const [made = ''] = await readdir(inbox)
    assert.ok(made !== '' && !made.startsWith('.') && !/[\p{C}/\\:]/u.test(made), JSON.stringify(made))
    assert.deepEqual(await readFile(join(inbox, made)), bytes)
    assert.deepEqual(await readdir(dirname(inbox)), ['box'])
    const listed = await run(['list'], { env })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/
    assert.doesNotMatch(listed.stdout + got.stdout + got.stderr, steering)
    assert.equal(listed.stdout.split('\n').length, 2)
  }
})

test('a connection that breaks is taken up again where it broke', async t => {
  const bytes = Buffer.alloc(900_000, 'valise')
  const ranges: (string | undefined)[] = []
  const file = fileOf('cut.docx', bytes)
  const server = await fake(
    t,
    oneFile(file, (request, response) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
      ranges.push(request.headers.range)
      const headers = {
        etag: `"${file.sha256}"`,
        'content-length': bytes.length - from,
        ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
      }
      response.writeHead(from > 0 ? 206 : 200, headers)
      const piece = bytes.subarray(from, from + 300_000)
      response.write(piece, () => (from + piece.length < bytes.length ? response.destroy() : response.end()))
    }),
  )
  const { folder, env } = await signedIn(t, server, 'client')
  const ended = await run(['get', id], { env, cwd: folder })
  assert.equal(ended.code, 0, ended.stderr)
  assert.deepEqual(await readFile(join(folder, 'cut.docx')), bytes)
  assert.ok(ranges.length >= 3)
  assert.equal(ranges[0], undefined)
  for (const range of ranges.slice(1)) assert.match(range ?? '', /^bytes=\d+-$/)
})

test('what cannot be confirmed is a warning: the document is there, and right', async t => {
  const bytes = Buffer.from('bytes')
  const file = fileOf('a.docx', bytes)
  let asked = 0
  const server = await fake(t, (request, response) => {
    if (request.url?.endsWith('/confirm') === true) {
      asked++
      const problem = { type: 'x', title: 'No', status: 503, code: 'unavailable', detail: 'Busy.' }
      return json(response, problem, 503, 'application/problem+json')
    }
    return oneFile(file, (_request, answer) => answer.writeHead(200, { etag: `"${file.sha256}"` }).end(bytes))(
      request,
      response,
    )
  })
  const { folder, env } = await signedIn(t, server, 'client')
  const ended = await run(['get', id], { env, cwd: folder })
  assert.equal(ended.code, 0, ended.stderr)
  assert.deepEqual(await readFile(join(folder, 'a.docx')), bytes)
  assert.equal(asked, 1)
  assert.match(ended.stderr, /complete and right, but that could not be put on record: Busy\.\n$/)
})

test('an id that begins with a hyphen is an id, not an option', async t => {
  const bytes = Buffer.from('bytes')
  const odd = '-KKvVkjSNtwItWCKX1p7kw'
  const file = { ...fileOf('odd.docx', bytes), id: odd }
  const server = await fake(t, (request, response) => {
    if (request.url === `/api/v1/client/files/${odd}`) return json(response, file)
    return oneFile(file, (_request, answer) => answer.writeHead(200, { etag: `"${file.sha256}"` }).end(bytes))(
      request,
      response,
    )
  })
  const { folder, env } = await signedIn(t, server, 'client')
  const ended = await run(['get', odd, '--json'], { env, cwd: folder })
  assert.equal(ended.code, 0, ended.stderr)
  assert.deepEqual(await readFile(join(folder, 'odd.docx')), bytes)
})

test('bytes that are not those promised are not kept', async t => {
  const bytes = Buffer.from('the right bytes')
  const file = fileOf('wrong.docx', bytes)
  const server = await fake(
    t,
    oneFile(file, (_request, response) => {
      const wrong = Buffer.from('the wrong bytes')
      response.writeHead(200, { etag: `"${file.sha256}"`, 'content-length': wrong.length }).end(wrong)
    }),
  )
  const { folder, env } = await signedIn(t, server, 'client')
  const ended = await run(['get', id], { env, cwd: folder })
  assert.equal(ended.code, 1)
  assert.match(ended.stderr, /its SHA-256 is another/)
  assert.deepEqual(await readdir(folder), ['valise'])
})

/** The ops door: clients to look up, what answers the bytes of an upload, and what it keeps of them. */
const opsDoor =
  (upload: Handler, kept: unknown = {}): Handler =>
  (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://x')
    if (request.method === 'PATCH') return upload(request, response)
    if (pathname === '/api/v1/ops/uploads') return response.writeHead(201, { location: `${pathname}/${id}` }).end()
    if (pathname === `/api/v1/ops/files/${id}`) return json(response, kept)
    const client = { id, role: 'client', email: 'clara@client.example', disabled: false }
    return json(response, { items: [client], next_cursor: null })
  }

const problem = (response: ServerResponse, code: ErrorCode): void => {
  const { status, title } = errorTable[code]
  json(response, { type: 'x', title, status, code }, status, 'application/problem+json')
}

test('a server that refuses early is heard, and the rest is neither sent nor read', { timeout: 60_000 }, async t => {
  let received = 0
  const server = await fake(
    t,
    opsDoor((request, response) => {
      request.on('data', piece => {
        received += piece.length
      })
      request.once('data', () => problem(response, 'too_large'))
    }),
  )
  const { folder, env } = await signedIn(t, server, 'ops')
  // Sparse: it takes no room, and would take minutes to read on.
  const big = 200 * 1024 ** 3
  await writeFile(join(folder, 'big.docx'), '')
  await truncate(join(folder, 'big.docx'), big)
  const ended = await run(['send', 'big.docx', '--to', 'clara@client.example'], { env, cwd: folder })
  assert.equal(ended.code, 1)
  assert.match(ended.stderr, /not sent|refused/)
  assert.ok(received < 64 * 1024 * 1024, `${received} bytes were sent`)
})

test('a file that changes while it is sent is not sent by halves', async t => {
  let path = ''
  const server = await fake(
    t,
    opsDoor(async request => {
      request.pause()
      await truncate(path, 1000)
      request.resume()
    }),
  )
  const { folder, env } = await signedIn(t, server, 'ops')
  path = join(folder, 'open.docx')
  await writeFile(path, Buffer.alloc(64 * 1024 * 1024))
  const ended = await run(['send', 'open.docx', '--to', 'clara@client.example'], { env, cwd: folder })
  assert.equal(ended.code, 2)
  assert.match(ended.stderr, /changed while it was being sent/)
})

test('a server that keeps other bytes than were sent is found out', async t => {
  const server = await fake(
    t,
    opsDoor(
      (request, response) => {
        request.resume()
        request.once('end', () => response.writeHead(204).end())
      },
      fileOf('a.docx', Buffer.from('other')),
    ),
  )
  const { folder, env } = await signedIn(t, server, 'ops')
  await writeFile(join(folder, 'a.docx'), 'mine')
  const ended = await run(['send', 'a.docx', '--to', 'clara@client.example'], { env, cwd: folder })
  assert.equal(ended.code, 1)
  assert.match(ended.stderr, /keeps other bytes/)
})
