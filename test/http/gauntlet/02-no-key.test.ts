import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, mock, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ConfigError } from '../../../server/config.ts'
import { setUpAdmin } from '../../people.ts'
import { startServer } from '../../server.ts'

let folder: string
/** The data of an installation that works, and the keyring of another one. */
let good: string
let other: string
let count = 0

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valise-keys-'))
  good = join(folder, 'good')
  other = join(folder, 'other')
  const server = await startServer({ dataDir: good })
  await setUpAdmin(server)
  await server.stop()
  await (await startServer({ dataDir: other })).stop()
})
after(() => rmSync(folder, { recursive: true }))

const keyringOf = (dataDir: string) => readFileSync(join(dataDir, 'keyring.json'), 'utf8')
// biome-ignore lint/suspicious/noExplicitAny: keyrings of every wrong shape are made from it
type Keyring = any
const changed = (change: (keyring: Keyring) => void) => (): string => {
  const keyring: Keyring = JSON.parse(keyringOf(good))
  change(keyring)
  return JSON.stringify(keyring)
}
const withSecret = (secret: unknown) =>
  changed(keyring => {
    keyring.keys[0].secret = secret
  })
const bytes = (length: number, fill: number) => Buffer.alloc(length, fill).toString('base64url')

/** Texts of a keyring under which nothing may be served: of a wrong form, guessable, or not the one of this data. */
const texts: [string, () => string][] = [
  ['empty', () => ''],
  ['blank', () => ' \n\t\n'],
  ['zeros in place of text', () => '\0'.repeat(200)],
  ['not JSON', () => 'secret'],
  ['JSON of another form', () => '[]'],
  ['no object', () => '{}'],
  ['no keys', changed(keyring => Object.assign(keyring, { keys: [] }))],
  ['keys of another form', changed(keyring => Object.assign(keyring, { keys: {} }))],
  ['a key without a secret', withSecret(undefined)],
  ['an empty secret', withSecret('')],
  ['a secret that is null', withSecret(null)],
  ['a secret that is a number', withSecret(1e19)],
  ['a secret of one byte', withSecret(bytes(1, 7))],
  ['a secret of 16 bytes', withSecret(randomBytes(16).toString('base64url'))],
  ['a secret of 31 bytes', withSecret(randomBytes(31).toString('base64url'))],
  ['a secret of 33 bytes', withSecret(randomBytes(33).toString('base64url'))],
  ['a secret of 32 zero bytes', withSecret(bytes(32, 0))],
  ['a secret of 32 bytes 0xff', withSecret(bytes(32, 255))],
  ['a secret of one byte repeated', withSecret(bytes(32, 0x41))],
  ['a secret with padding', withSecret(`${bytes(32, 1)}=`)],
  ['a secret in other base64', withSecret(Buffer.alloc(32, 0xfb).toString('base64'))],
  ['a secret in hex', withSecret(randomBytes(32).toString('hex'))],
  ['a secret that is a word', withSecret('changeme')],
  [
    'two active keys',
    changed(
      keyring => void keyring.keys.push({ ...keyring.keys[0], id: '00000001', secret: bytes(32, 1).replace('A', 'B') }),
    ),
  ],
  ['no active key', changed(keyring => Object.assign(keyring.keys[0], { state: 'retired' }))],
  [
    'two keys of one secret',
    changed(keyring => void keyring.keys.push({ ...keyring.keys[0], id: '00000001', state: 'retired' })),
  ],
  ['two keys of one id', changed(keyring => void keyring.keys.push({ ...keyring.keys[0], state: 'retired' }))],
  [
    'the only key destroyed',
    changed(keyring => Object.assign(keyring.keys[0], { state: 'destroyed', secret: undefined })),
  ],
  ['a version from the future', changed(keyring => Object.assign(keyring, { version: 2 }))],
  ['a field that nobody knows', changed(keyring => Object.assign(keyring, { hint: 'x' }))],
  ['a ledger key of zeros', changed(keyring => Object.assign(keyring.ledger, { d: bytes(32, 0) }))],
  ['no ledger key', changed(keyring => Object.assign(keyring, { ledger: undefined }))],
  ['another installation’s', () => keyringOf(other)],
  ['another secret under the right id', withSecret(randomBytes(32).toString('base64url'))],
]

/** Everything in the folder but what says that a process is at work: the claim, the database's log and index come and go. */
const contents = (dataDir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dataDir, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && !/-(wal|shm)$|\.lock$/.test(entry.name))
      .map(entry => [entry.name, readFileSync(join(entry.parentPath, entry.name)).toString('base64')]),
  )

