import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import packageJson from '../../../package.json' with { type: 'json' }
import { holdsNoneOf, type Oracle, watch } from '../../gauntlet-oracle.ts'
import { everyAnswer, openWorld, type Seen } from './answers.ts'
import { each, isProblem } from './cast.ts'

let world: Awaited<ReturnType<typeof openWorld>>
let oracle: Oracle
let seen: Seen[]
before(async () => {
  world = await openWorld()
  oracle = watch(world.server)
  seen = await everyAnswer(world)
})
after(() => world?.server.stop())

/** Where other products show what they should not, and where files lie that a careless server hands out. */
const paths = [
  ...[
    'debug',
    'debug/pprof',
    'debug/vars',
    '_debug',
    'trace',
    'status',
    'server-status',
    'server-info',
    'info',
    'phpinfo.php',
  ],
  ...[
    'env',
    '.env',
    '.env.local',
    'config',
    'config.json',
    'config.yml',
    'settings',
    'actuator',
    'actuator/env',
    'console',
  ],
  ...[
    'metrics',
    'stats',
    'health',
    'version',
    'api/version',
    'api/v1/version',
    'api/v1',
    'api',
    'graphql',
    'graphiql',
    'swagger',
  ],
  ...[
    'swagger.json',
    'api-docs',
    'v2/api-docs',
    'admin',
    'administrator',
    'manager/html',
    'jmx-console',
    'wp-admin',
    'setup.php',
  ],
  ...[
    '.git/HEAD',
    '.git/config',
    '.svn/entries',
    '.hg/hgrc',
    '.DS_Store',
    '.npmrc',
    '.htpasswd',
    '.ssh/id_rsa',
    '.well-known/',
  ],
  ...[
    'package.json',
    'package-lock.json',
    'node_modules/fastify/package.json',
    'server/main.ts',
    'server/config.ts',
    'dist',
    'web',
  ],
  ...[
    'data',
    'data/keyring.json',
    'keyring.json',
    'valise.sqlite',
    'data/valise.sqlite',
    'valise.sqlite-wal',
    'blobs',
    'mail',
    'backup',
  ],
  ...[
    'log',
    'logs',
    'logs/error.log',
    'npm-debug.log',
    'core',
    'heapdump',
    'heap.heapsnapshot',
    'report.json',
    '__inspect',
    'json/list',
  ],
  ...[
    'owncloud/apps/graphapi/vendor/microsoft/microsoft-graph/tests/GetPhpInfo.php',
    'telescope',
    'horizon',
    '_profiler',
    'rails/info',
  ],
  ...[
    'elmah.axd',
    'trace.axd',
    'web.config',
    'WEB-INF/web.xml',
    'META-INF/MANIFEST.MF',
    'cgi-bin/test-cgi',
    'solr',
    'jenkins',
    'kibana',
  ],
].map(path => `/${path}`)

/** Spellings by which a guard on a path is walked around. */
const spellings = (path: string): string[] => [
  path,
  `${path}/`,
  path.toUpperCase(),
  `/.${path}`,
  `//${path.slice(1)}`,
  `/assets/..%2f..${path.replaceAll('/', '%2f')}`,
  `/docs/static/..%2f..%2f..${path.replaceAll('/', '%2f')}`,
  `${path}%00.html`,
  `${path};a=b`,
  `${path}~`,
  `${path}.bak`,
]

const root = fileURLToPath(new URL('../../../', import.meta.url))
const { dependencies } = packageJson

/** What nobody outside may learn: where and on what this runs, and every secret of this installation. */
const telling = () => {
  const { server, by } = world
  const keyring = JSON.parse(readFileSync(join(server.dataDir, 'keyring.json'), 'utf8'))
  const secrets = keyring.keys.map((key: { secret: string }) => key.secret)
  return [
    ...[root, server.dataDir, homedir(), hostname(), process.execPath, process.version, process.versions.v8].filter(
      text => text.length > 3 && text !== 'localhost',
    ),
    ...[process.versions.openssl, 'node_modules', 'fastify', 'kysely', 'sqlite', 'argon2', 'stack'],
    ...[...secrets, keyring.ledger.d, server.setupToken, server.mailboxSecret, by.admin?.token ?? ''].filter(Boolean),
    process.env.PATH ?? 'no path',
  ]
}

test('nothing is where other products show themselves', async () => {
  const urls = [...new Set(paths.flatMap(spellings))]
  assert.ok(urls.length > 800)
  await oracle.unchanged('looking around', () =>
    each(urls, async url => {
      // Whole, as `//x` alone would be another host.
      const answer = await world.server.client().get(world.server.url + url)
      isProblem(answer, 404, url)
      holdsNoneOf(answer, telling(), url)
    }),
  )
})

test('no answer of any kind names the program, its versions or its place', () => {
  const versions = Object.values(dependencies).map(range => range.replace(/^\D/, ''))
  for (const { what, answer } of seen) {
    // Tokens to whom they belong, and the text of Swagger UI, are not ours to read for this.
    if (/by |static|part of the docs/.test(what)) {
      for (const name of answer.headers.keys())
        assert.doesNotMatch(name, /^(server|via|x-powered-by|x-(aspnet|runtime|version|debug).*)$/)
      continue
    }
    holdsNoneOf(answer, telling(), what)
    holdsNoneOf(answer, [`"${packageJson.version}"`, ...versions.map(version => `"${version}"`)], what)
    assert.doesNotMatch(answer.text, /\bat (async )?[\w.<>]+ \(|\.ts:\d+|Error:/, what)
  }
})

test('the API document says what the contract is and not which release runs', async () => {
  for (const path of ['/openapi.json', '/docs/json']) {
    const { body } = await world.server.client().get(path)
    assert.equal(body.info.version, '1', path)
  }
})

test('a bug is an opaque number', async () => {
  const { server, by } = world
  // The one table that no foreign key needs, gone: what a broken installation answers.
  await server.db.write(async tx => {
    await tx.schema.alterTable('invitations').renameTo('hidden').execute()
  })
  const answer = await by.admin?.client.get('/api/v1/ops/invitations')
  await server.db.write(async tx => {
    await tx.schema.alterTable('hidden').renameTo('invitations').execute()
  })
  if (!answer) throw new Error('nobody asked')
  isProblem(answer, 500, 'a bug')
  holdsNoneOf(answer, [...telling(), 'invitations', 'no such table'], 'a bug')
  assert.match(answer.body.instance, /^[A-Za-z0-9_-]{22}$/)
  assert.deepEqual(
    oracle.failures().filter(line => line.endsWith(' 500')),
    ['GET /api/v1/ops/invitations 500'],
  )
})

test('no connection away', () => {
  // Prefetches are put off with 503; the 500 was ours; without a build there are no pages.
  oracle.verify(line => / 50[03]$/.test(line))
})
