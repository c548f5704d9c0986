import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { RELAY_CERT, RELAY_KEY } from '../server/mail/relay.testing.ts'

const there = existsSync('/usr/sbin/nginx')
if (!there && process.env.CI === 'true') throw new Error('nginx is not installed')
/** For `test(…, { skip: noNginx })`. */
export const noNginx = there ? false : 'nginx is not installed'
if (noNginx) console.log(`SKIPPED: ${noNginx}`)

/** The server block that docs/operations.md tells people to use. */
const documented = (): string => {
  const text = readFileSync(fileURLToPath(new URL('../docs/operations.md', import.meta.url)), 'utf8')
  const [, block] = /```nginx\n(.*?)```/s.exec(text) ?? []
  if (block === undefined) throw new Error('docs/operations.md has no block for nginx')
  return block
}

/** Changes one thing that the documented block must have. */
const replaced = (text: string, before: string, after: string): string => {
  if (!text.includes(before)) throw new Error(`docs/operations.md: the block for nginx has no "${before}"`)
  return text.replace(before, after)
}

/** A port that nobody listens on at this moment. */
export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** nginx as documented, with ports and certificate of the test, in front of the server on `backend`. Ends with the test. */
export const startNginx = async (
  context: { after: (fn: () => unknown) => void },
  { folder, port, backend }: { folder: string; port: number; backend: number },
): Promise<void> => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'cert.pem'), RELAY_CERT)
  await writeFile(join(folder, 'key.pem'), RELAY_KEY)
  let block = replaced(documented(), 'listen 443 ssl http2', `listen 127.0.0.1:${port} ssl http2`)
  block = replaced(block, 'server_name valise.example', 'server_name localhost')
  block = replaced(block, '/etc/ssl/valise.example.pem', join(folder, 'cert.pem'))
  block = replaced(block, '/etc/ssl/valise.example.key', join(folder, 'key.pem'))
  block = replaced(block, 'http://127.0.0.1:8080', `http://127.0.0.1:${backend}`)
  // The port is part of the host where it is not the usual one.
  block = replaced(block, 'Host $host;', 'Host $http_host;')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map(name => `${name}_temp_path ${join(folder, name)};`)
    .join(' ')
  const config = join(folder, 'nginx.conf')
  await writeFile(
    config,
    `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log ${join(folder, 'error.log')};
     events {} http { access_log off; ${temporary} ${block} }`,
  )
  const child = spawn('/usr/sbin/nginx', ['-p', folder, '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', text => {
    said += text
  })
  const exited = once(child, 'exit')
  context.after(async () => {
    child.kill('SIGTERM')
    await exited
  })
  while (!(await listens(port))) if (child.exitCode !== null) throw new Error(`nginx did not start: ${said}`)
}

const listens = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => setImmediate(resolve, false))
  })

type Sent = { method?: string; headers?: Record<string, string>; body?: string | Uint8Array | Readable }

/** A request over TLS that trusts the test's certificate alone. */
export const throughTls = (port: number, path: string, { method = 'GET', headers, body }: Sent = {}) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const sending = request(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port,
        path,
        method,
        ca: RELAY_CERT,
        headers: { host: `localhost:${port}`, ...headers },
      },
      async response => {
        const pieces: Buffer[] = []
        for await (const piece of response) pieces.push(piece)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) })
      },
    )
    sending.on('error', reject)
    if (body !== undefined && typeof body === 'object' && 'pipe' in body) {
      body.on('error', error => sending.destroy(error))
      body.pipe(sending)
    } else sending.end(body)
  })
