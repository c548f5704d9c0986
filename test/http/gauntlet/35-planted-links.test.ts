import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { ConfigError } from '../../../server/config.ts'
import { makeOffice } from '../../office.ts'
import { startServer, type TestServer } from '../../server.ts'
import { enlist, linkTo, type Person, upload } from './cast.ts'

let folder: string
let outside: string
let dataDir: string
/** An installation that has worked and was stopped. */
let stopped: string
let server: TestServer
let ada: Person
let clara: Person
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valise-links-'))
  dataDir = join(folder, 'data')
  stopped = join(folder, 'stopped')
  await (await startServer({ dataDir: stopped })).stop()
  server = await startServer({ dataDir, env: { VALISE_LOG_LEVEL: 'silent' } })
  ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  clara = await enlist(server, 'client', 'clara@customer.example')
})
after(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  outside = await mkdtemp(join(folder, 'outside-'))
})

/** A file with a link to it, and where its blob is. */
const shared = async () => {
  const id = await upload(ada.client, 'Accounts.docx', { everyone: true })
  const row = await server.db.read.selectFrom('files').select('blob').where('id', '=', id).executeTakeFirstOrThrow()
  return { id, link: await linkTo(clara.client, id), path: join(dataDir, 'blobs', row.blob.slice(0, 2), row.blob) }
}

/** Everything outside by content: what was neither read nor written through a link is as it was. */
const contents = async (): Promise<string[]> => {
  const entries = await readdir(outside, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return Promise.all(files.sort().map(async path => `${path} ${(await readFile(path)).toString('base64')}`))
}

/** The connection ends without the answer that its headers promised, or with an error: not one byte of the file. */
const notDelivered = async (link: string): Promise<void> => {
  const answer = await clara.client.get(link).catch(() => undefined)
  assert.ok(answer === undefined || answer.status >= 400, `${answer?.status}`)
}

const damaged = async (id: string): Promise<number> => {
  const answer = await ada.client.get(`/api/v1/ops/audit?kind=file.damaged&file=${id}`)
  return answer.body.items.length
}

const alive = async (): Promise<void> => {
  const { link } = await shared()
  assert.equal((await clara.client.get(link)).status, 200)
}

for (const what of ['a blob', 'its folder']) {
  test(`a link in the place of ${what}: not followed, though behind it is the very same blob`, async () => {
    const { id, link, path } = await shared()
    const place = what === 'a blob' ? path : dirname(path)
    await cp(place, join(outside, 'there'), { recursive: true })
    await rename(place, `${place}.away`)
    await symlink(join(outside, 'there'), place)
    const before = await contents()
    await notDelivered(link)
    assert.equal(await damaged(id), 1)
    // Deleting takes the link, or nothing; never what it names.
    await ada.client.delete(`/api/v1/ops/files/${id}`)
    assert.deepEqual(await contents(), before)
    await rm(place, { force: true })
    await rename(`${place}.away`, place)
    await alive()
  })
}

test('a pipe, a folder, a device in the place of a blob: refused at once', async () => {
  const makers: ((path: string) => Promise<unknown>)[] = [
    async path => execFileSync('mkfifo', [path]),
    path => mkdir(path),
    path => symlink('/dev/zero', path),
  ]
  for (const make of makers) {
    const { id, link, path } = await shared()
    await rm(path)
    await make(path)
    await notDelivered(link)
    assert.equal(await damaged(id), 1)
    await rm(path, { recursive: true })
  }
  await alive()
})

for (const part of ['blobs', 'tmp']) {
  test(`a link in the place of the folder ${part}: nothing is read or written through it`, async () => {
    const { link } = await shared()
    const place = join(dataDir, part)
    await cp(place, join(outside, 'there'), { recursive: true })
    await rename(place, `${place}.away`)
    await symlink(join(outside, 'there'), place)
    const before = await contents()
    const answer = await ada.client.upload('New.docx', makeOffice({ type: 'docx' }))
    assert.ok(answer.status >= 500, answer.text)
    if (part === 'blobs') await notDelivered(link)
    assert.deepEqual(await contents(), before)
    await rm(place)
    await rename(`${place}.away`, place)
    await alive()
  })
}

test('a link in the place of the mail folder: no mail goes there, and none that lies there is shown', async () => {
  const place = join(dataDir, 'mail')
  const name = `20260101T000000000Z-${'A'.repeat(22)}`
  const mail = {
    name,
    from: 'a@b.example',
    to: 'c@d.example',
    subject: 'Planted',
    date: '2026-01-01T00:00:00.000Z',
    text: 'x',
  }
  await writeFile(join(outside, `${name}.eml`), 'Planted')
  await writeFile(join(outside, `${name}.json`), JSON.stringify(mail))
  await rename(place, `${place}.away`).catch(() => {})
  await symlink(outside, place)
  const before = await contents()
  const invited = await ada.client.post('/api/v1/ops/invitations', { email: 'new@customer.example', role: 'client' })
  assert.equal(invited.status, 201, invited.text)
  // The worker has tried once it has counted an attempt.
  for (let tried = 0; tried === 0; ) {
    const row = await server.db.read.selectFrom('outbox').select('attempts').where('sealed', 'is not', null).execute()
    tried = row[0]?.attempts ?? 0
    await new Promise(resolve => setImmediate(resolve))
  }
  const shown = await server.client().get('/api/v1/development/mails', {
    headers: { authorization: `Bearer ${server.mailboxSecret}` },
  })
  assert.equal(shown.status, 200, shown.text)
  assert.deepEqual(shown.body.items, [])
  assert.equal(await server.app.mailer.folder?.readMail(name), undefined)
  assert.deepEqual(await contents(), before)
  await rm(place)
  await alive()
})

for (const name of ['keyring.json', 'valise.sqlite', 'valise.sqlite-wal', 'valise.sqlite-shm', 'server.lock']) {
  for (const dangling of [false, true]) {
    test(`${name} is a link${dangling ? ' to nowhere' : ''}: no start, and what it names stays as it is`, async () => {
      const copy = join(outside, 'copy')
      await cp(stopped, copy, { recursive: true })
      const real = join(outside, 'real')
      const place = join(copy, name)
      if (!dangling) await cp(place, real).catch(() => writeFile(real, ''))
      await rm(place, { force: true })
      await symlink(real, place)
      const before = await contents()
      await assert.rejects(startServer({ dataDir: copy }), (error: unknown) => {
        assert.ok(error instanceof ConfigError, String(error))
        assert.match(error.mistakes.join(), /link/)
        return true
      })
      assert.deepEqual(await contents(), before)
    })
  }
}
