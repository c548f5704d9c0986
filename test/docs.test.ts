import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createProgram } from '../cli/program.ts'
import packageJson from '../package.json' with { type: 'json' }
import { settingsTable, withSettings } from '../scripts/settings.ts'
import { mailTokenLife } from '../server/accounts/mail-tokens.ts'
import { options } from '../server/config.ts'
import { HEADER_LENGTH, SEGMENT_LENGTH, SEGMENT_OVERHEAD, SEGMENT_PLAIN_LENGTH } from '../server/crypto/segments.ts'
import { WRAP_LENGTH } from '../server/crypto/wrap.ts'
import { buckets } from '../server/limits/buckets.ts'
import { makeOffice } from './office.ts'
import { joinClient, setUpAdmin, signIn } from './people.ts'
import { startServer } from './server.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const pages = globSync('{*,docs/*}.md', { cwd: root }).sort()

test('docs/operations.md lists every setting as the server reads it', () => {
  const text = read('docs/operations.md')
  assert.equal(text, withSettings(text), 'run: node scripts/settings.ts')
  const rows = settingsTable().split('\n').slice(2)
  assert.equal(rows.length, Object.keys(options).length)
  for (const { name, kind, help } of Object.values(options)) {
    const row = rows.find(line => line.startsWith(`| \`${name}\` |`)) ?? ''
    for (const part of [kind, help]) assert.ok(row.includes(part.replaceAll('|', '\\|').replaceAll('<', '&lt;')), row)
  }
})

test('no page names a setting that there is not', () => {
  const known = new Set(Object.values(options).map(({ name }) => name))
  const wrong = pages.flatMap(page =>
    [...read(page).matchAll(/\bVALISE_[A-Z_]*[A-Z]\b/g)]
      .map(([name]) => name.replace(/_FILE$/, ''))
      .filter(name => !known.has(name) && !/^VALISE_(CORPUS|FLOE_VECTORS)$/.test(name))
      .map(name => `${page}: ${name}`),
  )
  assert.deepEqual(wrong, [])
})

test('links between pages lead somewhere', () => {
  const broken = pages.flatMap(page =>
    [...read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target = '']) => target)
      .filter(target => !/^https?:/.test(target) && !existsSync(join(root, page, '..', target)))
      .map(target => `${page}: ${target}`),
  )
  assert.deepEqual(broken, [])
})

test('files that pages name are there', () => {
  const named = /`((?:contract|server|web|cli|test|scripts|docs|bench)\/(?:[\w./-]+\.\w+|(?:[\w-]+\/)*))`/g
  const missing = pages.flatMap(page =>
    [...read(page).matchAll(named)]
      .map(([, path = '']) => path)
      .filter(path => !existsSync(join(root, path)))
      .map(path => `${page}: ${path}`),
  )
  assert.deepEqual(missing, [])
})

test('npm scripts and valise commands that pages name exist', () => {
  const scripts = new Set([...Object.keys(packageJson.scripts), 'ci'])
  const program = createProgram(async () => {})
  const find = (names: string[]) =>
    names.reduce<typeof program | undefined>(
      (command, name) => command?.commands.find(one => one.name() === name),
      program,
    )
  const wrong = pages.flatMap(page => {
    const text = read(page)
    const npm = [...text.matchAll(/(?:^|`)npm (?:run (?:--silent )?)?([a-z]+)\b/gm)].map(([, name = '']) => name)
    const own = [...text.matchAll(/(?:`valise|valise --) ([a-z-]+(?: (?:add|list|disable|enable|rotate|destroy))?)/g)]
    return [
      ...npm.filter(name => !scripts.has(name)).map(name => `${page}: npm ${name}`),
      ...own
        .map(([, names = '']) => names)
        .filter(names => !find(names.split(' ')))
        .map(names => `${page}: valise ${names}`),
    ]
  })
  assert.deepEqual(wrong, [])
})

/** Text as one line: figures may stand at the end of one. */
const flat = (path: string) => read(path).replaceAll(/\s+/g, ' ')

test('SECURITY.md has the limits that are in force', () => {
  const text = flat('SECURITY.md')
  const { sign_in_account, sign_in_device, sign_in_ip, mail_recipient, links_client } = buckets
  assert.deepEqual(
    [sign_in_account, mail_recipient, links_client].map(({ seconds }) => seconds),
    [3600, 3600, 3600],
  )
  assert.deepEqual([sign_in_device.seconds, sign_in_ip.seconds, mail_recipient.points], [900, 900, 3])
  for (const sentence of [
    `${sign_in_account.points} password checks an hour for an address`,
    `${sign_in_device.points} in 15 minutes from one that did`,
    `${sign_in_ip.points} in 15 minutes for an IPv4 address or an IPv6 /64`,
    'three mails an hour for each purpose and recipient',
    `${links_client.points.toLocaleString('en')} links an hour for a client`,
  ]) {
    assert.ok(text.includes(sentence), sentence)
  }
})

test('docs/format.md has the lengths and lives that the code has', () => {
  const text = flat('docs/format.md')
  const hours = Object.fromEntries(Object.entries(mailTokenLife).map(([purpose, ms]) => [purpose, ms / 3_600_000]))
  assert.deepEqual(hours, { verify: 24, reset: 1, sign_in: 1, invitation: 7 * 24 })
  for (const sentence of [
    `u32(${SEGMENT_LENGTH}) || u32(32)`,
    `${HEADER_LENGTH} bytes; the tag commits to the key`,
    `A full segment holds ${SEGMENT_PLAIN_LENGTH} bytes of plaintext`,
    `a blob of ${HEADER_LENGTH} + ${SEGMENT_OVERHEAD} n + L bytes`,
    `${WRAP_LENGTH} bytes in the file's row`,
    'They live 24 hours (verification), 1 hour (reset, sign-in), 7 days (invitation)',
  ]) {
    assert.ok(text.includes(sentence), sentence)
  }
  for (const purpose of ['kek', 'jwt', 'link', 'outbox', 'check', 'tail'])
    assert.ok(text.includes(`valise/${purpose}/v1`), purpose)
})

test('the changelog begins with what is not released yet', () => {
  const [first] = [...read('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, title]) => title)
  assert.equal(first, '[Unreleased]')
})

/** The shell block below `<!-- run: name -->`. */
const blockOf = (page: string, name: string): string => {
  const [, block] = new RegExp(`<!-- run: ${name} -->\n\`\`\`sh\n([^]*?)\`\`\``).exec(read(page)) ?? []
  assert.ok(block, `${page} has no block ${name}`)
  return block
}

/** Replaces what a person would replace; each must be there. */
const putIn = (block: string, values: Record<string, string>): string =>
  Object.entries(values).reduce((text, [from, to]) => {
    assert.ok(text.includes(from), `the block does not say ${from}`)
    return text.replaceAll(from, to)
  }, block)

const run = promisify(execFile)
const shell = (block: string, cwd: string) =>
  run('bash', ['-euo', 'pipefail', '-c', block], { cwd, timeout: 60_000, maxBuffer: 2 ** 24 })

const curl = /^curl (\d+)\.(\d+)/.exec(spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout ?? '')
const capable = curl !== null && Number(curl[1]) * 100 + Number(curl[2]) >= 782
const skip = capable || process.env.CI ? false : 'needs bash and curl 7.82 or newer'

test('the main job by curl, as the README has it', { skip }, async () => {
  const server = await startServer()
  const folder = await mkdtemp(join(tmpdir(), 'valise-readme-'))
  try {
    await symlink(join(root, 'docs'), join(folder, 'docs'))
    await symlink(server.dataDir, join(folder, 'data'))
    const block = putIn(blockOf('README.md', 'main job'), {
      'http://localhost:8080': server.url,
      'setup=...': `setup=${server.setupToken}`,
    })
    const { stdout } = await shell(block, folder)
    const sample = readFileSync(join(root, 'docs/sample.docx'))
    const sum = createHash('sha256').update(sample).digest('hex')
    const sums = stdout.split('\n').filter(line => line.endsWith('.docx'))
    assert.deepEqual(sums, [`${sum}  docs/sample.docx`, `${sum}  received.docx`], stdout)
    assert.deepEqual(readFileSync(join(folder, 'received.docx')), sample)
  } finally {
    await server.stop()
    await rm(folder, { recursive: true })
  }
})

test('backup and restore, as docs/operations.md has them', { skip: process.platform === 'win32' }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'valise-backup-'))
  const server = await startServer({ dataDir: join(folder, 'old') })
  try {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    await symlink('old', join(folder, 'data'))
    const admin = await setUpAdmin(server)
    const email = 'clara@customer.example'
    const clara = await joinClient(server, email)
    const document = makeOffice({ type: 'xlsx', text: 'Figures', padTo: 100_000 })
    const { body: file } = await admin.upload('figures.xlsx', document, { clients: [email] })
    const { body: link } = await clara.post(`/api/v1/client/files/${file.id}/link`, {})

    const backup = { '/backup/valise': join(folder, 'backup') }
    await shell(putIn(blockOf('docs/operations.md', 'backup'), backup), folder)
    await server.stop()
    await rm(join(folder, 'data'))
    const keyring = { '/elsewhere/keyring.json': join(folder, 'old', 'keyring.json') }
    await shell(putIn(blockOf('docs/operations.md', 'restore'), { ...backup, ...keyring }), folder)

    const { port } = new URL(server.url)
    const restored = await startServer({ dataDir: join(folder, 'data'), env: { VALISE_PORT: port } })
    try {
      const { pathname } = new URL(link.download_link)
      assert.equal((await clara.get('/api/v1/client/me')).status, 401, 'a session of the backup came back to life')
      const again = await signIn(restored, 'client', email)
      assert.equal((await again.get(pathname)).status, 404, 'a link of the backup came back to life')
      const { body } = await again.post(`/api/v1/client/files/${file.id}/link`, {})
      const { body: bytes } = await again.get(new URL(body.download_link).pathname)
      assert.deepEqual(bytes, document)
    } finally {
      await restored.stop()
    }
  } finally {
    await server.stop()
    await rm(folder, { recursive: true })
  }
})
