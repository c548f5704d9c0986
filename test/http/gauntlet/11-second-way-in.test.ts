import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { type Oracle, watch } from '../../gauntlet-oracle.ts'
import { PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { enlist, enter, linkTo, type Person, upload } from './cast.ts'
import { type Shot, volley } from './volley.ts'

let server: TestServer
let oracle: Oracle
let admin: Person
let client: Person
let link: string
let secrets: string[]

before(async () => {
  server = await startServer()
  await setUpAdmin(server)
  admin = await enter(server, 'ops', 'admin@firm.example')
  client = await enlist(server, 'client', 'clara@customer.example')
  link = await linkTo(client.client, await upload(admin.client, 'Accounts.docx', { clients: [client.id] }))
  await client.client.post('/api/v1/client/password/forgot', { email: client.email })
  const browser = server.client()
  const login = { email: admin.email, password: PASSWORD, transport: 'cookie' }
  await browser.post('/api/v1/ops/login', login, { headers: browser.browser })
  const { body: sessions } = await admin.client.get('/api/v1/ops/sessions')
  const claims = JSON.parse(Buffer.from(admin.token.split('.')[1] ?? '', 'base64url').toString())
  // Everything else that this installation gives out or prints: none of it is a session.
  secrets = [
    link.split('/').at(-1) ?? '',
    (await server.lastMail(client.email)).token ?? '',
    server.setupToken,
    server.mailboxSecret,
    browser.cookies.get('valise-device-ops') ?? '',
    claims.sid,
    ...sessions.items.map((one: { id: string }) => one.id),
    admin.id,
    PASSWORD,
    admin.email,
    ...[
      'admin',
      'root',
      'null',
      'undefined',
      'true',
      '0',
      '-',
      '*',
      '.',
      '..',
      'a.b.c',
      `${admin.token}.`,
      `.${admin.token}`,
    ],
  ]
  oracle = watch(server)
})
after(() => server.stop())

const base64 = (text: string) => Buffer.from(text).toString('base64')
const guarded = ['/api/v1/ops/me', '/api/v1/ops/files', '/api/v1/ops/team', '/api/v1/client/me', '/api/v1/client/files']

/** Schemes of the IANA registry and those that products have had beside them, each with the best that one could put there. */
const schemes = (): string[] => {
  const { email, token } = admin
  const pair = base64(`${email}:${PASSWORD}`)
  const signed = createHmac('sha256', PASSWORD).update(email).digest('hex')
  const date = '20260101'
  return [
    `Basic ${pair}`,
    `basic ${pair}`,
    `Basic ${base64(`${email}:${token}`)}`,
    `Basic ${base64(`${token}:`)}`,
    `Basic ${base64(`:${token}`)}`,
    `Basic ${base64('admin:admin')}`,
    `Digest username="${email}", realm="valise", nonce="x", uri="/", response="${signed}"`,
    // CrushFTP 2025-31161: the mere presence of an S3 credential with a name in it signed that name in.
    `AWS4-HMAC-SHA256 Credential=${email}/${date}/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${signed}`,
    `AWS4-HMAC-SHA256 Credential=${email}/`,
    'AWS4-HMAC-SHA256 Credential=crushadmin/',
    `AWS ${email}:${signed}`,
    `Negotiate ${base64('NTLMSSP\0')}`,
    `NTLM ${base64(email)}`,
    `Kerberos ${base64(email)}`,
    `HOBA result="${signed}"`,
    `Mutual user="${email}"`,
    `OAuth oauth_token="${token}"`,
    `DPoP ${token}`,
    `GNAP ${token}`,
    `PrivateToken token="${token}"`,
    `SCRAM-SHA-256 data="${base64(`n,,n=${email},r=x`)}"`,
    `vapid t=${token}, k=x`,
    `Concealed a=${token}`,
    ...[
      'Token',
      'ApiKey',
      'Api-Key',
      'JWT',
      'JWE',
      'Session',
      'SharedKey',
      'Hawk',
      'Signature',
      'Macaroon',
      'Internal',
      'Service',
      'Bot',
    ].flatMap(scheme => [`${scheme} ${token}`, `${scheme} token=${token}`, `${scheme} ${pair}`]),
    token,
    `"${token}"`,
    `Bearer`,
    `Bearer `,
    `Bearer: ${token}`,
    `Bearer=${token}`,
    `Bearer,${token}`,
    `Bearer "${token}"`,
    `Bearer  ${token}`,
    `Bearer\t${token}`,
    `Bearer ${token} x`,
    `Bearer ${token},`,
    `Bearer x, Bearer ${token}`,
    `Bearer ${token}, Basic ${pair}`,
    `Basic x, Bearer ${token}`,
    `Bearer Bearer ${token}`,
    `Bearer%20${token}`,
    `BearerX ${token}`,
    `Bearer ${base64(token)}`,
    `Bearer ${encodeURIComponent(`${token}=`)}`,
    `Bearer ${token.toUpperCase()}`,
    `Bearer ${token.split('.').slice(0, 2).join('.')}.`,
    `Bearer ${token.slice(0, -1)}`,
  ]
}

/** Headers in which a proxy, a gateway or another product would carry who somebody is. */
const carriers = [
  ...[
    'X-Auth-Token',
    'X-Access-Token',
    'X-Api-Key',
    'Api-Key',
    'Token',
    'X-Session',
    'X-Session-Id',
    'Session',
    'X-Token',
  ],
  ...[
    'Proxy-Authorization',
    'X-Authorization',
    'Authentication',
    'WWW-Authenticate',
    'X-Amz-Security-Token',
    'X-CSRF-Token',
  ],
]
const names = [
  ...[
    'X-Forwarded-User',
    'X-Remote-User',
    'Remote-User',
    'REMOTE_USER',
    'X-User',
    'X-User-Id',
    'X-User-Email',
    'X-Email',
  ],
  ...[
    'X-Forwarded-Email',
    'X-Forwarded-Preferred-Username',
    'X-WebAuth-User',
    'X-Authenticated-User',
    'X-Authenticated-Userid',
  ],
  ...[
    'X-Goog-Authenticated-User-Email',
    'Cf-Access-Authenticated-User-Email',
    'X-MS-CLIENT-PRINCIPAL-NAME',
    'Tailscale-User-Login',
  ],
  ...[
    'Ssl-Client-S-Dn',
    'X-SSL-Client-CN',
    'X-Client-Cert',
    'X-Forwarded-Client-Cert',
    'From',
    'X-Role',
    'X-Admin',
    'X-Internal',
  ],
]
const cookieNames = [
  'token',
  'access_token',
  'session',
  'sid',
  'jwt',
  'auth',
  'Authorization',
  'connect.sid',
  'CrushAuth',
  'valise',
  'valise_ops',
].concat([
  'valise-OPS',
  'VALISE-OPS',
  'valise-ops-',
  'valise-device-ops',
  '__Host-valise-ops',
  '__Secure-valise-ops',
  'valise-admin',
])

const expect401 = async (what: string, shots: Shot[]): Promise<void> => {
  await oracle.unchanged(what, () =>
    volley(server.url, shots, ({ status, text }, { path, headers }) => {
      assert.equal(status, 401, `${path} ${JSON.stringify(headers)}: ${text.slice(0, 200)}`)
      assert.match(text, /"code":"unauthenticated"/)
      assert.equal(text.includes(admin.email), false)
    }),
  )
}

test('the token itself works: what follows is refused for how it comes', async () => {
  for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
    const { status } = await server
      .client()
      .get('/api/v1/ops/me', { headers: { authorization: `${scheme} ${admin.token}` } })
    assert.equal(status, 200, scheme)
  }
})

