import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinClient, PASSWORD, setUpAdmin, signIn } from '../people.ts'
import { startServer } from '../server.ts'
import { jsonLines, run, scratch, start } from './command.ts'
import { makeInstallation, settings } from './installation.ts'

test('the first administrator by command line: set-up is over, and serve lets them in', async t => {
  const { env } = await makeInstallation(await scratch(t))
  const server = start(['serve'], { env })
  await server.says('  Data ')
  const { stdout } = await new Promise<{ stdout: string }>(resolve => {
    server.ended.then(resolve)
    server.child.kill('SIGTERM')
  })
  assert.equal((await server.ended).code, 0)
  assert.match(stdout, /Open {5}http:\/\/localhost:\d+/)
  assert.doesNotMatch(stdout, /Set up/)
})

test('add, list, disable, enable', async t => {
  const { env } = await makeInstallation(await scratch(t))
  const add = (...args: string[]) => run(['user', 'add', ...args, '--password-stdin'], { env, stdin: PASSWORD })
  const clara = ['--email', 'clara@client.example', '--name', 'Clara']
  assert.equal((await add('--role', 'client', ...clara)).code, 0)
  const twice = await add('--role', 'client', '--email', 'CLARA@client.example', '--name', 'C')
  assert.equal(twice.code, 8)
  assert.equal((await add('--role', 'client', '--admin', ...clara)).code, 2)
  const weak = await run(
    ['user', 'add', '--role', 'client', '--email', 'x@y.example', '--name', 'X', '--password-stdin'],
    {
      env,
      stdin: 'password',
    },
  )
  assert.equal(weak.code, 2)
  assert.match(weak.stderr, /password: /)
  const unasked = await run(['user', 'add', '--role', 'ops', '--email', 'x@y.example', '--name', 'X'], { env })
  assert.equal(unasked.code, 2)
  assert.match(unasked.stderr, /--password-stdin/)

  const users = jsonLines((await run(['user', 'list', '--json'], { env })).stdout)
  assert.deepEqual(
    users.map(({ role, email, admin, disabled }) => [role, email, admin, disabled]),
    [
      ['ops', 'ada@firm.example', true, false],
      ['client', 'clara@client.example', false, false],
    ],
  )
  assert.ok(!JSON.stringify(users).includes('argon2'))
  assert.equal((await run(['user', 'disable', 'clara@client.example', '--role', 'client'], { env })).code, 0)
  assert.match((await run(['user', 'list'], { env })).stdout, /clara@client\.example +Clara +disabled/)
  assert.equal((await run(['user', 'enable', 'clara@client.example', '--role', 'client'], { env })).code, 0)
  assert.equal((await run(['user', 'disable', 'nobody@client.example', '--role', 'client'], { env })).code, 5)
  const last = await run(['user', 'disable', 'ada@firm.example', '--role', 'ops'], { env })
  assert.equal(last.code, 8)
})

test('reset-password mails a link through the running server, and sets one at once when told', async t => {
  const { env, config } = settings(await scratch(t))
  const server = await startServer({ dataDir: config.dataDir })
  t.after(() => server.stop())
  await setUpAdmin(server)
  const client = await joinClient(server, 'clara@client.example')
  const address = { ...env, VALISE_PUBLIC_URL: server.url }
  const mailed = await run(['user', 'reset-password', 'clara@client.example', '--role', 'client'], { env: address })
  assert.equal(mailed.code, 0, mailed.stderr)
  assert.doesNotMatch(mailed.stdout, /#/, 'the token travels in the mail only')
  const { token, link } = await server.lastMail('clara@client.example')
  assert.ok(link?.startsWith(`${server.url}/reset#`))
  const fresh = 'a horse of another colour'
  const chosen = await server.client().post('/api/v1/password/reset', { token, password: fresh })
  assert.equal(chosen.status, 204)
  assert.equal((await client.get('/api/v1/client/me')).status, 401)
  await signIn(server, 'client', 'clara@client.example', fresh)

  const set = await run(['user', 'reset-password', 'clara@client.example', '--role', 'client', '--password-stdin'], {
    env: address,
    stdin: 'set by the operator 42\n',
  })
  assert.equal(set.code, 0, set.stderr)
  await signIn(server, 'client', 'clara@client.example', 'set by the operator 42')
  const unknown = await run(['user', 'reset-password', 'no@client.example', '--role', 'client'], { env: address })
  assert.equal(unknown.code, 5)
  const nowhere = await run(['user', 'reset-password', 'clara@client.example', '--role', 'client'], { env })
  assert.equal(nowhere.code, 2, 'port 0 and no public URL: the link would lead nowhere')
})

test('config shows what is in force and no secret', async t => {
  const env = {
    ...settings(await scratch(t)).env,
    VALISE_SMTP_URL: 'smtp://user:hunter2@mail.example',
    VALISE_MAIL_FROM: 'a@b.example',
    VALISE_PUBLIC_URL: 'https://valise.example',
  }
  for (const args of [['config'], ['config', '--json']]) {
    const { code, stdout } = await run(args, { env })
    assert.equal(code, 0)
    assert.match(stdout, /VALISE_SMTP_URL/)
    assert.match(stdout, /\(set\)/)
    assert.doesNotMatch(stdout, /hunter2/)
  }
  const wrong = await run(['config'], { env: { ...env, VALISE_TYPO: '1', VALISE_PROT: '1', VALISE_LINK_TTL: 'soon' } })
  assert.equal(wrong.code, 2)
  assert.match(wrong.stderr, /VALISE_TYPO is not a setting of this version; `valise config`/)
  assert.match(wrong.stderr, /VALISE_PROT is not a setting of this version\. Did you mean VALISE_PORT\?/)
  assert.match(wrong.stderr, /VALISE_LINK_TTL is "soon"/)
})
