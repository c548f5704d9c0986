import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import type { Answer, Client } from '../client.ts'
import { makeOffice } from '../office.ts'
import { PASSWORD } from '../people.ts'
import { startProcess, type TestProcess } from '../process.ts'
import { ADMIN, CLIENT, joined, setUp, signIn } from './people.ts'

/** A mount of our own needs root, or a system that lets everybody be root in a namespace. */
const ways = [
  ['unshare', '--mount'],
  ['unshare', '--map-root-user', '--mount'],
]
const way = ways.find(([command = '', ...args]) => {
  const probe = ['sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt']
  return spawnSync(command, [...args, ...probe]).status === 0
})
const skip = way ? false : 'no file system of a few MB can be mounted here'
if (skip && process.env.CI === 'true') throw new Error(skip)
if (skip) console.log(`SKIPPED: ${skip}`)

let folder: string
let count = 0
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valise-full-'))
})
after(() => rm(folder, { recursive: true, force: true }))

/** The words to run a command behind, so that it sees a file system of `size` at `folder`, after the shell's `first`. */
const onSmallDisk = (folder: string, size: string, first = 'true'): string[] => {
  const script = `cd "$1" && mount -t tmpfs -o size=${size},mode=700 tmpfs "$1" && cd "$1" && shift && ${first} && exec "$@"`
  return [...(way ?? []), 'sh', '-c', script, 'sh', folder]
}

