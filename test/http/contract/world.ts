import assert from 'node:assert/strict'
import type { Answer, Client } from '../../client.ts'
import { PASSWORD } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { enlist, enter, linkTo, type Person, upload } from '../gauntlet/cast.ts'
import { matches, problem, type Shape, user } from './shapes.ts'

export type World = Awaited<ReturnType<typeof openWorld>>
export type Who = 'admin' | 'ops' | 'client' | 'nobody'

/** Set up over HTTP, so that the first route of the table is met, too. */
export const openWorld = async () => {
  const server = await startServer({ env: { VALISE_LOG_LEVEL: 'silent', VALISE_MAX_UPLOAD: '1MiB' } })
  return fill(server).catch(async error => {
    await server.stop()
    throw error
  })
}

const fill = async (server: TestServer) => {
  await setUp(server)
  const admin = await enter(server, 'ops', 'admin@firm.example')
  const ops = await enlist(server, 'ops', 'otto@firm.example')
  const client = await enlist(server, 'client', 'clara@customer.example')
  const other = await enlist(server, 'client', 'cy@customer.example')
  const nobody = server.client()
  let count = 0
  const fresh = (word: string) => `${word}${++count}`
  const clientOf: Record<Who, Client> = { admin: admin.client, ops: ops.client, client: client.client, nobody }
  const tokenOf: Record<Who, string | undefined> = {
    admin: admin.token,
    ops: ops.token,
    client: client.token,
    nobody: undefined,
  }
  return {
    ...{ server, admin, ops, client, other, nobody, fresh, clientOf, tokenOf },
    group: async (by: Person = admin): Promise<string> =>
      (await by.client.post('/api/v1/ops/groups', { name: fresh('Group ') })).body.id,
    file: (by: Person = ops, name = `${fresh('Paper')}.docx`) => upload(by.client, name, { clients: [client.id] }),
    /** A file that has waited for the malware scanner since 1970. */
    waiting: async () => {
      const id = await upload(ops.client, `${fresh('Waiting')}.docx`, { clients: [client.id] })
      await server.db.write(async tx => {
        await tx.updateTable('files').set({ status: 'pending' }).where('id', '=', id).execute()
        const none = { number: 0, since: 0, scanned_at: null, next_attempt_at: null, attempts: 9, problem: 'none' }
        await tx
          .insertInto('scans')
          .values({ file_id: id, state: 'waiting', ...none })
          .execute()
      })
      return id
    },
    link: async (wish: unknown = {}) =>
      linkTo(client.client, await upload(ops.client, 'A.docx', { clients: [client.id] }), wish),
    /** Invites over HTTP; the token comes by mail. */
    invitation: async (role: 'ops' | 'client' = 'client') => {
      const email = `${fresh('invited')}@customer.example`
      const answer = await admin.client.post('/api/v1/ops/invitations', { email, role })
      assert.equal(answer.status, 201, answer.text)
      return { id: String(answer.body.id), email, token: (await server.lastMail(email)).token }
    },
    signUp: async () => {
      const email = `${fresh('new')}@customer.example`
      const answer = await nobody.post('/api/v1/client/signup', { email, name: 'Nora', password: PASSWORD })
      assert.equal(answer.status, 202, answer.text)
      return { email, token: (await server.lastMail(email)).token }
    },
    reset: async () => {
      const { email } = await enlist(server, 'client', `${fresh('forgot')}@customer.example`)
      await nobody.post('/api/v1/client/password/forgot', { email })
      return { email, token: (await server.lastMail(email)).token }
    },
    /** A session besides the actor's own: its token, and its id in the list. */
    session: async (whom: Person) => {
      const { client: by, token } = await enter(server, whom.role, whom.email)
      const { body } = await by.get(`/api/v1/${whom.role}/sessions`)
      return { token, id: String(body.items.find((one: { current: boolean }) => one.current).id) }
    },
  }
}

const setUp = async (server: TestServer): Promise<void> => {
  const client = server.client()
  const body = { email: 'admin@firm.example', name: 'Ada Admin', password: PASSWORD }
  const refused = await client.post('/api/v1/setup', { ...body, setup_token: 'x'.repeat(43) })
  refusedWith(refused, 403, 'setup_token_invalid', 'set-up with a wrong token')
  refusedWith(await client.post('/api/v1/setup', body), 400, 'invalid_request', 'set-up without a token')
  const done = await client.post('/api/v1/setup', { ...body, setup_token: server.setupToken })
  answeredWith(done, 201, user, 'set-up')
  const again = await client.post('/api/v1/setup', { ...body, setup_token: server.setupToken })
  refusedWith(again, 404, 'not_found', 'set-up again')
}

/** Codes that were met, for the test that none of the table is left out. */
export const met = new Set<string>()

/** A success of exactly this shape; without one the body is empty. */
export const answeredWith = (answer: Answer, status: number, shape: Shape | undefined, what: string): void => {
  assert.equal(answer.status, status, `${what}: ${answer.text.slice(0, 300)}`)
  if (shape === undefined) {
    assert.equal(answer.text, '', what)
    return
  }
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json(;|$)/, what)
  matches(answer.body, shape, what)
}

/** A problem document of this code and nothing of the server in it. */
export const refusedWith = (answer: Answer, status: number, code: string, what: string): void => {
  const about = `${what}: ${answer.status} ${answer.text.slice(0, 300)}`
  assert.equal(answer.status, status, about)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json(;|$)/, about)
  matches(answer.body, problem(code, status), about)
  assert.doesNotMatch(answer.text, /node_modules|\.ts\b|\bat \w+ \(|SQLITE|FST_|kysely|argon2/, about)
  if (status === 429 || status === 503) assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/, about)
  if (status === 405) assert.match(answer.headers.get('allow') ?? '', /^[A-Z]+(, [A-Z]+)*$/, about)
  met.add(code)
}
