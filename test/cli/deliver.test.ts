import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeOffice } from '../office.ts'
import { joinClient, joinOps, PASSWORD, setUpAdmin } from '../people.ts'
import { startServer, type TestServer } from '../server.ts'
import { jsonLines, run, scratch } from './command.ts'

let server: TestServer
before(async () => {
  server = await startServer()
  const admin = await setUpAdmin(server)
  await joinOps(server, admin, 'olga@firm.example', 'Olga Ops')
  const clara = await joinClient(server, 'clara@client.example')
  await joinClient(server, 'carl@other.example', 'Carl Client')
  const me = await clara.get('/api/v1/client/me')
  const group = await admin.post('/api/v1/ops/groups', { name: 'Acme Ltd' })
  await admin.put(`/api/v1/ops/groups/${group.body.id}/members`, { clients: [me.body.id] })
})
after(() => server.stop())

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Signs in by command line into a session folder of its own. */
const signIn = async (folder: string, role: 'ops' | 'client', email: string) => {
  const env = { XDG_CONFIG_HOME: join(folder, `config-${email}`) }
  const args = ['login', '--server', server.url, '--role', role, '--email', email, '--password-stdin']
  const ended = await run(args, { env, stdin: `${PASSWORD}\n` })
  assert.equal(ended.code, 0, ended.stderr)
  return env
}

test('the main job: sign in, send, list, get, sign out', async t => {
  const folder = await scratch(t)
  const ops = await signIn(folder, 'ops', 'olga@firm.example')
  const client = await signIn(folder, 'client', 'clara@client.example')
  const bytes = makeOffice({ type: 'docx', padTo: 3_000_000 })
  await writeFile(join(folder, 'Jahresbericht "ä".docx'), bytes)
  await writeFile(join(folder, 'figures.xlsx'), makeOffice({ type: 'xlsx' }))

  const documents = ['Jahresbericht "ä".docx', 'figures.xlsx']
  const to = ['--to', 'Clara@Client.example', '--note', 'Zur Durchsicht']
  const late = await run(['send', ...documents, ...to, '--until', '2099-01-31'], { env: ops, cwd: folder })
  assert.equal(late.code, 2, late.stderr)
  assert.match(late.stderr, /2 documents have arrived, and nobody sees them yet: the same command goes on from there/)
  const sent = await run(['send', ...documents, ...to], { env: ops, cwd: folder })
  assert.equal(sent.code, 0, sent.stderr)
  assert.match(sent.stdout, /Jahresbericht "ä"\.docx {2}sent to clara@client\.example/)
  assert.ok(sent.stdout.includes(sha256(bytes)))
  assert.match(sent.stdout, /One person is told by mail\./)
  while (await server.app.handoffs.notifier.work());
  const mails = (await server.mailsTo('clara@client.example')).filter(({ text }) => text.includes('> Zur Durchsicht'))
  assert.equal(mails.length, 1, 'one mail for both, and none for what did not work')
  for (const until of ['tomorrow', '2026-02-30', '2020-01-01'])
    assert.equal(
      (await run(['send', 'figures.xlsx', ...to, '--until', until], { env: ops, cwd: folder })).code,
      2,
      until,
    )
  const { items } = await server.app.files.list({}, undefined)
  assert.equal(items.filter(({ name }) => name === 'figures.xlsx').length, 1, 'what had arrived was not sent again')

  const mine = await run(['list'], { env: ops })
  assert.match(mine.stdout, /figures\.xlsx\s+→ clara@client\.example/)
  const admin = await signIn(folder, 'ops', 'admin@firm.example')
  assert.doesNotMatch((await run(['list'], { env: admin })).stdout, /figures/, 'not their own')
  assert.match((await run(['list', '--all', '--from', 'olga@firm.example'], { env: admin })).stdout, /figures/)
  const all = await run(['list', '--all'], { env: client })
  assert.deepEqual([all.code, all.stderr], [2, 'valise: --all is for administrators.\n'])
  const shared = await run(['list', '--json'], { env: client })
  const [file] = jsonLines(shared.stdout).filter(({ name }) => String(name).startsWith('Jahres'))
  assert.equal(file?.sha256, sha256(bytes))
  assert.equal(file?.audience, undefined)

  const inbox = join(folder, 'inbox')
  await mkdir(inbox)
  const got = await run(['get', 'Jahresbericht "ä".docx'], { env: client, cwd: inbox })
  assert.equal(got.code, 0, got.stderr)
  // A quote cannot stand in a file name everywhere.
  assert.deepEqual(await readdir(inbox), ['Jahresbericht _ä_.docx'])
  assert.deepEqual(await readFile(join(inbox, 'Jahresbericht _ä_.docx')), bytes)
  assert.equal(got.stderr, '')
  const [delivery] = (await server.app.files.deliveries(String(file?.id), undefined, {})).items
  assert.equal(delivery?.state, 'confirmed', 'the SHA-256 that was checked is reported')

  const out = await run(['logout'], { env: client })
  assert.equal(out.code, 0)
  assert.equal((await run(['list'], { env: client })).code, 3)
})

