import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { ConfigError, describeConfig, options, readConfig } from './config.ts'
import { parseSender } from './mail/compose.ts'

const folder = mkdtempSync(join(tmpdir(), 'valise-config-'))
after(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, 0o600)
  return path
}

const mistakesOf = (env: Record<string, string>): string[] => {
  try {
    readConfig(env)
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    return error.mistakes
  }
  return []
}

/** A server that the world may reach, as it should be set up. */
const open = {
  VALISE_HOST: '0.0.0.0',
  VALISE_PUBLIC_URL: 'https://valise.example',
  VALISE_SMTP_URL: 'smtps://mail.example',
  VALISE_MAIL_FROM: 'Acme <documents@acme.example>',
}

test('nothing set: the defaults of a laptop', () => {
  const config = readConfig({})
  assert.equal(config.dataDir, resolve('data'))
  assert.equal(config.database, resolve('data/valise.sqlite'))
  assert.equal(config.storage, config.dataDir)
  assert.equal(config.keyringFile, resolve('data/keyring.json'))
  assert.deepEqual([config.host, config.port, config.publicUrl], ['127.0.0.1', 8080, undefined])
  assert.deepEqual([config.linkTtl, config.linkTtlMax], [600, 86_400])
  assert.deepEqual([config.sessionIdle, config.sessionMax], [43_200, 2_592_000])
  assert.deepEqual([config.maxUpload, config.development], [4 * 2 ** 30, true])
  assert.deepEqual([config.signup, config.defaultAudience, config.trustedProxies], [{ mode: 'open' }, 'nobody', []])
})

test('every default is a value that its own setting accepts', () => {
  for (const { name, default: text } of Object.values(options)) {
    if (text !== '') assert.deepEqual(mistakesOf({ [name]: text }), [], name)
  }
})

const accepted: [string, string, (config: ReturnType<typeof readConfig>) => unknown, unknown][] = [
  ['DATABASE_URL', 'sqlite:/srv/v.sqlite', config => config.database, '/srv/v.sqlite'],
  ['CLAMD_URL', 'unix:/run/clamav/clamd.ctl', config => config.clamd, { path: '/run/clamav/clamd.ctl' }],
  ['CLAMD_URL', 'tcp://scanner', config => config.clamd, { host: 'scanner', port: 3310 }],
  ['CLAMD_URL', 'tcp://[::1]:4000', config => config.clamd, { host: '::1', port: 4000 }],
  ['CLAMD_URL', '', config => config.clamd, undefined],
  ['STORAGE_URL', 'file:/srv/blobs', config => config.storage, '/srv/blobs'],
  ['PUBLIC_URL', 'http://LOCALHOST:9000/', config => config.publicUrl?.origin, 'http://localhost:9000'],
  ['PUBLIC_URL', 'http://[::1]:9000', config => config.publicUrl?.origin, 'http://[::1]:9000'],
  ['PUBLIC_URL', 'http://127.1.2.3', config => config.publicUrl?.origin, 'http://127.1.2.3'],
  ['PUBLIC_URL', '', config => config.publicUrl, undefined],
  ['HOST', '::1', config => config.host, '::1'],
  ['HOST', 'localhost', config => config.host, 'localhost'],
  ['PORT', '0', config => config.port, 0],
  ['PORT', '65535', config => config.port, 65_535],
  ['LINK_TTL', '90s', config => config.linkTtl, 90],
  ['SESSION_MAX', '2d', config => config.sessionMax, 172_800],
  ['EXPIRED_GRACE', '1d', config => config.expiredGrace, 86_400],
  ['REMIND_BEFORE', '12h', config => config.remindBefore, 43_200],
  ['MAX_UPLOAD', '3B', config => config.maxUpload, 3],
  ['MAX_UPLOAD', '2TiB', config => config.maxUpload, 2 ** 41],
  ['SIGNUP', 'invite', config => config.signup, { mode: 'invite' }],
  [
    'SIGNUP',
    'domains:A.example,b.example',
    config => config.signup,
    { mode: 'domains', domains: ['a.example', 'b.example'] },
  ],
  ['TRUSTED_PROXIES', '10.0.0.0/8, ::1', config => config.trustedProxies, ['10.0.0.0/8', '::1']],
  ['TRUSTED_PROXIES', 'none', config => config.trustedProxies, []],
]
for (const [name, text, read, value] of accepted) {
  test(`VALISE_${name}=${text} is understood`, () => {
    assert.deepEqual(read(readConfig({ [`VALISE_${name}`]: text })), value)
  })
}

