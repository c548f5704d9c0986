import assert from 'node:assert/strict'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startProcess } from '../process.ts'

let folder: string
let count = 0
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valise-settings-'))
})
after(() => rm(folder, { recursive: true, force: true }))

const fresh = (): string => join(folder, `data-${++count}`)

/** A data folder that a server has made and left. */
const made = async (context: TestContext): Promise<string> => {
  const dataDir = fresh()
  const server = await startProcess({ context, dataDir })
  assert.ok(server.ready, server.log())
  assert.equal(await server.kill('SIGTERM'), 0)
  return dataDir
}

type Start = { dataDir?: string; env?: Record<string, string>; code?: number; script?: string }

/** Must not start; the lines it said, each a mistake. */
const refused = async (
  context: TestContext,
  { dataDir = fresh(), env = {}, code = 2, script }: Start,
): Promise<string[]> => {
  const server = await startProcess({ context, dataDir, env, script })
  assert.equal(server.ready, false, 'it started')
  assert.equal(await server.exited, code, server.log())
  const [title = '', ...lines] = server.log().trimEnd().split('\n')
  assert.doesNotMatch(server.log(), /\n\s+at |node:internal|\.ts:\d/, 'no stack')
  if (code === 2) {
    assert.match(title, /^The configuration has (a mistake|\d+ mistakes):$/)
    for (const line of lines) assert.match(line, /^ {2}- /)
  }
  return code === 2 ? lines.map(line => line.slice(4)) : [title, ...lines]
}

test('everything that is wrong is told at once, without secrets, and the exit code is 2', async context => {
  const dataDir = fresh()
  const lines = await refused(context, {
    dataDir,
    env: {
      VALISE_PORT: '80 80',
      VALISE_PUBLIC_URL: 'http://valise.example',
      VALISE_SMTP_URL: 'smtp://valise:hunter22@mail.example?x=1',
      VALISE_LOG_LEVEL: 'loud',
      VALISE_HOTS: '0.0.0.0',
      VALISE_MAIL_FROM_FILE: join(folder, 'nowhere'),
    },
  })
  const about = ['HOTS', 'LOG_LEVEL', 'MAIL_FROM_FILE', 'PORT', 'PUBLIC_URL', 'SMTP_URL']
  assert.deepEqual(lines.map(line => /VALISE_(\w+)/.exec(line)?.[1]).sort(), about)
  assert.doesNotMatch(lines.join('\n'), /hunter22/)
  assert.ok(lines.includes('VALISE_PORT is "80 80"; accepted is a port from 0 (any free one) to 65535'))
  await assert.rejects(readdir(dataDir), 'nothing was made')
})

const insecure: [string, Record<string, string>, RegExp][] = [
  ['http to the world', { VALISE_PUBLIC_URL: 'http://valise.example' }, /plain http is for this machine only/],
  ['reachable from outside, no address', { VALISE_HOST: '0.0.0.0' }, /set VALISE_PUBLIC_URL to its https address/],
  ['a public address without a mail relay', { VALISE_PUBLIC_URL: 'https://valise.example' }, /VALISE_SMTP_URL is not/],
]
for (const [what, env, line] of insecure) {
  test(`${what}: refused`, async context => {
    assert.match((await refused(context, { env })).join('\n'), line)
  })
}

test('settings from files, a keyring among them', async context => {
  const dataDir = await made(context)
  const port = join(folder, 'port')
  await writeFile(port, '0\n')
  const env = { VALISE_PORT: '', VALISE_KEYRING_FILE: join(folder, 'keyring') }
  await rename(join(dataDir, 'keyring.json'), env.VALISE_KEYRING_FILE)
  assert.match((await refused(context, { dataDir, env })).join(), /VALISE_PORT is ""/)
  const server = await startProcess({ context, dataDir, env: { ...env, VALISE_PORT: '0' } })
  assert.ok(server.ready, server.log())
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200)
  await server.kill('SIGTERM')
  assert.deepEqual((await readdir(dataDir)).includes('keyring.json'), false, 'no second keyring was made')
})

test('a keyring that others may read, a lost one, another one’s: refused, and nothing of the data is touched', async context => {
  const dataDir = await made(context)
  const keyring = join(dataDir, 'keyring.json')
  const database = await readFile(join(dataDir, 'valise.sqlite'))
  await chmod(keyring, 0o640)
  assert.match((await refused(context, { dataDir })).join(), /chmod 600/)
  await chmod(keyring, 0o600)

  await rename(keyring, `${keyring}.away`)
  assert.match((await refused(context, { dataDir })).join(), /no keyring .* restore it from its backup/)
  assert.equal((await readdir(dataDir)).includes('keyring.json'), false)

  await cp(join(await made(context), 'keyring.json'), keyring)
  assert.match((await refused(context, { dataDir })).join(), /not the one this data was sealed with/)

  await rename(`${keyring}.away`, keyring)
  assert.ok(database.equals(await readFile(join(dataDir, 'valise.sqlite'))))
  const server = await startProcess({ context, dataDir })
  assert.ok(server.ready, server.log())
})

