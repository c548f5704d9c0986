import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PASSWORD } from '../../people.ts'
import { refused } from '../problem.ts'
import { ask, eventually, openWorld, stall, type World } from './world.ts'

const SIZE = 24_000_000
let world: World
let headers: Record<string, string>
const signIn = async () => {
  const { email, server } = world
  const answer = await server.client().post('/api/v1/client/login', { email, password: PASSWORD })
  return { authorization: `Bearer ${answer.body.access_token}` }
}
before(async () => {
  world = await openWorld({ size: SIZE })
  headers = await signIn()
})
after(() => world.stop())

const single = () => world.link({ single_use: true })
const allowanceOf = (path: string) => {
  const [row] = world.sql('select allowance, spent_at from links order by created_at desc limit 1')
  assert.ok(path)
  return { allowance: Number(row?.allowance), spent: row?.spent_at !== null }
}

test('used whole, it is spent', async () => {
  const path = await single()
  assert.equal((await ask(world.server.url, path, { headers })).status, 200)
  await eventually(() => allowanceOf(path).spent)
  refused(await ask(world.server.url, path, { headers }), 404, 'not_found')
  assert.equal((await ask(world.server.url, path, { method: 'HEAD', headers })).status, 404)
  const links = await world.clara.get('/api/v1/client/links')
  assert.deepEqual(links.body.items, [])
})

test('used in pieces, it is spent with the last one, and only then', async () => {
  const path = await single()
  const get = (range: string) => ask(world.server.url, path, { headers: { ...headers, range } })
  assert.equal((await get('bytes=0-99')).status, 206)
  assert.equal((await get('bytes=200-')).status, 206)
  assert.equal(allowanceOf(path).spent, false)
  assert.equal((await get('bytes=100-199')).status, 206)
  await eventually(() => allowanceOf(path).spent)
  refused(await get('bytes=0-0'), 404, 'not_found')
})

test('another session of the same client cannot join in', async () => {
  const path = await single()
  assert.equal((await ask(world.server.url, path, { headers: { ...headers, range: 'bytes=0-0' } })).status, 206)
  refused(await ask(world.server.url, path, { headers: await signIn() }), 404, 'not_found')
})

test('what was reserved and not sent comes back', async () => {
  const path = await single()
  const before = allowanceOf(path).allowance
  assert.equal(before, 2 * SIZE + 1024 * 1024)
  const stalled = await stall(world.server.url, path, headers)
  assert.equal(stalled.status, 200)
  stalled.destroy()
  await eventually(() => world.server.app.links.running() === 0)
  const [row] = world.sql('select bytes_sent from downloads order by started_at desc limit 1')
  const used = before - allowanceOf(path).allowance
  assert.ok(used >= Number(row?.bytes_sent) && used <= Number(row?.bytes_sent) + 1024 * 1024, String(used))
})

test('a newer request ends the older and goes on alone', async () => {
  const path = await single()
  const stalled = await stall(world.server.url, path, headers)
  const whole = await ask(world.server.url, path, { headers })
  assert.ok(world.document.equals(whole.body))
  assert.equal((await stalled.drain()).complete, false)
})

test('it never sends more than its allowance, however often it is broken off', async () => {
  const path = await single()
  let received = 0
  for (let i = 0; i < 20; i++) {
    const stalled = await stall(world.server.url, path, { ...headers, range: `bytes=0-${SIZE - 2}` })
    const drained = await stalled.drain()
    if (stalled.status !== 206) break
    received += drained.received
  }
  assert.ok(received > SIZE - 1 && received <= 2 * SIZE + 1024 * 1024, String(received))
  await eventually(() => allowanceOf(path).spent)
  refused(await ask(world.server.url, path, { headers }), 404, 'not_found')
})