/** Starts on this folder and demands a refusal that names the keyring, before anything listens and with nothing changed. */
const refuses = async (dataDir: string, env: Record<string, string> = {}): Promise<void> => {
  const before = contents(dataDir)
  const listen = mock.method(Server.prototype, 'listen')
  try {
    const error = await startServer({ dataDir, env: { VALISE_PORT: String(await freePort()), ...env } }).then(
      async server => {
        await server.stop()
        return undefined
      },
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof ConfigError, `it must not start: ${String(error)}`)
    assert.match(error.mistakes.join(), /key/i)
    assert.doesNotMatch(error.mistakes.join(), /[A-Za-z0-9_-]{40,}/, 'no secret in the message')
    // One for finding a free port, none for requests.
    assert.equal(listen.mock.callCount(), 1)
  } finally {
    listen.mock.restore()
  }
  assert.deepEqual(contents(dataDir), before)
}

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })

const copy = (): string => {
  const dataDir = join(folder, `copy-${++count}`)
  cpSync(good, dataDir, { recursive: true })
  return dataDir
}

/** A keyring file and nothing else, as before a first start. */
const fresh = (text: string): string => {
  const dataDir = join(folder, `fresh-${++count}`)
  mkdirSync(dataDir, { mode: 0o700 })
  writeFileSync(join(dataDir, 'keyring.json'), text, { mode: 0o600 })
  return dataDir
}

test('the installation starts as it is', async () => {
  await (await startServer({ dataDir: copy() })).stop()
})

for (const [name, text] of texts) {
  test(`${name}: refused, in the file and in the environment`, async () => {
    const dataDir = copy()
    writeFileSync(join(dataDir, 'keyring.json'), text(), { mode: 0o600 })
    await refuses(dataDir)
    await refuses(copy(), { VALISE_KEYRING: text().replaceAll('\0', '0') })
    // Right for another installation, and for this one before it has any data: nothing to refuse there.
    if (!/another/.test(name)) await refuses(fresh(text()))
  })
}

test('a keyring that is gone is never made anew over data that exist', async () => {
  const dataDir = copy()
  rmSync(join(dataDir, 'keyring.json'))
  await refuses(dataDir)
  assert.equal(existsSync(join(dataDir, 'keyring.json')), false)
})

test('a keyring setting that is there and empty is a mistake, also at a first start', async () => {
  const dataDir = join(folder, `empty-${++count}`)
  mkdirSync(dataDir, { mode: 0o700 })
  await refuses(dataDir, { VALISE_KEYRING: '' })
  const file = join(folder, 'empty-file')
  writeFileSync(file, '\n')
  await refuses(dataDir, { VALISE_KEYRING_FILE: file })
  await refuses(dataDir, { VALISE_KEYRING_FILE: join(folder, 'nowhere') })
  assert.deepEqual(readdirSync(dataDir), [])
})

for (const mode of [0o640, 0o660, 0o604, 0o644, 0o620, 0o602, 0o666, 0o777, 0o610]) {
  test(`readable or writable by others (${mode.toString(8)}): refused`, async () => {
    const dataDir = copy()
    chmodSync(join(dataDir, 'keyring.json'), mode)
    await refuses(dataDir)
  })
}

test('a link or a folder in place of the file: refused', async () => {
  const linked = copy()
  rmSync(join(linked, 'keyring.json'))
  symlinkSync(join(good, 'keyring.json'), join(linked, 'keyring.json'))
  await refuses(linked)
  const inside = copy()
  rmSync(join(inside, 'keyring.json'))
  mkdirSync(join(inside, 'keyring.json'), { mode: 0o700 })
  await refuses(inside)
})

test('the process ends with 2, says what to do, and no secret', () => {
  const dataDir = copy()
  chmodSync(join(dataDir, 'keyring.json'), 0o644)
  const main = fileURLToPath(new URL('../../../server/start.ts', import.meta.url))
  const env = { PATH: process.env.PATH, VALISE_DATA_DIR: dataDir, VALISE_PORT: '0' }
  const { status, stderr, stdout } = spawnSync(process.execPath, [main], { env, encoding: 'utf8', timeout: 60_000 })
  assert.equal(status, 2, stderr)
  assert.match(stderr, /chmod 600/)
  assert.equal(stdout, '')
  assert.equal(stderr.includes(JSON.parse(keyringOf(good)).keys[0].secret), false)
})
