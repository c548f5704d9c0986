import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Answer, Client } from '../../client.ts'
import { holdsNoneOf, type Oracle, watch } from '../../gauntlet-oracle.ts'
import { setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { byToken, cases, mailbox, open, pages } from './10-cases.ts'
import { actors, type Case, FOREIGN, type World } from './10-making.ts'
import { each, enlist, enter, isProblem, type Person, signUpOnly } from './cast.ts'

const pathOf = (route: string): string => route.split(' ')[1] ?? ''

type Actor = (typeof actors)[number]

let server: TestServer
let oracle: Oracle
let world: World
let cast: Record<Actor, { client: Client; person?: Person }>

before(async () => {
  server = await startServer()
  const admin = await setUpAdmin(server).then(() => enter(server, 'ops', 'admin@firm.example'))
  const [client, ops, owner, receiver, goneClient, goneOps] = await Promise.all([
    enlist(server, 'client', 'carl@customer.example'),
    enlist(server, 'ops', 'otto@firm.example'),
    enlist(server, 'ops', 'olga@firm.example', { name: `${FOREIGN} Olga` }),
    enlist(server, 'client', 'rita@customer.example', { name: `${FOREIGN} Rita` }),
    enlist(server, 'client', 'gone@customer.example'),
    enlist(server, 'ops', 'gone@firm.example', { admin: true }),
  ])
  for (const [door, { id }] of [
    ['clients', goneClient],
    ['team', goneOps],
  ] as const) {
    const disabled = await admin.client.patch(`/api/v1/ops/${door}/${id}`, { disabled: true })
    assert.equal(disabled.status, 200, disabled.text)
  }
  let count = 0
  world = { server, admin, owner, receiver, fresh: word => `${word}-${++count}` }
  const as = (person: Person) => ({ client: person.client, person })
  cast = {
    anonymous: { client: server.client() },
    unverified: { client: await signUpOnly(server, 'una@customer.example') },
    client: as(client),
    ops: as(ops),
    admin: as(admin),
    disabledClient: as(goneClient),
    disabledOps: as(goneOps),
  }
  oracle = watch(server)
})
after(() => server.stop())

const webIsBuilt = async () => (await server.client().get('/')).status === 200

/** `METHOD path`, once each. A plugin registers `/docs` for HEAD only and `/docs/` for both: Fastify serves both by both. */
const registered = () => [...new Set([...routes(), 'GET /docs'])]
const routes = () =>
  server.app.http.routeTable.flatMap(({ method, url }) => [method].flat().map(one => `${one} ${url}`))

test('every registered route is listed here, and every listed one is registered', () => {
  const gets = [...pages, ...mailbox].map(path => `GET ${path}`)
  const listed = [...cases.map(({ route }) => route), ...byToken.map(({ route }) => route), ...open, ...gets]
  // A HEAD is its GET without the body: it must exist wherever GET does, and is tried below with every GET.
  const heads = listed.filter(route => route.startsWith('GET ')).map(route => route.replace('GET', 'HEAD'))
  const expected = new Set([...listed, ...heads])
  const found = new Set(registered())
  assert.deepEqual([...found].filter(route => !expected.has(route)).sort(), [], 'registered, but not listed')
  assert.deepEqual([...expected].filter(route => !found.has(route)).sort(), [], 'listed, but not there')
})

const ask = async ({ route }: Case, actor: Actor, made: Awaited<ReturnType<Case['make']>>, method?: string) => {
  const { client } = cast[actor]
  return client.request(made.path, {
    method: method ?? route.split(' ', 1)[0] ?? '',
    json: made.json,
    body: made.form,
    headers: made.headers,
    token: made.token,
  })
}

const letThrough = (answer: Answer, what: string): void => {
  assert.ok(answer.status >= 200 && answer.status < 300, `${what} is let through: ${answer.status} ${answer.text}`)
}

for (const one of cases) {
  const expectations = one.expect.split(' ')
  test([one.route, one.what].filter(Boolean).join(', '), async () => {
    const methods = one.route.startsWith('GET ') ? ['GET', 'HEAD'] : [undefined]
    // The same things are refused to all: a refusal that changed them would show in the next one's snapshot too.
    const refused = actors.filter((_, index) => /^\d+$/.test(expectations[index] ?? ''))
    const made = refused.length > 0 ? await one.make(world, undefined) : undefined
    if (made !== undefined) {
      await oracle.unchanged(one.route, async () => {
        for (const actor of refused) {
          const status = Number(expectations[actors.indexOf(actor)])
          for (const method of methods) {
            const what = `${one.route} ${method ?? ''} by ${actor}`
            const answer = await ask(one, actor, { ...made, token: undefined }, method)
            if (method === 'HEAD' || one.route.startsWith('HEAD ')) assert.equal(answer.status, status, what)
            else isProblem(answer, status, what)
            holdsNoneOf(answer, [FOREIGN, 'rita@', 'olga@'], what)
          }
        }
      })
    }
    for (const [index, actor] of actors.entries()) {
      if (expectations[index] !== 'ok') continue
      const mine = await one.make(world, cast[actor].person)
      for (const method of methods) letThrough(await ask(one, actor, mine, method), `${one.route} by ${actor}`)
    }
  })
}

test('what needs a secret refuses everybody without it, whoever they are', async () => {
  for (const { route, json, status } of byToken) {
    const [method = '', path = ''] = route.split(' ')
    await oracle.unchanged(route, async () => {
      for (const actor of actors) {
        const what = `${route} by ${actor}`
        isProblem(await cast[actor].client.request(path, { method, json }), status, what)
      }
    })
  }
})

test('a method that a path does not have is 405 for everybody, and changes nothing', async () => {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']
  const paths = new Map<string, string>()
  for (const one of cases) {
    const url = pathOf(one.route)
    if (!paths.has(url)) paths.set(url, (await one.make(world, undefined)).path)
  }
  for (const route of [...byToken.map(({ route }) => route), ...open]) paths.set(pathOf(route), pathOf(route))
  for (const url of pages) if (!/[*:]/.test(url)) paths.set(url, url)
  const known = new Set(registered())
  await oracle.unchanged('a wrong method', () =>
    each([...paths], async ([url, path]) => {
      const allowed = methods.filter(method => known.has(`${method} ${url}`)).sort()
      for (const method of methods.filter(one => !allowed.includes(one))) {
        // What anybody may see is the same for all: one of them is enough there.
        for (const actor of pages.includes(url) ? (['admin'] as const) : actors) {
          const what = `${method} ${path} by ${actor}`
          const answer = await cast[actor].client.request(path, { method })
          if (method === 'HEAD') assert.equal(answer.status, 405, what)
          else isProblem(answer, 405, what)
          assert.deepEqual(answer.headers.get('allow')?.split(', ').sort(), allowed, what)
        }
      }
    }),
  )
})

test('no answer of 500, no connection away', async () => {
  const built = await webIsBuilt()
  // Without a build there are no pages to show; they say so with 503.
  oracle.verify(line => !built && line.endsWith(' 503') && !line.includes('/api/'))
})