test('a second server on the same folder is refused while the first runs, and starts when it has died', async context => {
  const dataDir = fresh()
  const first = await startProcess({ context, dataDir })
  assert.ok(first.ready, first.log())
  assert.match(
    (await refused(context, { dataDir, code: 1 })).join(),
    /^Another Valise server already works on \S+\. Stop/,
  )
  assert.equal((await fetch(`${first.url}/readyz`)).status, 200)
  await first.kill('SIGKILL')
  const second = await startProcess({ context, dataDir })
  assert.ok(second.ready, second.log())
})

test('two servers that start at once on an empty folder: one runs, the other says why not', async context => {
  const dataDir = fresh()
  const both = await Promise.all([startProcess({ context, dataDir }), startProcess({ context, dataDir })])
  const [other] = both.filter(({ ready }) => !ready)
  assert.equal(both.filter(({ ready }) => ready).length, 1)
  assert.equal(await other?.exited, 1)
  assert.match(other?.log() ?? '', /Another Valise server already works on/)
})

/** A port on which something listens until the test has ended. */
const taken = async (context: TestContext): Promise<string> => {
  const listener = createServer()
  await new Promise<void>(resolve => void listener.listen(0, '127.0.0.1', resolve))
  context.after(() => listener.close())
  const address = listener.address()
  return String(typeof address === 'object' ? address?.port : 0)
}

test('a port that is taken: exit code 1 and a sentence', async context => {
  const env = { VALISE_PORT: await taken(context) }
  const lines = await refused(context, { env, code: 1 })
  assert.match(lines.join('\n'), new RegExp(`^Something already listens on port ${env.VALISE_PORT}\\.`))
})

test('a database of a newer version, or none at all: refused in a sentence', async context => {
  const dataDir = await made(context)
  await writeFile(
    join(dataDir, 'valise.sqlite'),
    'This was a database once, and somebody has written over it.'.repeat(90),
  )
  assert.match((await refused(context, { dataDir, code: 1 })).join('\n'), /^Valise could not start: /)
})

test('a data folder may be a link; a link in it may be neither keyring nor database', async context => {
  const real = await made(context)
  const linked = fresh()
  await symlink(real, linked)
  const server = await startProcess({ context, dataDir: linked })
  assert.ok(server.ready, server.log())
  await server.kill('SIGTERM')
  for (const name of ['keyring.json', 'valise.sqlite', 'server.lock']) {
    const dataDir = fresh()
    await mkdir(dataDir, { mode: 0o700 })
    await cp(real, dataDir, { recursive: true })
    await rm(join(dataDir, name))
    await symlink(join(real, name), join(dataDir, name))
    const before = await readFile(join(real, name))
    assert.match((await refused(context, { dataDir })).join(), /link/, name)
    assert.ok(before.equals(await readFile(join(real, name))), name)
  }
})

test('a data folder where none can be made: a sentence, at once', async context => {
  // Where there is no /proc, a name below a file serves as well.
  const file = join(folder, 'file')
  await writeFile(file, '')
  for (const dataDir of [
    ...(process.platform === 'linux' ? ['/proc/valise', '/proc/valise/data'] : []),
    join(file, 'x'),
  ]) {
    assert.match((await refused(context, { dataDir })).join(), /^The folder \S+ cannot be made: /, dataDir)
  }
})

const demo = fileURLToPath(new URL('../../scripts/demo.ts', import.meta.url))

test('the demo answers mistakes as the server does', async context => {
  const dataDir = await made(context)
  assert.match((await refused(context, { dataDir, script: demo })).join(), /not the demo's/)
  const own = fresh()
  const mistyped = { dataDir: own, env: { VALISE_PORT: 'abc' }, script: demo }
  assert.match((await refused(context, mistyped)).join(), /VALISE_PORT is "abc"/)
  const port = await taken(context)
  const busy = { dataDir: own, env: { VALISE_PORT: port }, code: 1, script: demo }
  const first = await refused(context, busy)
  assert.match(first.join(), new RegExp(`already listens on port ${port}`))
  assert.deepEqual(await refused(context, busy), first, 'it knows its own folder again')
})
