import assert from 'node:assert/strict'
import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startCuttingProxy } from '../cutting-proxy.ts'
import { sha256 } from '../http/files/uploads-world.ts'
import { makeOffice } from '../office.ts'
import { PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { jsonLines, run, scratch, start } from './command.ts'

let server: TestServer
let proxy: Awaited<ReturnType<typeof startCuttingProxy>>
before(async () => {
  server = await startServer()
  await setUpAdmin(server)
  proxy = await startCuttingProxy(server.url)
})
after(async () => {
  await proxy.stop()
  await server.stop()
})

const signIn = async (folder: string) => {
  const env = { XDG_CONFIG_HOME: join(folder, 'config') }
  const args = ['login', '--server', proxy.url, '--role', 'ops', '--email', 'admin@firm.example', '--password-stdin']
  const ended = await run(args, { env, stdin: `${PASSWORD}\n` })
  assert.equal(ended.code, 0, ended.stderr)
  return { env, cwd: folder }
}

const uploadsSeen = () =>
  proxy.seen.filter(({ method, offset }) => method === 'PATCH' || method === 'HEAD' || offset !== undefined)

test('the connection breaks twice: it goes on by itself and says so', async t => {
  const folder = await scratch(t)
  const here = await signIn(folder)
  const bytes = makeOffice({ type: 'docx', padTo: 3_000_000 })
  await writeFile(join(folder, 'report.docx'), bytes)
  proxy.cuts.push({ after: 900_000, how: 'cut' }, { after: 800_000, how: 'cut' })
  proxy.seen.length = 0
  const sent = await run(['send', 'report.docx', '--everyone', '--json'], here)
  assert.equal(sent.code, 0, sent.stderr)
  assert.match(sent.stderr, /report\.docx {2}The connection .*broke.* Trying again in 1 s …/)
  assert.equal(jsonLines(sent.stdout)[0]?.sha256, sha256(bytes))
  const offsets = proxy.seen.filter(({ method }) => method === 'PATCH').map(({ offset }) => offset ?? 0)
  assert.equal(offsets.length, 3)
  assert.equal(offsets[0], 0)
  assert.ok((offsets[1] ?? 0) >= 700_000 && (offsets[2] ?? 0) >= 1_400_000, offsets.join())
  assert.deepEqual(await readdir(join(folder, 'config', 'valise', 'uploads')), [])
})

test('stopped by Ctrl-C, the same command goes on where it was; a changed file begins anew', async t => {
  const folder = await scratch(t)
  const here = await signIn(folder)
  const bytes = makeOffice({ type: 'docx', padTo: 5_000_000 })
  const path = join(folder, 'long.docx')
  await writeFile(path, bytes)
  const stopped = async (): Promise<void> => {
    proxy.cuts.push({ after: 2_000_000, how: 'hold' })
    const held = proxy.holds()
    const sending = start(['send', 'long.docx', '--everyone'], here)
    await held
    sending.child.kill('SIGINT')
    const ended = await sending.ended
    assert.equal(ended.signal, 'SIGINT')
    assert.match(ended.stderr, /Stopped\. What has arrived is kept for a day: the same command goes on from there\./)
  }
  await stopped()
  proxy.seen.length = 0
  const sent = await run(['send', 'long.docx', '--everyone', '--json'], here)
  assert.equal(sent.code, 0, sent.stderr)
  assert.equal(jsonLines(sent.stdout)[0]?.sha256, sha256(bytes))
  const [asked, went] = uploadsSeen()
  assert.equal(asked?.method, 'HEAD')
  assert.ok((went?.offset ?? 0) > 1_000_000, `${went?.offset} bytes were not sent again`)

  await stopped()
  await utimes(path, new Date(), new Date(Date.now() - 60_000))
  proxy.seen.length = 0
  const other = await run(['send', 'long.docx', '--everyone', '--json'], here)
  assert.equal(other.code, 0, other.stderr)
  assert.deepEqual(
    uploadsSeen().map(({ method, offset }) => [method, offset]),
    [['PATCH', 0]],
  )
})

test('the server has forgotten what was begun: it begins anew', async t => {
  const folder = await scratch(t)
  const here = await signIn(folder)
  await writeFile(join(folder, 'gone.docx'), makeOffice({ type: 'docx', padTo: 1_000_000 }))
  proxy.cuts.push({ after: 500_000, how: 'hold' })
  const held = proxy.holds()
  const sending = start(['send', 'gone.docx', '--everyone'], here)
  await held
  sending.child.kill('SIGINT')
  await sending.ended
  await server.db.write(async tx => void (await tx.deleteFrom('uploads').execute()))
  const sent = await run(['send', 'gone.docx', '--everyone'], here)
  assert.equal(sent.code, 0, sent.stderr)
})
