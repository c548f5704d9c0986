import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { rotateKeys, type Step } from '../../cli/admin/rotate.ts'
import { listAudit } from '../../server/audit/list.ts'
import type { Config } from '../../server/config.ts'
import { systemRandom } from '../../server/crypto/random.ts'
import { unwrapKey } from '../../server/crypto/wrap.ts'
import { makeOffice } from '../office.ts'
import { joinClient, setUpAdmin, signIn } from '../people.ts'
import { startServer } from '../server.ts'
import { jsonLines, run, scratch, start } from './command.ts'
import { addRows, inside, makeInstallation, settings } from './installation.ts'

const keysOf = (config: Config): { id: string; state: string }[] =>
  JSON.parse(readFileSync(config.keyringFile, 'utf8')).keys

/** Nothing may be lost: every key of every file opens, and the log has exactly so many rotations. */
const assertWhole = (config: Config, rotations: number) =>
  inside(config, async ({ db, keyring }) => {
    const rows = await db.read.selectFrom('files').select(['id', 'wrap', 'kek_id']).execute()
    for (const { id, wrap, kek_id } of rows) {
      assert.equal(kek_id, keyring.active)
      unwrapKey({ keyById: keyId => keyring.keyById('valise/kek/v1', keyId), fileId: id, wrap })
    }
    const events = await listAudit(db.read, { kind: 'keys.rotated', limit: 100 })
    assert.equal(events.length, rotations)
    if (rotations > 0) assert.equal(events[0]?.data.to, keyring.active)
    assert.deepEqual(
      events.map(({ data }) => data.files),
      events.map(() => rows.length),
    )
  })

test('keys rotate: killed while it wraps, then run again, loses nothing and starts no second rotation', async t => {
  const { env, config } = await makeInstallation(await scratch(t))
  await addRows(config, 6000)
  const before = keysOf(config)[0]?.id ?? ''

  const running = start(['keys', 'rotate'], { env })
  await running.says('is in the keyring')
  const database = new DatabaseSync(config.database, { readOnly: true })
  const moved = database.prepare('select count(*) as count from files where kek_id <> ?')
  // Looks rather than waits: somewhere in the middle of thirty commits.
  for (let count = 0; count === 0; ) {
    count = Number(moved.get(before)?.count)
    await new Promise(setImmediate)
  }
  running.child.kill('SIGKILL')
  assert.equal((await running.ended).signal, 'SIGKILL')
  const done = Number(moved.get(before)?.count)
  database.close()
  assert.ok(done > 0 && done < 6000, `${done} of 6000 were wrapped anew when it was killed`)
  const sick = await run(['doctor'], { env })
  assert.equal(sick.code, 1)
  assert.match(sick.stdout, /a rotation was cut short/)

  const again = await run(['keys', 'rotate'], { env })
  assert.equal(again.code, 0, again.stderr)
  assert.match(again.stdout, /finished a rotation that had been cut short/)
  assert.match(again.stdout, new RegExp(`^${6000 - done} files are wrapped under it`, 'm'))
  assert.equal(keysOf(config).length, 2)
  await assertWhole(config, 1)
})

test('keys rotate can end at every step and be run again', async t => {
  for (const at of ['keyring', 'files', 'recorded'] as const) {
    const { config } = await makeInstallation(join(await scratch(t), at))
    await addRows(config, 3)
    const rotate = (onStep: (step: Step) => void) => rotateKeys({ config, random: systemRandom, now: Date.now, onStep })
    const cut = new Error('cut')
    await assert.rejects(
      rotate(({ step }) => {
        if (step === at) throw cut
      }),
      cut,
    )
    assert.equal(keysOf(config).length, 2)
    const { resumed } = await rotate(() => {})
    // Recorded is finished: the next one is a rotation of its own.
    assert.equal(resumed, at !== 'recorded')
    assert.equal(keysOf(config).length, at === 'recorded' ? 3 : 2)
    await assertWhole(config, at === 'recorded' ? 2 : 1)
  }
})