/** A server with a small file system of its own at `small`, which we see as `inside`. */
const start = async (
  context: TestContext,
  { size, env }: { size: string; env: (small: string) => Record<string, string> },
) => {
  const small = join(folder, `small-${++count}`)
  const settings = env(small)
  const dataDir = settings.VALISE_DATA_DIR ?? join(folder, `data-${count}`)
  await mkdir(small)
  const within = onSmallDisk(small, size)
  const server = await startProcess({ context, dataDir, env: settings, within })
  assert.ok(server.ready, server.log())
  const of = (path: string) => join('/proc', String(server.pid), 'root', path)
  const admin = await setUp(server)
  const client = await joined(server, of(join(dataDir, 'mail')))
  return { server, admin, client, inside: of(small), dataDir }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

type Kept = { id: string; name: string; sha256: string }

/** Uploads until there is no more room; what was acknowledged by then, and the answer that said so. */
const uploadUntilFull = async (admin: Client, size: number): Promise<{ kept: Kept[]; full: Answer }> => {
  const kept: Kept[] = []
  for (let i = 0; i < 500; i++) {
    const name = `Report ${i}.docx`
    const document = makeOffice({ type: 'docx', text: name, padTo: size + (i % 7) * 10_000 })
    const full = await admin.upload(name, document, { clients: [CLIENT] })
    if (full.status !== 201) return { kept, full }
    kept.push({ id: full.body.id, name, sha256: sha256(document) })
  }
  throw new Error('it never became full')
}

const isFull = (answer: Answer): void => {
  assert.equal(answer.status, 507, answer.text)
  assert.equal(answer.body.code, 'storage_full')
  assert.doesNotMatch(answer.text, /ENOSPC|SQLITE|\/tmp/)
}

const listsExactly = async (client: Client, door: string, kept: Kept[]): Promise<void> => {
  const { status, body, text } = await client.get(`/api/v1/${door}/files?limit=200`)
  assert.equal(status, 200, text)
  const ids = body.items.map((item: Kept) => item.id).sort()
  assert.deepEqual(ids, kept.map(({ id }) => id).sort())
}

const downloads = async (client: Client, { id, sha256: expected, name }: Kept): Promise<void> => {
  const link = await client.post(`/api/v1/client/files/${id}/link`, {})
  assert.equal(link.status, 201, link.text)
  const answer = await client.get(new URL(link.body.download_link).pathname)
  assert.equal(answer.status, 200, answer.text.slice(0, 200))
  assert.equal(sha256(answer.body), expected, name)
}

const answers = async ({ url }: TestProcess): Promise<void> => {
  for (const path of ['/healthz', '/readyz']) assert.equal((await fetch(url + path)).status, 200, path)
}

/** Writes until not a byte more fits; gives the space back. */
const fillUp = (inside: string): (() => void) => {
  const path = join(inside, 'filler')
  const file = openSync(path, 'w')
  for (let size = 1 << 20; size >= 1; ) {
    try {
      if (writeSync(file, Buffer.alloc(size)) < size) size >>= 1
    } catch {
      size >>= 1
    }
  }
  closeSync(file)
  return () => rmSync(path)
}

test('no room for blobs: 507, and everything else goes on; deleting makes room', { skip }, async context => {
  const env = (small: string) => ({ VALISE_STORAGE_URL: `file:${small}` })
  const { server, admin, client, inside } = await start(context, { size: '6m', env })
  const { kept, full } = await uploadUntilFull(admin, 600_000)
  isFull(full)
  assert.ok(kept.length >= 5, `${kept.length} fitted`)
  assert.deepEqual(readdirSync(join(inside, 'tmp')), [], 'nothing of the refused one is left')

  await answers(server)
  await listsExactly(admin, 'ops', kept)
  await listsExactly(client, 'client', kept)
  for (const one of kept) await downloads(client, one)
  const many = await Promise.all(
    Array.from({ length: 8 }, () => admin.upload('Again.docx', makeOffice({ type: 'docx', padTo: 900_000 }))),
  )
  for (const answer of many) isFull(answer)
  assert.deepEqual(readdirSync(join(inside, 'tmp')), [])

  const [first, second, ...rest] = kept
  assert.ok(first && second)
  for (const { id } of [first, second]) assert.equal((await admin.delete(`/api/v1/ops/files/${id}`)).status, 204)
  const again = await admin.upload('Room again.docx', makeOffice({ type: 'docx', padTo: 900_000 }), { everyone: true })
  assert.equal(again.status, 201, again.text)
  for (const one of rest) await downloads(client, one)
  assert.equal(await server.kill('SIGTERM'), 0)
})

test('not a byte left for blobs: even then deleting works, and then uploads', { skip }, async context => {
  const env = (small: string) => ({ VALISE_STORAGE_URL: `file:${small}` })
  const { server, admin, client, inside } = await start(context, { size: '4m', env })
  const document = makeOffice({ type: 'docx', padTo: 900_000 })
  const { body } = await admin.upload('First.docx', document, { clients: [CLIENT] })
  const empty = fillUp(inside)
  isFull(await admin.upload('Second.docx', makeOffice({ type: 'docx' })))
  await downloads(client, { id: body.id, name: 'First.docx', sha256: sha256(document) })
  assert.equal((await admin.delete(`/api/v1/ops/files/${body.id}`)).status, 204)
  assert.equal((await admin.upload('Third.docx', makeOffice({ type: 'docx', padTo: 500_000 }))).status, 201)
  empty()
  assert.equal(await server.kill('SIGTERM'), 0)
})

test('no room for the database: what writes says 507, what reads goes on, and nothing is lost', {
  skip,
}, async context => {
  const env = (small: string) => ({ VALISE_DATABASE_URL: `sqlite:${join(small, 'valise.sqlite')}` })
  const { server, admin, client, inside, dataDir } = await start(context, { size: '8m', env })
  const kept: Kept[] = []
  for (let i = 0; i < 5; i++) {
    const name = `Report ${i}.docx`
    const document = makeOffice({ type: 'docx', text: name, padTo: 200_000 })
    const answer = await admin.upload(name, document, { clients: [CLIENT] })
    assert.equal(answer.status, 201, answer.text)
    kept.push({ id: answer.body.id, name, sha256: sha256(document) })
  }
  const empty = fillUp(inside)
  // The log of the database has a little room of its own; then there is none.
  const { kept: late, full } = await uploadUntilFull(admin, 20_000)
  isFull(full)
  kept.push(...late)
  for (let i = 0; i < 20; i++) {
    const link = await client.post(`/api/v1/client/files/${kept[0]?.id}/link`, {})
    if (link.status !== 201) {
      isFull(link)
      break
    }
  }
  isFull(await server.client().post('/api/v1/ops/login', { email: ADMIN, password: PASSWORD }))
  await answers(server)
  await listsExactly(admin, 'ops', kept)
  await listsExactly(client, 'client', kept)
  const blobs = () => readdirSync(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true })
  assert.equal(blobs().filter(entry => entry.isFile()).length, kept.length)

  empty()
  await signIn(server, 'ops', ADMIN)
  for (const one of kept) await downloads(client, one)
  const again = await admin.upload('Room again.docx', makeOffice({ type: 'docx', padTo: 200_000 }))
  assert.equal(again.status, 201, again.text)
  for (const { id } of kept) assert.equal((await admin.delete(`/api/v1/ops/files/${id}`)).status, 204)
  await listsExactly(admin, 'ops', [{ ...again.body }])
  assert.equal(await server.kill('SIGTERM'), 0)
})

