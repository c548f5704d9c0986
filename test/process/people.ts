import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '../client.ts'
import { PASSWORD } from '../people.ts'
import type { TestProcess } from '../process.ts'

export const ADMIN = 'ada@firm.example'
export const CLIENT = 'clara@customer.example'

export const signIn = async (server: TestProcess, role: 'ops' | 'client', email: string): Promise<Client> => {
  const client = server.client()
  const answer = await client.post(`/api/v1/${role}/login`, { email, password: PASSWORD })
  assert.equal(answer.status, 200, answer.text)
  client.useToken(answer.body.access_token)
  return client
}

/** The first administrator, signed in. */
export const setUp = async (server: TestProcess): Promise<Client> => {
  const body = { setup_token: server.setupToken, email: ADMIN, name: 'Ada', password: PASSWORD }
  assert.equal((await server.client().post('/api/v1/setup', body)).status, 201)
  return signIn(server, 'ops', ADMIN)
}

/** A client who has verified by the mail that landed in the folder `mails`, signed in. */
export const joined = async (server: TestProcess, mails: string): Promise<Client> => {
  const visitor = server.client()
  await visitor.post('/api/v1/client/signup', { email: CLIENT, name: 'Clara', password: PASSWORD })
  for (;;) {
    const [name] = existsSync(mails) ? readdirSync(mails).filter(file => file.endsWith('.eml')) : []
    if (name === undefined) {
      await new Promise(resolve => setImmediate(resolve))
      continue
    }
    const { text } = JSON.parse(readFileSync(join(mails, name.replace('.eml', '.json')), 'utf8'))
    const token = /\/verify#([\w-]+)/.exec(text)?.[1]
    const answer = await visitor.post('/api/v1/client/verify', { token, password: PASSWORD })
    assert.equal(answer.status, 200, answer.text)
    return signIn(server, 'client', CLIENT)
  }
}