test('no scheme of Authorization but Bearer gives an identity', async () => {
  const shots = schemes().flatMap(authorization =>
    [...guarded, link].map(path => ({ method: 'GET', path, headers: { Authorization: authorization } })),
  )
  await expect401('a scheme', shots)
})

test('no other secret of the house is a session', async () => {
  const shots = secrets
    .filter(secret => secret !== '')
    .flatMap(secret =>
      [...guarded, link].flatMap((path): Shot[] => [
        { method: 'GET', path, headers: { Authorization: `Bearer ${secret}` } },
        { method: 'GET', path, headers: { Cookie: `valise-ops=${secret}; valise-client=${secret}` } },
      ]),
    )
  await expect401('a secret', shots)
})

test('no other header and no other cookie carries an identity', async () => {
  const tokens = [admin.token, client.token]
  await expect401('a header', [
    ...guarded.flatMap(path =>
      carriers.flatMap(name =>
        [...tokens, ...tokens.map(token => `Bearer ${token}`)].map(value => ({
          method: 'GET',
          path,
          headers: { [name]: value },
        })),
      ),
    ),
    ...guarded.flatMap(path =>
      names.flatMap(name =>
        [admin.email, admin.id, 'admin', 'true'].map(value => ({ method: 'GET', path, headers: { [name]: value } })),
      ),
    ),
    ...guarded.flatMap(path =>
      cookieNames.map(name => ({ method: 'GET', path, headers: { Cookie: `${name}=${admin.token}` } })),
    ),
  ])
})