test('a group and a client it does not hold', async t => {
  const folder = await scratch(t)
  const ops = await signIn(folder, 'ops', 'olga@firm.example')
  await writeFile(join(folder, 'grouped.pptx'), makeOffice({ type: 'pptx' }))
  const sent = await run(['send', 'grouped.pptx', '--group', 'acme ltd', '--json'], { env: ops, cwd: folder })
  assert.equal(sent.code, 0, sent.stderr)
  const [file] = jsonLines(sent.stdout)
  const clara = await run(['get', String(file?.id)], {
    env: await signIn(folder, 'client', 'clara@client.example'),
    cwd: folder,
  })
  assert.equal(clara.code, 8, 'grouped.pptx is in the folder already')
  const carl = await run(['get', String(file?.id)], { env: await signIn(folder, 'client', 'carl@other.example') })
  assert.equal(carl.code, 5)
  assert.match(carl.stderr, /No file .* was shared with you/)
})

test('an unknown recipient is said before anything is sent', async t => {
  const folder = await scratch(t)
  const ops = await signIn(folder, 'ops', 'olga@firm.example')
  await writeFile(join(folder, 'secret.docx'), makeOffice({ type: 'docx' }))
  const args = [
    'send',
    'secret.docx',
    '--to',
    'nobody@client.example',
    '--group',
    'No such',
    '--to',
    'clara@client.example',
  ]
  const ended = await run(args, { env: ops, cwd: folder })
  assert.equal(ended.code, 5)
  assert.match(ended.stderr, /nobody@client\.example has no client account here; there is no group No such/)
  assert.doesNotMatch((await run(['list', '-q', 'secret'], { env: ops })).stdout, /secret/)
})

test('a refused file is explained, and the others still go', async t => {
  const folder = await scratch(t)
  const ops = await signIn(folder, 'ops', 'olga@firm.example')
  await writeFile(join(folder, 'fake.docx'), 'MZ this is no document')
  await writeFile(join(folder, 'program.exe'), 'MZ')
  await writeFile(join(folder, 'honest.docx'), makeOffice({ type: 'docx' }))
  const ended = await run(['send', 'fake.docx', 'program.exe', 'honest.docx', '--everyone'], { env: ops, cwd: folder })
  assert.equal(ended.code, 1)
  assert.match(ended.stderr, /fake\.docx {2}refused: /)
  assert.match(ended.stderr, /refused: This is not a Word, Excel or PowerPoint document/)
  assert.match(ended.stderr, /program\.exe {2}refused: /)
  assert.match(ended.stdout, /honest\.docx {2}sent to everyone/)
})

test('an interrupted download goes on where it ended, and a spoiled one starts again', async t => {
  const folder = await scratch(t)
  const ops = await signIn(folder, 'ops', 'olga@firm.example')
  const client = await signIn(folder, 'client', 'clara@client.example')
  const bytes = makeOffice({ type: 'docx', padTo: 1_000_000 })
  await writeFile(join(folder, 'long.docx'), bytes)
  const [file] = jsonLines(
    (await run(['send', 'long.docx', '--to', 'clara@client.example', '--json'], { env: ops, cwd: folder })).stdout,
  )
  const part = `${sha256(bytes).slice(0, 8)}.part`
  for (const [name, begun] of [
    ['resumed.docx', bytes.subarray(0, 654_321)],
    ['spoiled.docx', Buffer.alloc(500_000, 1)],
    ['complete.docx', bytes],
    ['too-long.docx', Buffer.concat([bytes, bytes])],
  ] as const) {
    const path = join(folder, name)
    await writeFile(`${path}.${part}`, begun)
    const ended = await run(['get', String(file?.id), '-o', path, '--json'], { env: client })
    assert.equal(ended.code, 0, ended.stderr)
    assert.deepEqual(await readFile(path), bytes, name)
  }
  assert.deepEqual(
    (await readdir(folder)).filter(name => name.endsWith('.part')),
    [],
  )
  // One for the resumed, two for the spoiled (its end, then all of it), one for the last, none for the complete one.
  const audit = await server.app.files.deliveries(String(file?.id), undefined, {})
  assert.equal(audit.items[0]?.bytes_sent, bytes.length)
  assert.equal(audit.items[0]?.downloads, 4)
})

