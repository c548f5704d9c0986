import assert from 'node:assert/strict'
import type { Client } from './client.ts'
import type { TestServer } from './server.ts'

export const PASSWORD = 'correct horse battery staple'

/** The first administrator, signed in with a bearer token. */
export const setUpAdmin = async (server: TestServer, email = 'admin@firm.example'): Promise<Client> => {
  const client = server.client()
  const body = { setup_token: server.setupToken, email, name: 'Ada Admin', password: PASSWORD }
  const made = await client.post('/api/v1/setup', body)
  assert.equal(made.status, 201, made.text)
  return signIn(server, 'ops', email)
}

/** Signs in with a bearer token in a fresh client. */
export const signIn = async (
  server: TestServer,
  role: 'ops' | 'client',
  email: string,
  password = PASSWORD,
): Promise<Client> => {
  const client = server.client()
  const answer = await client.post(`/api/v1/${role}/login`, { email, password })
  assert.equal(answer.status, 200, answer.text)
  client.useToken(answer.body.access_token)
  return client
}

/** A verified client, signed in: the way a person goes, mail included. */
export const joinClient = async (server: TestServer, email: string, name = 'Clara Client'): Promise<Client> => {
  const client = server.client()
  const started = await client.post('/api/v1/client/signup', { email, name, password: PASSWORD })
  assert.equal(started.status, 202, started.text)
  const { token } = await server.lastMail(email)
  const verified = await client.post('/api/v1/client/verify', { token, password: PASSWORD })
  assert.equal(verified.status, 200, verified.text)
  return signIn(server, 'client', email)
}

/** An ops account that is not an administrator, by invitation, signed in. */
export const joinOps = async (server: TestServer, admin: Client, email: string, name = 'Otto Ops'): Promise<Client> => {
  const invited = await admin.post('/api/v1/ops/invitations', { email, role: 'ops' })
  assert.equal(invited.status, 201, invited.text)
  const { token } = await server.lastMail(email)
  const accepted = await server.client().post('/api/v1/invitations/accept', { token, name, password: PASSWORD })
  assert.equal(accepted.status, 200, accepted.text)
  return signIn(server, 'ops', email)
}
