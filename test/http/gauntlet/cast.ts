import assert from 'node:assert/strict'
import type { Answer, Client } from '../../client.ts'
import { makeOffice } from '../../office.ts'
import { PASSWORD } from '../../people.ts'
import type { TestServer } from '../../server.ts'

export type Person = { id: string; email: string; role: 'ops' | 'client'; token: string; client: Client }

/** Signs in with a bearer token; each call is a session of its own. */
export const enter = async (server: TestServer, role: 'ops' | 'client', email: string): Promise<Person> => {
  const client = server.client()
  const answer = await client.post(`/api/v1/${role}/login`, { email, password: PASSWORD })
  assert.equal(answer.status, 200, answer.text)
  const token = String(answer.body.access_token)
  client.useToken(token)
  return { id: String(answer.body.user.id), email, role, token, client }
}

/** An account as `valise user add` makes it, signed in: many tests need many people, and how they join is tested elsewhere. */
export const enlist = async (
  server: TestServer,
  role: 'ops' | 'client',
  email: string,
  { admin = false, name = 'Somebody' }: { admin?: boolean; name?: string } = {},
): Promise<Person> => {
  await server.app.accounts.addUser({ role, email, name, admin, password: PASSWORD })
  return enter(server, role, email)
}

/** Somebody who signed up and never pressed the button: whatever signing in gives them, they have. */
export const signUpOnly = async (server: TestServer, email: string): Promise<Client> => {
  const client = server.client()
  await client.post('/api/v1/client/signup', { email, name: 'Una Unverified', password: PASSWORD })
  const answer = await client.post('/api/v1/client/login', { email, password: PASSWORD })
  assert.equal(answer.status, 403, answer.text)
  if (typeof answer.body.access_token === 'string') client.useToken(answer.body.access_token)
  return client
}

/** Uploads a small document; its id. */
export const upload = async (by: Client, name: string, audience: unknown = {}): Promise<string> => {
  const answer = await by.upload(name, makeOffice({ type: 'docx', text: name }), audience)
  assert.equal(answer.status, 201, answer.text)
  return String(answer.body.id)
}

/** The path of a new link. */
export const linkTo = async (by: Client, file: string, wish: unknown = {}): Promise<string> => {
  const answer = await by.post(`/api/v1/client/files/${file}/link`, wish)
  assert.equal(answer.status, 201, answer.text)
  return new URL(answer.body.download_link).pathname
}

/** A problem document and nothing of the server in it. */
export const isProblem = (answer: Answer, status: number, what: string): void => {
  assert.equal(answer.status, status, `${what}: ${answer.text.slice(0, 300)}`)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/, what)
  const { type, title, status: again, code, detail, errors, findings, instance, ...others } = answer.body
  assert.deepEqual(others, {}, what)
  assert.equal(again, status, what)
  assert.equal(type, `urn:valise:problem:${code}`, what)
  assert.equal(typeof title, 'string', what)
  for (const text of [detail, instance]) assert.ok(text === undefined || typeof text === 'string', what)
  for (const list of [errors, findings]) assert.ok(list === undefined || Array.isArray(list), what)
  assert.doesNotMatch(answer.text, /node_modules|\.ts\b|\.js\b|\bat \w+ \(|SQLITE|sqlite|FST_|kysely/, what)
}

/** Runs `work` over all items, at most `lanes` at a time. */
export const each = async <T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
  lanes = 24,
): Promise<void> => {
  const queue = items.entries()
  const lane = async () => {
    for (const [index, item] of queue) await work(item, index)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** The same numbers every run: mulberry32, from 0 to 1. For choosing test cases only. */
export const seeded = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