test('one small disk for everything: full, then deleted from, then used again', { skip }, async context => {
  const env = (small: string) => ({ VALISE_DATA_DIR: join(small, 'data') })
  const { server, admin, client } = await start(context, { size: '16m', env })
  for (let round = 0; round < 3; round++) {
    const { kept, full } = await uploadUntilFull(admin, 700_000)
    isFull(full)
    await answers(server)
    const { body } = await admin.get('/api/v1/ops/files?limit=200')
    for (const { id } of kept) assert.ok(body.items.some((item: Kept) => item.id === id))
    const [first, ...rest] = kept
    assert.ok(first && rest.length > 0, `round ${round}: ${kept.length} fitted`)
    await downloads(client, first)
    // All but one go: each deletion needs a little room itself.
    for (const { id } of rest) {
      const answer = await admin.delete(`/api/v1/ops/files/${id}`)
      assert.equal(answer.status, 204, `round ${round}: ${answer.text}`)
    }
    await downloads(client, first)
  }
  const { body } = await admin.get('/api/v1/ops/files?limit=200')
  assert.equal(body.items.length, 3)
  assert.equal(await server.kill('SIGTERM'), 0)
})

test('a start on a full disk: it says what to do; with a little room it answers, reads and refuses', {
  skip,
}, async context => {
  const dataDir = join(folder, 'filled')
  const before = await startProcess({ context, dataDir })
  const admin = await setUp(before)
  assert.equal((await admin.upload('Report.docx', makeOffice({ type: 'docx' }))).status, 201)
  const credentials = { email: ADMIN, password: PASSWORD }

  const token = (await before.client().post('/api/v1/ops/login', credentials)).body.access_token
  assert.equal(await before.kill('SIGTERM'), 0)

  const small = join(folder, 'small-filled')
  await mkdir(small)
  const copyAndFill = `cp -a '${dataDir}' data && { cat /dev/zero > filler 2> /dev/null; true; }`
  // Sessions are those of one address.
  const env = { VALISE_PORT: new URL(before.url).port }
  const options = { context, dataDir: join(small, 'data'), env }
  const full = await startProcess({ ...options, within: onSmallDisk(small, '8m', copyAndFill) })
  assert.equal(await full.exited, 2)
  assert.match(full.log(), /valise\.sqlite is full; make room on it/)

  const copyAndFillMost = `${copyAndFill} && truncate --size=-200K filler`
  const server = await startProcess({ ...options, within: onSmallDisk(small, '8m', copyAndFillMost) })
  assert.ok(server.ready, server.log())
  await answers(server)
  const again = server.client()
  again.useToken(token)
  await listsExactly(again, 'ops', (await again.get('/api/v1/ops/files')).body.items)
  isFull(await again.upload('Another.docx', makeOffice({ type: 'docx' })))
  assert.equal(await server.kill('SIGTERM'), 0)
})
