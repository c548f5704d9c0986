import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { joinClient, PASSWORD } from '../../people.ts'
import { refused } from '../problem.ts'
import { ask, eventually, openWorld, sha256, visible, type World } from './world.ts'

let world: World
let browser: Client
before(async () => {
  world = await openWorld()
  browser = world.server.client()
  const signedIn = await browser.post(
    '/api/v1/client/login',
    { email: world.email, password: PASSWORD, transport: 'cookie' },
    { headers: browser.browser },
  )
  assert.equal(signedIn.status, 200, signedIn.text)
})
after(() => world.stop())

/** As the signed-in browser would, header for header. */
const visit = (path: string, headers: Record<string, string>) => ask(world.server.url, path, { headers, as: browser })
const stranger = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  ask(world.server.url, path, { headers, method })

const navigate = { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none', accept: 'text/html,*/*' }

test('both transports get the exact bytes with every header that protects them', async () => {
  const { document, clara } = world
  const path = await world.link()
  for (const answer of [await clara.get(path), await visit(path, navigate)]) {
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.body, document)
    const headers = Object.fromEntries(answer.headers)
    assert.equal(headers['content-length'], String(document.length))
    assert.equal(headers['content-type'], 'application/vnd.openxmlformats-officedocument.wordprocessingml.document')
    assert.equal(headers.etag, `"${sha256(document)}"`)
    assert.equal(headers['accept-ranges'], 'bytes')
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.match(headers['content-security-policy'] ?? '', /sandbox/)
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(
      headers['content-disposition'],
      `attachment; filename="Annual accounts.docx"; filename*=UTF-8''Annual%20accounts.docx`,
    )
  }
})

test('ranges, at the edges of segments too', async () => {
  const { document, clara } = world
  const path = await world.link()
  const size = document.length
  const cases: [string, number, number][] = [
    ['bytes=0-0', 0, 0],
    ['bytes=65503-65504', 65503, 65504],
    ['bytes=65504-131007', 65504, 131007],
    ['bytes=1-', 1, size - 1],
    ['bytes=-1', size - 1, size - 1],
    [`bytes=${size - 10}-${size + 10}`, size - 10, size - 1],
  ]
  for (const [range, first, last] of cases) {
    const answer = await clara.get(path, { headers: { range } })
    assert.equal(answer.status, 206, range)
    assert.equal(answer.headers.get('content-range'), `bytes ${first}-${last}/${size}`)
    assert.deepEqual(answer.body, document.subarray(first, last + 1), range)
  }
  for (const range of ['bytes=0-1,4-5', 'lines=1-2', 'bytes=9-1']) {
    const answer = await clara.get(path, { headers: { range } })
    assert.equal(answer.status, 200, range)
    assert.equal(answer.body.length, size)
  }
  const beyond = await clara.get(path, { headers: { range: `bytes=${size}-` } })
  refused(beyond, 416, 'range_not_satisfiable')
  assert.equal(beyond.headers.get('content-range'), `bytes */${size}`)
})

test('conditions: an unchanged file is not sent again, a changed one not continued', async () => {
  const { clara, document } = world
  const path = await world.link()
  const etag = `"${sha256(document)}"`
  const unchanged = await clara.get(path, { headers: { 'if-none-match': etag } })
  assert.equal(unchanged.status, 304)
  assert.equal(unchanged.text, '')
  assert.equal(unchanged.headers.get('etag'), etag)
  const same = await clara.get(path, { headers: { range: 'bytes=5-9', 'if-range': etag } })
  assert.equal(same.status, 206)
  const other = await clara.get(path, { headers: { range: 'bytes=5-9', 'if-range': '"other"' } })
  assert.equal(other.status, 200)
})

test('HEAD, 304 and 416 leave no trace and cost nothing', async () => {
  const { clara, document } = world
  const path = await world.link({ single_use: true })
  const before = world.sql('select count(*) as n from downloads')[0]?.n
  const head = await clara.request(path, { method: 'HEAD', headers: { range: 'bytes=0-4' } })
  assert.equal(head.status, 200)
  assert.equal(head.headers.get('content-length'), String(document.length))
  assert.equal(head.headers.get('etag'), `"${sha256(document)}"`)
  assert.match(head.headers.get('content-disposition') ?? '', /^attachment/)
  await clara.get(path, { headers: { 'if-none-match': '*' } })
  await clara.get(path, { headers: { range: 'bytes=999999999-' } })
  assert.equal(world.sql('select count(*) as n from downloads')[0]?.n, before)
  assert.equal((await clara.get(path)).status, 200)
})

test('every bad token and every other session gets one identical 404', async () => {
  const { clara, server, ops } = world
  const path = await world.link()
  const [before, after] = [path.slice(0, 60), path.slice(61)]
  const expected = visible(await clara.get('/download/x'))
  const bad = [
    `${before}${path[60] === 'A' ? 'B' : 'A'}${after}`,
    `${path}A`,
    path.slice(0, -1),
    `${path}=`,
    `${path}/`,
    `${path}/x`,
    `/download/${'A'.repeat(513)}`,
    `/download/${'A'.repeat(5000)}`,
    '/download/%',
    '/download/%zz',
    '/download/%E0%A4%A',
    `/download/${encodeURIComponent('../../etc/passwd')}`,
    '/download/',
  ]
  for (const one of bad) assert.equal(visible(await clara.get(one)), expected, one)
  assert.equal(JSON.parse(expected).status, 404)
  const dora = await joinClient(server, 'dora@elsewhere.example')
  assert.equal(visible(await dora.get(path)), expected, 'another client')
  assert.equal(visible(await ops.get(path)), expected, 'ops')
  const head = await dora.request(path, { method: 'HEAD' })
  assert.equal(head.status, 404)
  // The refusals of a known account are one event each and count.
  await eventually(() => world.events('file.download_refused').length === 2)
})

test('without a session: 401 before the token is looked at, a navigation goes to the sign-in page and back', async () => {
  const path = await world.link()
  const forged = { authorization: 'Bearer not.a.token' }
  for (const one of [path, '/download/x', '/download/%zz', `/download/${'A'.repeat(600)}`]) {
    refused(await stranger(one), 401, 'unauthenticated')
    refused(await stranger(one, forged), 401, 'unauthenticated')
    assert.equal((await stranger(one, {}, 'HEAD')).status, 401)
  }
  for (const headers of [navigate, { accept: 'text/html' }]) {
    const sent = await stranger(path, headers)
    assert.equal(sent.status, 303)
    assert.equal(sent.headers.get('location'), `/sign-in#${path}`)
    assert.equal(sent.headers.get('cache-control'), 'no-store')
  }
  const odd = await stranger('/download/%0d%0aset-cookie:x', navigate)
  assert.equal(odd.headers.get('location'), '/sign-in#/download/-')
  refused(await stranger(path, { ...forged, ...navigate }), 401, 'unauthenticated')
})

