import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { holdsNoneOf, type Oracle, watch } from '../../gauntlet-oracle.ts'
import { makeOffice } from '../../office.ts'
import { startServer, type TestServer } from '../../server.ts'
import { append, begun, CHUNK, end, head, idOf, TUS } from '../files/tus.ts'
import { enlist, enter, isProblem, linkTo, type Person } from './cast.ts'

let server: TestServer
let oracle: Oracle
let owner: Person
let others: Person[]
let client: Person
let path: string
const bytes = makeOffice({ type: 'docx', padTo: 200_000 })

before(async () => {
  server = await startServer()
  const admin = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  owner = await enlist(server, 'ops', 'olga@firm.example')
  client = await enlist(server, 'client', 'clara@customer.example')
  others = [admin, await enlist(server, 'ops', 'otto@firm.example'), client]
  const audience = JSON.stringify({ clients: [client.email] })
  path = await begun(owner.client, bytes.length, { filename: 'Zebra.docx', audience })
  assert.equal((await append(owner.client, path, 0, bytes)).status, 204)
  await linkTo(client.client, idOf(path))
  oracle = watch(server)
})
after(() => server.stop())

/** Every way to say "more of it" or "instead of it". */
const tries = (size: number): { method: string; headers: Record<string, string>; body?: string }[] => [
  ...[0, 1, 65_504, size - 1, size, size + 1].flatMap(offset =>
    ['', 'x', 'x'.repeat(70_000)].map(body => ({
      method: 'PATCH',
      headers: { ...CHUNK, 'upload-offset': String(offset) },
      body,
    })),
  ),
  { method: 'PATCH', headers: { ...CHUNK, 'upload-offset': '0', 'upload-length': '5' }, body: 'xxxxx' },
  { method: 'DELETE', headers: TUS },
  { method: 'POST', headers: { ...CHUNK, 'upload-offset': '0', 'x-http-method-override': 'PATCH' }, body: 'x' },
  { method: 'POST', headers: { ...TUS, 'x-http-method-override': 'DELETE' } },
  { method: 'PUT', headers: CHUNK, body: 'x' },
]

test('a finished upload is changed by nobody: not by its owner, not by others', async () => {
  await oracle.unchanged('a finished upload', async () => {
    for (const person of [owner, ...others])
      for (const { method, headers, body } of tries(bytes.length)) {
        const answer = await person.client.request(path, { method, headers, body })
        assert.ok([403, 404, 405, 409, 413].includes(answer.status), `${method} ${answer.status}`)
        if (person !== owner) holdsNoneOf(answer, ['Zebra'], method)
      }
  })
  const file = await client.client.get(await linkTo(client.client, idOf(path)))
  assert.ok(bytes.equals(file.body), 'its recipient has the same bytes')
})

test('a refused one, an ended one and an expired one stay what they are', async () => {
  const macro = makeOffice({ type: 'docx', extraParts: { 'word/vbaProject.bin': Buffer.alloc(1000, 7) } })
  const refused = await begun(owner.client, macro.length)
  isProblem(await append(owner.client, refused, 0, macro), 422, 'refused')
  const ended = await begun(owner.client, bytes.length)
  await append(owner.client, ended, 0, bytes.subarray(0, 100_000))
  assert.equal((await end(owner.client, ended)).status, 204)
  const expired = await begun(owner.client, bytes.length)
  await append(owner.client, expired, 0, bytes.subarray(0, 100_000))
  await server.db.write(
    async tx => void (await tx.updateTable('uploads').set({ expires_at: 1 }).where('id', '=', idOf(expired)).execute()),
  )
  await oracle.unchanged('ended uploads', async () => {
    for (const gone of [refused, ended, expired]) {
      for (const { method, headers, body } of tries(bytes.length)) {
        const answer = await owner.client.request(gone, { method, headers, body })
        assert.ok([400, 405, 410, 413].includes(answer.status), `${method} ${answer.status}`)
      }
      assert.equal((await head(owner.client, gone)).status, 410)
      assert.equal((await owner.client.get(`/api/v1/ops/files/${idOf(gone)}`)).status, 404)
    }
  })
})

test('its id is nobody’s to take again', async () => {
  const again = await enter(server, 'ops', owner.email)
  const twin = await begun(again.client, bytes.length, { filename: 'Zebra.docx' })
  assert.notEqual(twin, path)
  assert.equal((await end(again.client, twin)).status, 204)
})

test('no answer of 500, no connection away', () => oracle.verify())
