import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Answer, Client } from '../../client.ts'
import { makeOffice } from '../../office.ts'
import { joinClient, setUpAdmin } from '../../people.ts'
import { startServer } from '../../server.ts'

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The path of a link, for a client that knows the server already. */
export const pathOf = (answer: Answer): string => {
  assert.equal(answer.status, 201, answer.text)
  return new URL(answer.body.download_link).pathname
}

type Row = Record<string, string | number | bigint | Uint8Array | null>

/** A server with an administrator, a client and a document shared with that client. */
export const openWorld = async ({ size = 300_000 }: { size?: number } = {}) => {
  const server = await startServer()
  const ops = await setUpAdmin(server)
  const email = 'clara@customer.example'
  const clara = await joinClient(server, email)
  const document = makeOffice({ type: 'docx', text: 'Annual accounts', padTo: size })
  const upload = async (name: string, bytes: Buffer = document, audience: unknown = { clients: [email] }) => {
    const uploaded = await ops.upload(name, bytes, audience)
    assert.equal(uploaded.status, 201, uploaded.text)
    return String(uploaded.body.id)
  }
  const file = await upload('Annual accounts.docx')
  const issue = (client: Client, id: string, wish: unknown = {}) => client.post(`/api/v1/client/files/${id}/link`, wish)

  /** Looks at the database, or changes it behind the server's back. */
  const sql = (text: string, ...values: (string | number)[]): Row[] => {
    const database = new DatabaseSync(join(server.dataDir, 'valise.sqlite'), { timeout: 5000 })
    try {
      return database.prepare(text).all(...values) as Row[]
    } finally {
      database.close()
    }
  }

  return {
    server,
    ops,
    clara,
    email,
    document,
    file,
    upload,
    issue,
    /** Path of a new link to the document. */
    link: async (wish: unknown = {}) => pathOf(await issue(clara, file, wish)),
    sql,
    events: (kind: string) =>
      sql('select entry from audit_events where kind = ? order by seq', kind).map(row => JSON.parse(String(row.entry))),
    stop: server.stop,
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>

/** Everything about an answer that whoever asked can see, except when it was. */
export const visible = ({ status, headers, text }: Answer): string => {
  const { date: _, connection: _c, 'keep-alive': _k, ...rest } = Object.fromEntries(headers)
  return JSON.stringify({ status, rest, text })
}

/** Polls until `look` gives something; fails after `seconds`. */
export const eventually = async <T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  seconds = 5,
): Promise<T> => {
  const until = performance.now() + seconds * 1000
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > until) throw new Error('It did not happen in time')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

type Asking = { method?: string; headers?: Record<string, string>; as?: Client; agent?: Agent }

/**
 * One request exactly as given: `fetch` sets `Sec-Fetch-Mode` by itself and takes no other. `as` lends its
 * cookies.
 */
export const ask = (
  url: string,
  path: string,
  { method = 'GET', headers = {}, as, agent }: Asking = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const cookie = [...(as?.cookies ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
    const all = { ...(cookie && { cookie }), ...headers }
    const { hostname, port } = new URL(url)
    const asked = request({ hostname, port, path, method, headers: all, agent: agent ?? false }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const entries = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)])
        const text = bytes.toString()
        const json = /json/.test(response.headers['content-type'] ?? '') && text !== ''
        const body = json ? JSON.parse(text) : bytes
        resolve({ status: response.statusCode ?? 0, headers: new Headers(entries), body, text })
      })
    })
    asked.on('error', reject)
    asked.end()
  })

/** A response whose body nobody reads until told: a client that stalls. */
export const stall = (url: string, path: string, headers: Record<string, string>, agent?: Agent): Promise<Stalled> =>
  new Promise((resolve, reject) => {
    const asked: ClientRequest = request(new URL(path, url), { headers, agent: agent ?? false })
    asked.once('error', reject)
    asked.once('response', (response: IncomingMessage) => {
      let received = 0
      let error: Error | undefined
      asked.off('error', reject)
      asked.on('error', () => {})
      response.on('error', (problem: Error) => {
        error = problem
      })
      const closed = new Promise<void>(done => response.once('close', done))
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        /** Reads on to the end or the break; how many bytes came in all, and whether all that were promised. */
        drain: async () => {
          response.on('data', (chunk: Buffer) => {
            received += chunk.length
          })
          await closed
          return { received, complete: response.complete && error === undefined }
        },
        destroy: () => response.destroy(),
      })
    })
    asked.end()
  })

export type Stalled = {
  status: number
  headers: IncomingMessage['headers']
  drain: () => Promise<{ received: number; complete: boolean }>
  destroy: () => void
}
