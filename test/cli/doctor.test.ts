import assert from 'node:assert/strict'
import { chmod, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import type { Config } from '../../server/config.ts'
import { generateKeyring } from '../../server/crypto/keyring-data.ts'
import { rewriteKeyringFile } from '../../server/crypto/keyring-file.ts'
import { systemRandom } from '../../server/crypto/random.ts'
import { makeOffice } from '../office.ts'
import { setUpAdmin } from '../people.ts'
import { startServer } from '../server.ts'
import { jsonLines, run, scratch } from './command.ts'
import { settings } from './installation.ts'

type Test = { after: (fn: () => Promise<void>) => void }

/** An installation that has worked: an administrator and two sealed files. */
const worked = async (t: Test) => {
  const made = settings(await scratch(t))
  const server = await startServer({ dataDir: made.config.dataDir })
  const admin = await setUpAdmin(server)
  for (const name of ['one.docx', 'two.docx']) {
    const { status } = await admin.upload(name, makeOffice({ type: 'docx', text: name, padTo: 150_000 }))
    assert.equal(status, 201)
  }
  await server.stop()
  return made
}

const doctor = async (env: Record<string, string>, ...args: string[]) => {
  const { code, stdout, stderr } = await run(['doctor', '--json', ...args], { env })
  assert.equal(stderr, '')
  const lines = jsonLines(stdout)
  const mend = lines.filter(({ state }) => state === 'mend').map(({ what, text }) => `${what}: ${text}`)
  assert.equal(code, mend.length === 0 ? 0 : 1)
  return { lines, mend }
}

const blobs = async ({ storage }: Config): Promise<string[]> =>
  (await readdir(join(storage, 'blobs'), { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))

const sql = (config: Config, text: string): void => {
  const database = new DatabaseSync(config.database)
  database.exec(text)
  database.close()
}

test('a healthy installation: every line is ok or a note, beside a running server too', async t => {
  const { env, config } = await worked(t)
  const alone = await doctor(env, '--scan')
  assert.deepEqual(alone.mend, [])
  const named = alone.lines.map(({ what }) => what)
  for (const what of ['settings', 'keyring', 'database', 'keys', 'storage', 'audit log', 'clock', 'mail', 'scan']) {
    assert.ok(named.includes(what), what)
  }
  const server = await startServer({ dataDir: config.dataDir })
  assert.deepEqual((await doctor(env)).mend, [])
  await server.stop()
  const people = await run(['doctor'], { env })
  assert.equal(people.code, 0)
  assert.match(people.stdout, /^ok {4}keyring/m)
})

test('settings that must be mended are told one by one', async () => {
  const { mend } = await doctor({ VALISE_PORT: 'x', VALISE_LINK_TTL: 'soon' })
  assert.equal(mend.length, 2)
})

test('a keyring that others can read, or that is gone, or not this one', async t => {
  const { env, config } = await worked(t)
  await chmod(config.keyringFile, 0o640)
  assert.match((await doctor(env)).mend.join(), /keyring: .*chmod 600/)
  await chmod(config.keyringFile, 0o600)
  await rename(config.keyringFile, `${config.keyringFile}.away`)
  assert.match((await doctor(env)).mend.join(), /keyring: .*restore it from its backup/)
  rewriteKeyringFile(config.keyringFile, generateKeyring(Date.now(), systemRandom), systemRandom)
  assert.match((await doctor(env)).mend.join(), /not the one this data was sealed with/)
  await rename(`${config.keyringFile}.away`, config.keyringFile)
  assert.deepEqual((await doctor(env)).mend, [])
})

test('a data folder open to others', async t => {
  const { env, config } = await worked(t)
  await chmod(config.dataDir, 0o755)
  assert.match((await doctor(env)).mend.join(), /chmod 700/)
})

test('a damaged database', async t => {
  const { env, config } = await worked(t)
  const bytes = await readFile(config.database)
  bytes.fill(0xff, 8192, 8192 + 4096 * 3)
  await writeFile(config.database, bytes)
  assert.match((await doctor(env)).mend.join(), /database: stop the server and restore/)
  await writeFile(config.database, 'not a database at all, and longer than a header of one has to be')
  assert.match((await doctor(env)).mend.join(), /database: /)
})

test('a storage disk that is not mounted is not papered over', async t => {
  const { env, config } = await worked(t)
  await rename(join(config.storage, 'blobs'), join(config.storage, 'away'))
  assert.match((await doctor(env)).mend.join(), /storage: .*mounted/)
  assert.ok(!(await readdir(config.storage)).includes('blobs'))
})

test('a missing and a changed blob: found, named, recorded once', async t => {
  const { env, config } = await worked(t)
  const [first = '', second = ''] = await blobs(config)
  await rm(first)
  assert.match((await doctor(env)).mend.join(), /sealed files: missing from storage/)
  const bytes = await readFile(second)
  bytes[70_000] = (bytes[70_000] ?? 0) ^ 1
  await writeFile(second, bytes)
  for (let times = 0; times < 2; times++) {
    const { mend } = await doctor(env, '--scan')
    assert.equal(mend.filter(line => /^scan: .*is (missing|changed) in storage/.test(line)).length, 2, mend.join('\n'))
  }
  const database = new DatabaseSync(config.database, { readOnly: true })
  const { count } = {
    ...database.prepare("select count(*) as count from audit_events where kind = 'file.damaged'").get(),
  }
  database.close()
  assert.equal(count, 2)
})

test('an edited audit log', async t => {
  const { env, config } = await worked(t)
  sql(config, "update audit_events set entry = replace(entry, '150000', '150001') where kind = 'file.uploaded'")
  assert.match((await doctor(env)).mend.join(), /audit log: event \d+/)
})

test('a clock that jumped back', async t => {
  const { env, config } = await worked(t)
  sql(config, `update audit_events set at = ${Date.now() + 3_600_000} where seq = 1`)
  assert.match((await doctor(env)).mend.join(), /clock: it jumped back/)
})

test('a mail relay: one that answers, one that refuses the sign-in, one that is not there', async t => {
  const { env } = await worked(t)
  const relay = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ password }, _session, done) =>
      password === 'right' ? done(null, { user: 'valise' }) : done(new Error('no')),
  })
  await new Promise<void>(resolve => void relay.listen(0, '127.0.0.1', resolve))
  t.after(() => new Promise<void>(resolve => relay.close(() => resolve())))
  const address = relay.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const mail = (user: string, at = port) => ({
    ...env,
    VALISE_SMTP_URL: `smtp://${user}@127.0.0.1:${at}`,
    VALISE_MAIL_FROM: 'documents@firm.example',
  })
  assert.deepEqual((await doctor(mail('valise:right'))).mend, [])
  const refused = await doctor(mail('valise:wrong'))
  assert.match(refused.mend.join(), /mail: 127\.0\.0\.1:\d+ does not accept mail/)
  assert.doesNotMatch(JSON.stringify(refused.lines), /wrong/)
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const free = probe.address()
  await new Promise(resolve => probe.close(resolve))
  const gone = await doctor(mail('valise:right', typeof free === 'object' && free ? free.port : 1))
  assert.match(gone.mend.join(), /mail: .* does not accept mail/)
})

test('what is in storage and belongs to nobody is told apart: a deleted file, and one no row knows', async t => {
  const { env, config } = await worked(t)
  sql(config, "insert into blob_removals select blob, 0 from files where name = 'one.docx'")
  sql(config, "delete from files where name = 'one.docx'")
  sql(config, "delete from files where name = 'two.docx'")
  const { lines, mend } = await doctor(env)
  assert.deepEqual(mend, [])
  const told = lines.filter(({ what }) => what === 'sealed files').map(({ text }) => text)
  assert.equal(told.length, 3)
  assert.match(String(told[1]), /^1 of deleted files or broken uploads/)
  assert.match(String(told[2]), /^1 in storage belong to no file/)
})