const refused: Record<string, string[]> = {
  DATA_DIR: ['', 'a\0b'],
  HOST: ['', '127.0.0.1:80', 'http://localhost', 'a b', '-x'],
  PORT: ['', '-1', '65536', '80.5', '0x50', ' 80', '1e3', 'http', '008080'],
  PUBLIC_URL: [
    'valise.example',
    'ftp://localhost',
    'http://localhost/app',
    'http://u:p@localhost',
    'http://localhost?a=1',
    'http://localhost#a',
    'javascript:alert(1)',
  ],
  DATABASE_URL: ['sqlite:', '/srv/v.sqlite', 'postgres://valise:hunter22@db/valise', 'mysql://x'],
  CLAMD_URL: ['unix:clamd', 'http://scanner', 'tcp://', 'tcp://user@scanner:3310', 'tcp://scanner/x', 'scanner:3310'],
  STORAGE_URL: ['file:', 's3://bucket?region=x', '/srv'],
  KEYRING: [''],
  SMTP_URL: [
    'mail.example',
    'http://mail.example',
    'smtp://',
    'smtp://mail.example/inbox',
    'smtp://mail.example?tls=yes',
    'smtp://mail.example?require_tls=maybe',
    'smtps://mail.example?require_tls=false',
    'smtp://u:100%@mail.example',
  ],
  MAIL_FROM: [
    'nobody',
    'a@b@c',
    'A <a@b.example>, B <b@b.example>',
    'a@b.example\r\nBcc: x@y.example',
    '"a b"@c.example',
  ],
  SIGNUP: ['', 'closed', 'OPEN', 'domains:', 'domains:localhost', 'domains:a.example,', 'domains:*.example'],
  DEFAULT_AUDIENCE: ['', 'all', 'Everyone'],
  EXPIRED_GRACE: ['30', '-1d', '0d'],
  REMIND_BEFORE: ['2', 'soon'],
  LINK_TTL: ['', '0m', '10', '-5m', '1.5h', '10 m', '1w', '1000000s', 'Infinity'],
  SESSION_IDLE: ['0s', 'never'],
  MAX_UPLOAD: ['', '0B', '4GB', '-1MiB', '1e9B', '4gib', '999999TiB'],
  INSPECT_POLICY: ['macros', 'nonsense=warn', 'macros=allowed'],
  TRUSTED_PROXIES: [
    'proxy.example',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.1,',
    'all',
    '10.0.0.0/8/8',
    '0.0.0.0/0',
    '::/0',
    '*',
  ],
  LOG_LEVEL: ['', 'verbose', 'INFO', 'trace'],
}
for (const [name, texts] of Object.entries(refused)) {
  test(`VALISE_${name}: what is wrong is refused by name, with what is accepted`, () => {
    for (const text of texts) {
      const [first = '', ...others] = mistakesOf({ [`VALISE_${name}`]: text })
      assert.equal(others.length, 0, `${text}: ${others}`)
      assert.ok(first.startsWith(`VALISE_${name} is `), `${JSON.stringify(text)}: ${first || 'accepted'}`)
      assert.match(first, /accepted is .+|give it a value/)
    }
  })
}

test('every setting has a wrong value above', () => {
  const known = Object.values(options).map(({ name }) => name.slice('VALISE_'.length))
  assert.deepEqual(
    known.filter(name => !(name in refused) && name !== 'LINK_TTL_MAX' && name !== 'SESSION_MAX'),
    [],
  )
})