test('nothing in the URL carries an identity', async () => {
  const parameters = [
    'access_token',
    'token',
    'jwt',
    'auth',
    'session',
    'sid',
    'api_key',
    'user',
    'authorization',
    'u',
    'c2f',
  ]
  const shots = guarded.flatMap(path =>
    parameters
      .map(name => ({ method: 'GET', path: `${path}?${name}=${admin.token}` }))
      .concat([
        { method: 'GET', path: `${path};token=${admin.token}` },
        { method: 'GET', path: `${path}/${admin.token}` },
      ]),
  )
  await oracle.unchanged('a URL', () =>
    volley(server.url, shots, ({ status, text }, { path }) => {
      assert.ok([401, 404, 405].includes(status), `${path} ${status} ${text.slice(0, 200)}`)
    }),
  )
})

test('the session of one door is none at the other, however it comes', async () => {
  const cross: [Person, string][] = [
    [admin, '/api/v1/client/me'],
    [client, '/api/v1/ops/me'],
  ]
  for (const [{ token, role }, path] of cross) {
    assert.equal((await server.client().get(path, { token })).status, 403)
    const other = role === 'ops' ? 'client' : 'ops'
    assert.equal((await server.client().get(path, { headers: { cookie: `valise-${other}=${token}` } })).status, 403)
    assert.equal((await server.client().get(path, { headers: { cookie: `valise-${role}=${token}` } })).status, 401)
  }
})

test('two credentials are none', async () => {
  for (const authorization of [`Bearer ${admin.token}`, 'Bearer x', 'Basic x', '']) {
    const answer = await server
      .client()
      .get('/api/v1/ops/me', { headers: { authorization, cookie: `valise-ops=${admin.token}` } })
    assert.equal(answer.status, 400, authorization)
    assert.equal(answer.body.code, 'invalid_request')
  }
})

test('two Authorization headers are none, in either order', async () => {
  const { host, port } = new URL(server.url)
  for (const pair of [
    ['Bearer x', `Bearer ${admin.token}`],
    [`Bearer ${admin.token}`, 'Bearer x'],
    [`Bearer ${admin.token}`, `Bearer ${client.token}`],
  ]) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = ['host', host, ...pair.flatMap(value => ['authorization', value])]
      const asked = request({ host: '127.0.0.1', port, path: '/api/v1/ops/me', headers, agent: false }, response => {
        response.resume()
        resolve(response.statusCode)
      })
      asked.on('error', reject)
      asked.end()
    })
    assert.equal(status, 400)
  }
})

test('what overrides the method is not looked at', async () => {
  const { body: group } = await admin.client.post('/api/v1/ops/groups', { name: 'Stays' })
  const path = `/api/v1/ops/groups/${group.id}`
  await oracle.unchanged('an override', async () => {
    for (const header of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', '_method'])
      for (const method of ['GET', 'POST'] as const) {
        const answer = await admin.client.request(`${path}`, { method, headers: { [header]: 'DELETE' } })
        assert.equal(answer.status, method === 'GET' ? 200 : 405, header)
      }
  })
})

test('no answer of 500, no connection away', () => oracle.verify())