test('two credentials are refused', async () => {
  const path = await world.link()
  const both = await visit(path, { authorization: 'Bearer x.y.z' })
  refused(both, 400, 'invalid_request')
})

test('what another site makes a browser send counts only as a navigation', async () => {
  const path = await world.link()
  for (const site of ['cross-site', 'same-site']) {
    for (const mode of ['no-cors', 'cors', 'same-origin']) {
      const answer = await visit(path, { 'sec-fetch-site': site, 'sec-fetch-mode': mode })
      assert.equal(answer.status, 401, `${site} ${mode}`)
    }
    assert.equal((await visit(path, { 'sec-fetch-site': site })).status, 401, site)
    const clicked = await visit(path, { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' })
    assert.equal(clicked.status, 200, site)
  }
})

test('a browser that guesses redeems nothing', async () => {
  const path = await world.link({ single_use: true })
  const before = world.sql('select count(*) as n from downloads')[0]?.n
  for (const purpose of ['prefetch', 'prefetch;prerender', 'prefetch;anonymous-client-ip']) {
    const answer = await visit(path, { ...navigate, 'sec-purpose': purpose })
    assert.equal(answer.status, 503)
    assert.ok(answer.headers.get('retry-after'))
  }
  assert.equal(world.sql('select count(*) as n from downloads')[0]?.n, before)
})

test('other methods are not allowed', async () => {
  const path = await world.link()
  const answer = await world.clara.request(path, { method: 'POST' })
  refused(answer, 405, 'method_not_allowed')
  assert.equal(answer.headers.get('allow'), 'GET, HEAD')
})