test('all mistakes are told at once, those of single settings and those of several together', () => {
  const mistakes = mistakesOf({
    VALISE_PORT: 'x',
    VALISE_HOTS: '0.0.0.0',
    VALISE_HOST: '0.0.0.0',
    VALISE_PUBLIC_URL: 'http://valise.example',
    VALISE_LINK_TTL: '2d',
    VALISE_LINK_TTL_MAX: '1d',
    VALISE_SESSION_IDLE: '60d',
    VALISE_LOG_LEVEL: 'loud',
    VALISE_MAIL_FROM_FILE: join(folder, 'nowhere'),
  })
  const about = ['HOTS', 'PORT', 'MAIL_FROM_FILE', 'LOG_LEVEL', 'PUBLIC_URL', 'SMTP_URL', 'LINK_TTL', 'SESSION_IDLE']
  assert.deepEqual(mistakes.map(text => /^VALISE_(\w+)/.exec(text)?.[1]).sort(), about.sort())
})

test('what could not be read is not also blamed for what it would lead to', () => {
  assert.equal(mistakesOf({ VALISE_PUBLIC_URL: 'valise.example', VALISE_HOST: '0.0.0.0' }).length, 1)
  assert.equal(mistakesOf({ ...open, VALISE_MAIL_FROM: 'nobody' }).length, 1)
  assert.equal(mistakesOf({ VALISE_LINK_TTL_MAX: 'x', VALISE_LINK_TTL: '30d' }).length, 1)
})

const together: [string, Record<string, string>, RegExp[]][] = [
  ['a server for the world, set up', open, []],
  ['https in front of loopback', { ...open, VALISE_HOST: '127.0.0.1' }, []],
  ['plain http to the world', { ...open, VALISE_PUBLIC_URL: 'http://valise.example' }, [/plain http/]],
  ['plain http, reachable', { ...open, VALISE_PUBLIC_URL: 'http://localhost' }, [/plain http/]],
  ['reachable without an address', { VALISE_HOST: '0.0.0.0' }, [/VALISE_PUBLIC_URL/, /VALISE_SMTP_URL/]],
  ['every IPv6 address', { VALISE_HOST: '::' }, [/VALISE_PUBLIC_URL/, /VALISE_SMTP_URL/]],
  ['a name that only looks like loopback', { VALISE_HOST: 'localhost.evil.example' }, [/VALISE_PUBLIC_URL/, /SMTP/]],
  ['an address in a name of loopback', { VALISE_PUBLIC_URL: 'http://127.0.0.1.evil.example' }, [/plain http/, /SMTP/]],
  ['no relay, public address', { VALISE_PUBLIC_URL: 'https://valise.example' }, [/VALISE_SMTP_URL is not set/]],
  ['a relay without a sender', { VALISE_SMTP_URL: 'smtp://mail.example' }, [/VALISE_MAIL_FROM is not set/]],
]
for (const [what, env, expected] of together) {
  test(`${what}: ${expected.length === 0 ? 'accepted' : 'refused'}`, () => {
    const mistakes = mistakesOf(env)
    assert.equal(mistakes.length, expected.length, mistakes.join('\n'))
    for (const [i, pattern] of expected.entries()) assert.match(mistakes[i] ?? '', pattern)
  })
}

test('a sender that the settings accept is one address to the mailer too', () => {
  const accepts = (text: string) => mistakesOf({ ...open, VALISE_MAIL_FROM: text }).length === 0
  const known = [
    'a@b.example',
    '<a@b.example>',
    'Acme <a@b.example>',
    '"Acme, Inc." <a@b.example>',
    'Ä ß <ä@bücher.example>',
  ]
  for (const text of known) assert.ok(accepts(text), text)
  const pieces = fc.constantFrom(
    'a',
    'b.example',
    '@',
    '<',
    '>',
    '"',
    ' ',
    ',',
    ';',
    ':',
    '(',
    ')',
    '\\',
    '[',
    'ä',
    '.',
  )
  const texts = fc.array(pieces, { maxLength: 9 }).map(all => all.join(''))
  const likely = fc
    .tuple(texts, texts)
    .map(([name, local]) => [`${name} <${local}@b.example>`, `${name}<a@b.example>`, `${local}@b.example`])
  fc.assert(
    fc.property(
      fc.oneof(
        texts.map(text => [text]),
        likely,
      ),
      candidates => {
        for (const text of candidates)
          if (text !== '' && accepts(text)) assert.ok(parseSender(text).address.includes('@'))
      },
    ),
    { numRuns: 2000 },
  )
})

