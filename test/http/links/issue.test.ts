import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { joinClient } from '../../people.ts'
import { refused } from '../problem.ts'
import { eventually, openWorld, pathOf, type World } from './world.ts'

let world: World
before(async () => {
  world = await openWorld({ size: 50_000 })
})
after(() => world.stop())

const secondsFromNow = (time: string) => (Date.parse(time) - Date.now()) / 1000
const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 5, `${actual} ${expected}`)

test('a link lives as long as asked, ten minutes by default, a day at most', async () => {
  const { clara, file, issue } = world
  near(secondsFromNow((await issue(clara, file)).body.expires_at), 600)
  near(secondsFromNow((await issue(clara, file, { expires_in: 1 })).body.expires_at), 1)
  near(secondsFromNow((await issue(clara, file, { expires_in: 86_400 })).body.expires_at), 86_400)
  for (const expires_in of [0, -1, 1.5, 86_401, '60', null, 1e99])
    refused(await issue(clara, file, { expires_in }), 400, 'invalid_request')
  refused(await issue(clara, file, { expires: 5 }), 400, 'invalid_request')
  refused(await issue(clara, file, { single_use: 'yes' }), 400, 'invalid_request')
})

test('a body is not needed', async () => {
  const { clara, file, server } = world
  const link = await clara.post(`/api/v1/client/files/${file}/link`)
  assert.equal(link.status, 201, link.text)
  assert.equal(link.body.message, 'success')
  assert.match(link.body.id, /^[A-Za-z0-9_-]{22}$/)
  assert.ok(link.body.download_link.startsWith(`${server.url}/download/`))
})

test('an expired link is a 404 like any other', async () => {
  const { clara, file, issue } = world
  const path = pathOf(await issue(clara, file, { expires_in: 1 }))
  assert.equal((await clara.get(path)).status, 200)
  await eventually(async () => (await clara.request(path, { method: 'HEAD' })).status === 404)
  refused(await clara.get(path), 404, 'not_found')
})

test('a link never outlives its file, and an expired file gets none', async () => {
  const { clara, issue, sql, upload } = world
  const id = await upload('Short-lived.docx')
  sql('update files set expires_at = ? where id = ?', Date.now() + 60_000, id)
  const link = await issue(clara, id, { expires_in: 3600 })
  near(secondsFromNow(link.body.expires_at), 60)
  sql('update files set expires_at = ? where id = ?', Date.now() - 1, id)
  refused(await clara.get(pathOf(link)), 404, 'not_found')
  refused(await issue(clara, id), 404, 'not_found')
})

test('no link for what is not there for this client', async () => {
  const { clara, issue, ops, server, file, sql, upload } = world
  refused(await issue(clara, 'AAAAAAAAAAAAAAAAAAAAAA'), 404, 'not_found')
  refused(await issue(clara, 'x'), 404, 'not_found')
  refused(await issue(await joinClient(server, 'dora@elsewhere.example'), file), 404, 'not_found')
  refused(await issue(ops, file), 403, 'forbidden')
  refused(await issue(server.client(), file), 401, 'unauthenticated')
  const pending = await upload('Pending.docx')
  sql(`update files set status = 'pending' where id = ?`, pending)
  refused(await issue(clara, pending), 404, 'not_found')
})

test('issuing is recorded with the link and its end', async () => {
  const { clara, file, issue, events } = world
  const link = await issue(clara, file, { single_use: true })
  const [event] = events('link.issued').filter(({ data }) => data.link === link.body.id)
  assert.equal(event.subject.file, file)
  assert.deepEqual(event.data, { link: link.body.id, expires_at: link.body.expires_at, single_use: true })
})

test('a client lists and revokes live links, only their own', async () => {
  const { clara, issue, server, upload } = world
  const id = await upload('Listed.docx')
  const first = await issue(clara, id, { single_use: true })
  const second = await issue(clara, id)
  const list = async () => (await clara.get('/api/v1/client/links?limit=200')).body.items
  const mine = (await list()).filter((link: { file: { id: string } }) => link.file.id === id)
  assert.deepEqual(
    mine.map((link: { id: string }) => link.id),
    [second.body.id, first.body.id],
  )
  assert.deepEqual(mine[1], {
    id: first.body.id,
    file: { id, name: 'Listed.docx' },
    expires_at: first.body.expires_at,
    single_use: true,
    spent_at: null,
    revoked_at: null,
  })
  const inPages: unknown[] = []
  let cursor = ''
  do {
    const page = await clara.get(`/api/v1/client/links?limit=1${cursor}`)
    inPages.push(...page.body.items)
    cursor = page.body.next_cursor === null ? '' : `&cursor=${page.body.next_cursor}`
  } while (cursor)
  assert.deepEqual(inPages, await list())
  refused(await clara.get('/api/v1/client/links?cursor=x'), 400, 'invalid_request')

  const erik = await joinClient(server, 'erik@elsewhere.example')
  assert.deepEqual((await erik.get('/api/v1/client/links')).body, { items: [], next_cursor: null })
  refused(await erik.delete(`/api/v1/client/links/${first.body.id}`), 404, 'not_found')

  assert.equal((await clara.delete(`/api/v1/client/links/${first.body.id}`)).status, 204)
  refused(await clara.delete(`/api/v1/client/links/${first.body.id}`), 404, 'not_found')
  refused(await clara.get(pathOf(first)), 404, 'not_found')
  assert.equal((await clara.get(pathOf(second))).status, 200)
  assert.equal(
    (await list()).some((link: { id: string }) => link.id === first.body.id),
    false,
  )
  assert.equal(world.events('link.revoked').length, 1)
})