test('keys rotate: the new key is in the file before the database knows it, and takes up a next key', async t => {
  const { env, config } = await makeInstallation(await scratch(t))
  const { rewriteKeyringFile } = await import('../../server/crypto/keyring-file.ts')
  await inside(config, async ({ keyring }) =>
    rewriteKeyringFile(config.keyringFile, keyring.withNext(Date.now(), systemRandom), systemRandom),
  )
  const next = keysOf(config).find(({ state }) => state === 'next')?.id
  assert.equal((await run(['keys', 'rotate'], { env })).code, 0)
  assert.equal(keysOf(config).find(({ state }) => state === 'active')?.id, next)
  assert.equal(keysOf(config).length, 2)
})

test('after a rotation files open, sessions and links live, and the old key can be destroyed when they are over', async t => {
  const dataDir = await scratch(t)
  const { env, config } = settings(dataDir)
  const bytes = makeOffice({ type: 'docx', padTo: 200_000 })
  const first = await startServer({ dataDir })
  const admin = await setUpAdmin(first)
  const client = await joinClient(first, 'clara@client.example')
  assert.equal((await admin.upload('kept.docx', bytes, { everyone: true })).status, 201)
  const refused = await run(['keys', 'rotate'], { env })
  assert.equal(refused.code, 8, 'a server runs on the folder')
  assert.match(refused.stderr, /stop it first, then try again\./)
  assert.equal(keysOf(config).length, 1)
  const session = await client.get('/api/v1/client/me')
  assert.equal(session.status, 200)
  await first.stop()

  const old = keysOf(config)[0]?.id ?? ''
  const rotated = await run(['keys', 'rotate'], { env })
  assert.equal(rotated.code, 0, rotated.stderr)
  assert.match(rotated.stdout, new RegExp(`keys destroy ${old}`))

  const listed = jsonLines((await run(['keys', 'list', '--json'], { env })).stdout)
  assert.deepEqual(
    listed.map(({ state, files }) => [state, files]),
    [
      ['retired', 0],
      ['active', 1],
    ],
  )
  assert.ok(listed[0]?.until, 'sessions that the old key signed are alive')
  const early = await run(['keys', 'destroy', old], { env })
  assert.equal(early.code, 8)
  assert.match(early.stderr, /sessions or links until/)

  const second = await startServer({ dataDir })
  const again = await signIn(second, 'client', 'clara@client.example')
  const [file] = (await again.get('/api/v1/client/files')).body.items
  const link = await again.post(`/api/v1/client/files/${file.id}/link`, {})
  const got = await again.get(new URL(link.body.download_link).pathname)
  assert.equal(Buffer.compare(got.body, bytes), 0)
  await second.stop()

  await inside(config, ({ db }) =>
    db.write(async tx => {
      await tx.updateTable('sessions').set({ expires_at: 1 }).execute()
      await tx.updateTable('links').set({ expires_at: 1 }).execute()
    }),
  )
  assert.equal((await run(['keys', 'destroy', old], { env })).code, 0)
  assert.ok(!readFileSync(config.keyringFile, 'utf8').includes('"retired"'))
  assert.equal((await run(['keys', 'destroy', 'ffffffff'], { env })).code, 5)
  const scanned = await run(['doctor', '--scan'], { env })
  assert.equal(scanned.code, 0, scanned.stdout)
})

test('keys rotate refuses beside a worker and with a keyring it cannot write', async t => {
  const { env, config } = await makeInstallation(await scratch(t))
  const worker = start(['worker'], { env })
  await worker.says('Sending mails')
  assert.equal((await run(['keys', 'rotate'], { env })).code, 8)
  const second = await run(['worker'], { env })
  assert.equal(second.code, 8)
  assert.match(second.stderr, /^valise: Another Valise worker/)
  worker.child.kill('SIGTERM')
  assert.equal((await worker.ended).code, 0)

  const elsewhere = await run(['keys', 'rotate'], {
    env: { ...env, VALISE_KEYRING: readFileSync(config.keyringFile, 'utf8') },
  })
  assert.equal(elsewhere.code, 2)
  assert.equal(keysOf(config).length, 1)
})

test('commands that only look make no installation', async t => {
  const folder = await scratch(t)
  const { env } = settings(join(folder, 'mistyped'))
  for (const args of [['keys', 'list'], ['keys', 'rotate'], ['user', 'list'], ['doctor']]) {
    const { code } = await run(args, { env })
    assert.ok(code === 5 || (args[0] === 'doctor' && code === 1), args.join(' '))
    assert.ok(!existsSync(join(folder, 'mistyped')), args.join(' '))
  }
})