test('development mode is only ever on where everything is loopback', () => {
  assert.equal(readConfig({ VALISE_HOST: 'localhost', VALISE_PUBLIC_URL: 'http://127.0.0.1:1' }).development, true)
  assert.equal(readConfig(open).development, false)
  assert.equal(
    readConfig({ VALISE_SMTP_URL: 'smtp://localhost:1025', VALISE_MAIL_FROM: 'a@b.example' }).development,
    false,
  )
})

test('every setting is also read from a file, without the line end that editors add', () => {
  const values = Object.entries({
    PORT: '9000',
    PUBLIC_URL: 'https://other.example',
    KEYRING: '{"version":1}',
    SMTP_URL: 'smtps://valise:secret@mail.example',
  })
  for (const [name, text] of values) {
    const given = { ...open, [`VALISE_${name}`]: text }
    const path = file(name, `${text}\r\n`)
    const fromFile = { ...open, [`VALISE_${name}`]: undefined, [`VALISE_${name}_FILE`]: path }
    assert.deepEqual(readConfig(fromFile), readConfig(given), name)
  }
})

test('a file with a secret that others may read is refused; other settings may be public', () => {
  for (const mode of [0o644, 0o640, 0o604]) {
    for (const name of ['KEYRING', 'SMTP_URL']) {
      const path = file('open', 'smtp://mail.example')
      chmodSync(path, mode)
      assert.deepEqual(mistakesOf({ [`VALISE_${name}_FILE`]: path, VALISE_MAIL_FROM: 'a@b.example' }), [
        `VALISE_${name}_FILE: ${path} is open to other users of this machine; run chmod 600 on it`,
      ])
    }
  }
  const path = file('port', '9000')
  chmodSync(path, 0o644)
  assert.equal(readConfig({ VALISE_PORT_FILE: path }).port, 9000)
})

test('a setting and its file, a file that is not there, a folder: mistakes that name the setting', () => {
  const path = file('port', '9000')
  assert.match(
    mistakesOf({ VALISE_PORT: '9000', VALISE_PORT_FILE: path })[0] ?? '',
    /^VALISE_PORT and VALISE_PORT_FILE/,
  )
  for (const wrong of [join(folder, 'nowhere'), folder]) {
    assert.deepEqual(mistakesOf({ VALISE_PORT_FILE: wrong }), [`VALISE_PORT_FILE: ${wrong} cannot be read`])
  }
  assert.match(mistakesOf({ VALISE_PORT_FILE: file('bad', 'x') })[0] ?? '', /^VALISE_PORT is "x"; accepted is a port/)
})

test('a name that no setting has is a mistake: a typo must not leave a default in force', () => {
  for (const name of ['VALISE_PROT', 'VALISE_', 'VALISE_PORT_', 'VALISE_PORT_FILE_FILE', 'VALISE_port']) {
    assert.match(mistakesOf({ [name]: 'x' })[0] ?? '', new RegExp(`^${name} is not a setting`), name)
  }
  assert.deepEqual(mistakesOf({ VALISE_CORPUS: '/srv', VALISEN: 'x', PATH: '/bin' }), [])
})

test('no mistake repeats a secret, nor does what is shown of the settings in force', () => {
  const secret = 'hunter22hunter22'
  const env = {
    VALISE_KEYRING_FILE: file('keyring', ''),
    VALISE_SMTP_URL: `smtp://valise:${secret}@mail.example?tls=${secret}`,
    VALISE_DATABASE_URL: `postgres://valise:${secret}@db/valise`,
    VALISE_STORAGE_URL: `s3://${secret}@bucket`,
    VALISE_PUBLIC_URL: `https://valise:${secret}@valise.example`,
  }
  const mistakes = mistakesOf(env)
  assert.equal(mistakes.length, 5, mistakes.join('\n'))
  assert.doesNotMatch(mistakes.join('\n'), new RegExp(secret))
  const shown = describeConfig({ ...env, VALISE_KEYRING: secret, VALISE_KEYRING_FILE: undefined })
  assert.doesNotMatch(JSON.stringify(shown), new RegExp(secret))
  assert.deepEqual(shown.find(({ name }) => name === 'VALISE_KEYRING')?.value, '(set)')
})
