import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { everyAnswer, openWorld, type Seen } from './answers.ts'

/** Parts of pages, the same for everybody who asks: all that may be kept by a cache between. */
const forEverybody = /^(a part of the docs$|GET \/(docs\/static|assets)\/)/

let world: Awaited<ReturnType<typeof openWorld>>
let seen: Seen[]
before(async () => {
  world = await openWorld()
  seen = await everyAnswer(world)
})
after(() => world?.server.stop())

test('nothing that is anybody’s may be stored anywhere on the way', () => {
  let personal = 0
  for (const { what, answer } of seen) {
    if (forEverybody.test(what) && answer.status < 300) continue
    personal++
    assert.equal(answer.headers.get('cache-control'), 'no-store', `${what}: ${answer.status}`)
    for (const header of ['expires', 'age', 'last-modified', 'surrogate-control', 'cdn-cache-control'])
      assert.equal(answer.headers.get(header), null, `${what} has no ${header}`)
  }
  assert.ok(personal > 150, `${personal} answers`)
})

test('what may be stored sets no cookie and does not depend on who asks', async () => {
  const admin = world.by.admin?.client
  for (const path of ['/docs/static/swagger-ui.css', '/docs/static/index.html', '/openapi.json', '/', '/sign-in']) {
    const anonymous = await world.server.client().get(path)
    const known = await admin?.get(path)
    assert.equal(anonymous.headers.get('set-cookie'), null, path)
    const nonce = /[A-Za-z0-9_-]{43}/g
    assert.equal(known?.text.replaceAll(nonce, ''), anonymous.text.replaceAll(nonce, ''), path)
  }
})

test('two who ask the same of a personal address get each their own', async () => {
  const { client, admin } = world.by
  const other = world.world.receiver
  const urls = ['/api/v1/client/me', '/api/v1/client/files', '/api/v1/client/links', '/api/v1/client/sessions']
  for (const url of urls) {
    const [mine, theirs, again] = [
      await client?.client.get(url),
      await other.client.get(url),
      await client?.client.get(url),
    ]
    assert.equal(mine?.status, 200)
    assert.equal(again?.text, mine?.text)
    assert.equal(theirs.text.includes(client?.id ?? '-'), false, url)
  }
  assert.notEqual(admin, undefined)
})
