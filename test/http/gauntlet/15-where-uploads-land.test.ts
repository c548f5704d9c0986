import assert from 'node:assert/strict'
import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import type { Client } from '../../client.ts'
import { makeOffice } from '../../office.ts'
import { PASSWORD } from '../../people.ts'
import { startProcess, type TestProcess } from '../../process.ts'
import { FORM_TYPE, formOf } from '../files/form.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valise-where-'))
})
after(() => rm(folder, { recursive: true, force: true }))

type Found = { path: string; kind: 'file' | 'folder' | 'other'; mode: string }

/** Everything under the folder, and the folder itself as `.`. */
const everything = (dataDir: string): Found[] =>
  ['', ...readdirSync(dataDir, { recursive: true, encoding: 'utf8' })].flatMap(path => {
    // Files of an upload that goes on come and go.
    const stats = lstatSync(join(dataDir, path), { throwIfNoEntry: false })
    if (!stats) return []
    const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other'
    return [{ path: path || '.', kind, mode: (stats.mode & 0o7777).toString(8) }]
  })

const open = async (context: TestContext, dataDir: string, umask: string): Promise<[TestProcess, Client]> => {
  const cwd = join(folder, `cwd-${umask}`)
  mkdirSync(cwd, { recursive: true })
  const within = ['sh', '-c', `umask ${umask}; cd "${cwd}"; exec "$@"`, 'sh']
  const server = await startProcess({ context, dataDir, within })
  assert.ok(server.ready, server.log())
  const client = server.client()
  const email = 'admin@firm.example'
  if (server.setupToken) {
    const body = { setup_token: server.setupToken, email, name: 'Ada', password: PASSWORD }
    assert.equal((await client.post('/api/v1/setup', body)).status, 201)
  }
  client.useToken((await client.post('/api/v1/ops/login', { email, password: PASSWORD })).body.access_token)
  return [server, client]
}

const names = [
  'run.sh.docx',
  '.htaccess.docx',
  'index.php.docx',
  'autorun.inf.docx',
  '~$lock.docx',
  'con.docx',
  '-rf.docx',
]

/** Begins an upload and leaves it hanging once its bytes are on the way. */
const hang = async (client: Client, dataDir: string): Promise<() => Promise<number>> => {
  const form = formOf([{ name: 'file', filename: 'Slow.docx', body: makeOffice({ type: 'docx', padTo: 900_000 }) }])
  const rest = Promise.withResolvers<void>()
  async function* slowly() {
    yield form.subarray(0, 700_000)
    await rest.promise
    yield form.subarray(700_000)
  }
  const upload = client.request('/api/v1/ops/files', {
    method: 'POST',
    headers: { 'content-type': FORM_TYPE },
    body: ReadableStream.from(slowly()),
    duplex: 'half',
  })
  while (readdirSync(join(dataDir, 'tmp')).length === 0) await new Promise(resolve => setImmediate(resolve))
  return async () => {
    rest.resolve()
    return (await upload).status
  }
}

/** All that a working installation may consist of. */
const known = [
  /^\.$/,
  /^(blobs|tmp|mail)$/,
  /^blobs\/[A-Za-z0-9_-]{2}(\/[A-Za-z0-9_-]{22})?$/,
  /^tmp\/[A-Za-z0-9_-]{22}$/,
  /^mail\/\d{8}T\d{9}Z-[A-Za-z0-9_-]{22}\.(eml|json)(\.part)?$/,
  /^keyring\.json$/,
  /^valise\.sqlite(-wal|-shm)?$/,
  /^server\.lock(-journal)?$/,
]

for (const umask of ['000', '022', '077', '777']) {
  test(`under umask ${umask}: random names, nothing executable, nothing for others, nothing elsewhere`, async context => {
    const dataDir = join(folder, `data-${umask}`)
    const outside = () => everything(folder).filter(({ path }) => !path.startsWith('data-')).length
    const [server, client] = await open(context, dataDir, umask)
    const before = outside()
    for (const name of names) {
      const answer = await client.upload(name, makeOffice({ type: 'docx', text: name }))
      assert.equal(answer.status, 201, answer.text)
    }
    assert.equal((await client.upload('shell.sh', Buffer.from('#!/bin/sh'))).status, 422)
    assert.equal((await client.post('/api/v1/ops/invitations', { email: 'c@d.example', role: 'client' })).status, 201)
    while (!everything(dataDir).some(({ path }) => path.endsWith('.eml'))) await new Promise(setImmediate)
    const finish = await hang(client, dataDir)

    /** A file made under a strict umask has no rights at all until it gets its own: only while work is under way. */
    const judge = ({ busy = false } = {}) => {
      const found = everything(dataDir)
      for (const { path, kind, mode } of found) {
        assert.ok(
          known.some(pattern => pattern.test(path)),
          `${path} has no place here`,
        )
        if (busy && umask === '777' && kind === 'file' && mode === '0') continue
        assert.equal(`${kind} ${mode}`, kind === 'folder' ? 'folder 700' : 'file 600', path)
      }
      return found
    }
    const during = judge({ busy: true })
    for (const there of ['keyring.json', 'valise.sqlite', 'valise.sqlite-wal', 'valise.sqlite-shm', 'server.lock']) {
      assert.ok(
        during.some(({ path }) => path === there),
        there,
      )
    }
    assert.ok(
      during.some(({ path }) => path.startsWith('tmp/')),
      'an upload on its way',
    )
    assert.equal(during.filter(({ path }) => path.startsWith('blobs/') && path.length > 9).length, names.length)
    assert.equal(await finish(), 201)
    judge()
    assert.equal(outside(), before, 'something was written elsewhere')

    assert.equal(await server.kill('SIGTERM'), 0)
    judge()
    const [again] = await open(context, dataDir, umask)
    judge()
    await again.kill('SIGTERM')
  })
}

test('what was open to others is closed at the next start', async context => {
  const dataDir = join(folder, 'data-opened')
  const [server] = await open(context, dataDir, '022')
  await server.kill('SIGKILL')
  const opened = ['valise.sqlite', 'valise.sqlite-wal', 'valise.sqlite-shm', 'server.lock']
  for (const name of opened) chmodSync(join(dataDir, name), 0o666)
  chmodSync(join(dataDir, 'blobs'), 0o777)
  await open(context, dataDir, '022')
  for (const { path, kind, mode } of everything(dataDir)) {
    assert.equal(`${kind} ${mode}`, kind === 'folder' ? 'folder 700' : 'file 600', relative(dataDir, path))
  }
})
