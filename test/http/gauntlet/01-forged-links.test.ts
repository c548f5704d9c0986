import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { Agent } from 'node:http'
import { after, before, test } from 'node:test'
import { startServer, type TestServer } from '../../server.ts'
import { ask, visible } from '../links/world.ts'
import { each, enlist, linkTo, type Person, upload } from './cast.ts'
import { unchanged } from './unchanged.ts'

const agent = new Agent({ keepAlive: true, maxSockets: 8 })
let server: TestServer
let clara: Person
let token: string
let expected: string
before(async () => {
  server = await startServer()
  const ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  clara = await enlist(server, 'client', 'clara@customer.example')
  const file = await upload(ada.client, 'Accounts.docx', { everyone: true })
  token = (await linkTo(clara.client, file)).slice('/download/'.length)
  expected = await seen('x')
  assert.equal(JSON.parse(expected).status, 404)
})
after(async () => {
  agent.destroy()
  await server.stop()
})

const seen = async (forged: string): Promise<string> => {
  const headers = { authorization: `Bearer ${clara.token}` }
  return visible(await ask(server.url, `/download/${forged}`, { headers, agent }))
}

const attack = (tokens: string[]) =>
  unchanged(server, () => each(tokens, async one => assert.equal(await seen(one), expected, one)))

/** As it can stand in a request line. */
const written = (bytes: Buffer): string =>
  [...bytes].map(byte => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `%${byte.toString(16)}`)).join('')

test('every flipped bit', async () => {
  const flipped = Array.from({ length: token.length * 8 }, (_, bit) => {
    const bytes = Buffer.from(token, 'latin1')
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    return written(bytes)
  })
  await attack(flipped)
})

test('every cut, and what can be added', async () => {
  const cuts = Array.from({ length: token.length - 1 }, (_, length) => token.slice(0, length + 1))
  const added = ['A', '=', '.', '.A', '/', '%00', '%20', 'A'.repeat(400)].flatMap(more => [token + more, more + token])
  await attack([...cuts, ...added])
})

test('parts swapped, emptied and doubled', async () => {
  const parts = token.split('.')
  const odd = parts.flatMap((_, i) => [
    parts.with(i, '').join('.'),
    parts.with(i, parts[(i + 2) % 5] ?? '').join('.'),
    parts.toSpliced(i, 1).join('.'),
    parts.toSpliced(i, 0, parts[i] ?? '').join('.'),
  ])
  await attack(odd.filter(one => one !== token))
})

test('10,000 random tokens', async () => {
  const [header = '', , iv = '', payload = '', tag = ''] = token.split('.')
  const like = (part: string) => randomBytes((part.length * 3) >> 2).toString('base64url')
  await attack(Array.from({ length: 10_000 }, () => `${header}..${like(iv)}.${like(payload)}.${like(tag)}`))
})

test('and the token itself works all the while', async () => {
  const headers = { authorization: `Bearer ${clara.token}` }
  assert.equal((await ask(server.url, `/download/${token}`, { headers })).status, 200)
})
