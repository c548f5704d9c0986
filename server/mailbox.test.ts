import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { mailboxRoutes } from './mailbox.ts'

const secret = 's'.repeat(43)

/** The mailbox of a server that is configured as given; it would answer if it trusted its settings less than it should. */
const ask = async (publicUrl: string, host: string, hostHeader: string) => {
  const app = Fastify()
  app.setErrorHandler((_error, _request, reply) => reply.code(404).send())
  mailboxRoutes(app, {
    listMails: async () => [],
    readMail: async () => undefined,
    secret,
    publicUrl: new URL(publicUrl),
    host,
  })
  const headers = { host: hostHeader, authorization: `Bearer ${secret}` }
  const { statusCode } = await app.inject({ url: '/api/v1/development/mails', headers, remoteAddress: '127.0.0.1' })
  await app.close()
  return statusCode
}

test('public URL, listening address and Host must each be loopback', async () => {
  assert.equal(await ask('http://localhost:8080', '127.0.0.1', 'localhost:8080'), 200)
  assert.equal(await ask('http://127.0.0.1:8080', '127.0.0.1', '127.0.0.1:8080'), 200)
  assert.equal(await ask('http://[::1]:8080', '::1', '[::1]:8080'), 200)
  assert.equal(await ask('https://files.example.org', '127.0.0.1', 'localhost:8080'), 404)
  assert.equal(await ask('http://localhost:8080', '0.0.0.0', 'localhost:8080'), 404)
  assert.equal(await ask('http://localhost:8080', '127.0.0.1', 'files.example.org'), 404)
  assert.equal(await ask('http://localhost:8080', '127.0.0.1', 'localhost.example.org'), 404)
})