test('get never replaces what is there, follows no planted link, and takes no path from the server', async t => {
  const folder = await scratch(t)
  const ops = await signIn(folder, 'ops', 'olga@firm.example')
  const client = await signIn(folder, 'client', 'clara@client.example')
  const bytes = makeOffice({ type: 'docx', text: 'planted' })
  await writeFile(join(folder, 'planted.docx'), bytes)
  const [file] = jsonLines(
    (await run(['send', 'planted.docx', '--to', 'clara@client.example', '--json'], { env: ops, cwd: folder })).stdout,
  )
  const id = String(file?.id)
  const here = join(folder, 'here')
  await mkdir(here)
  await writeFile(join(here, 'planted.docx'), 'mine')
  assert.equal((await run(['get', id], { env: client, cwd: here })).code, 8)
  const { items } = await server.app.files.deliveries(id, undefined, {})
  assert.equal(items[0]?.downloads, 0, 'what cannot be placed is not fetched')
  assert.equal(await readFile(join(here, 'planted.docx'), 'utf8'), 'mine')
  assert.equal((await run(['get', id, '--force'], { env: client, cwd: here })).code, 0)
  assert.deepEqual(await readFile(join(here, 'planted.docx')), bytes)

  await writeFile(join(folder, 'victim'), 'untouched')
  await symlink(join(folder, 'victim'), join(here, `other.docx.${sha256(bytes).slice(0, 8)}.part`))
  const planted = await run(['get', id, '-o', join(here, 'other.docx')], { env: client })
  assert.equal(planted.code, 2)
  assert.equal(await readFile(join(folder, 'victim'), 'utf8'), 'untouched')
  const nowhere = await run(['get', id, '-o', 'nodir/a.docx'], { env: client, cwd: here })
  assert.deepEqual([nowhere.code, nowhere.stderr], [2, 'valise: The folder nodir does not exist.\n'])
})

test('several files of one name are told apart, never guessed', async t => {
  const folder = await scratch(t)
  const ops = await signIn(folder, 'ops', 'olga@firm.example')
  const client = await signIn(folder, 'client', 'clara@client.example')
  for (const text of ['first', 'second']) {
    await writeFile(join(folder, 'twice.docx'), makeOffice({ type: 'docx', text }))
    await run(['send', 'twice.docx', '--to', 'clara@client.example'], { env: ops, cwd: folder })
  }
  const ended = await run(['get', 'twice.docx'], { env: client, cwd: join(folder, '..') })
  assert.equal(ended.code, 2)
  assert.match(ended.stderr, /2 files have this name; say which by its id \(above\)\.$/m)
})

test('the session is kept for this user alone', async t => {
  const folder = await scratch(t)
  const env = await signIn(folder, 'client', 'clara@client.example')
  const kept = join(env.XDG_CONFIG_HOME, 'valise')
  assert.equal((await stat(kept)).mode & 0o777, 0o700)
  assert.equal((await stat(join(kept, 'session.json'))).mode & 0o777, 0o600)
  await chmod(join(kept, 'session.json'), 0o644)
  const ended = await run(['list'], { env })
  assert.equal(ended.code, 2)
  assert.match(ended.stderr, /open to other users/)
})

test('wrong doors, wrong passwords and ended sessions have their codes', async t => {
  const folder = await scratch(t)
  const env = { XDG_CONFIG_HOME: folder }
  const login = (role: string, email: string, password = PASSWORD) =>
    run(['login', '--server', server.url, '--role', role, '--email', email, '--password-stdin'], {
      env,
      stdin: password,
    })
  const wrong = await login('client', 'olga@firm.example')
  assert.equal(wrong.code, 3)
  assert.match(wrong.stderr, /the other one is --role ops/)
  assert.doesNotMatch(wrong.stderr, /\n\s+at /)
  assert.equal((await login('ops', 'olga@firm.example')).code, 0)
  const get = await run(['get', 'x.docx'], { env })
  assert.equal(get.code, 4)
  assert.match(get.stderr, /signed in as ops/)
  const session = JSON.parse(await readFile(join(folder, 'valise', 'session.json'), 'utf8'))
  const gone = await server.client().post('/api/v1/ops/logout', undefined, { token: session.token })
  assert.equal(gone.status, 204)
  assert.equal((await run(['list'], { env })).code, 3)
  assert.equal((await run(['logout'], { env })).code, 0)
})

test('a server that is called otherwise says how', async t => {
  const other = server.url.replace('localhost', '127.0.0.1')
  assert.notEqual(other, server.url)
  const args = ['login', '--server', other, '--role', 'ops', '--email', 'olga@firm.example', '--password-stdin']
  const ended = await run(args, { env: { XDG_CONFIG_HOME: await scratch(t) }, stdin: PASSWORD })
  assert.equal(ended.stderr, `valise: The server calls itself ${server.url}; use that with --server.\n`)
  assert.equal(ended.code, 2)
})
