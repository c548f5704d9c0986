import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { ana, bob, fileOf, omar, openAuditLog } from '../../test/audit-log.ts'
import type { Actor } from '../accounts/policy.ts'
import { createCookies } from '../http/cookies.ts'
import { createHttp } from '../http/create.ts'
import { openDoor } from '../http/doors.ts'
import { person } from './event.ts'
import { auditRoutes } from './routes.ts'

const HOUR = 3_600_000
const publicUrl = new URL('http://localhost:8080')
const more = { epoch: 0, session: { id: 's', created_at: 0, expires_at: 0 } }
const people: Record<string, Actor> = {
  admin: { ...ana, admin: true, ...more },
  ops: { ...omar, admin: false, ...more },
  client: { ...bob, admin: false, ...more },
}

/** A server with this one route behind the real door, over a log of: Ana's file 1, Omar's files 2 and 3, Bob verified. */
const setUp = async (t: Parameters<typeof openAuditLog>[0]) => {
  const { db, audit, clock } = await openAuditLog(t)
  for (const [owner, n] of [
    [ana, 1],
    [omar, 2],
    [omar, 3],
  ] as const) {
    await db.write(tx =>
      audit.append(tx, { kind: 'link.revoked', actor: bob, file: fileOf(owner, n), data: { link: `link${n}` } }),
    )
    clock.now += HOUR
  }
  await db.write(tx => audit.append(tx, { kind: 'account.verified', actor: null, subject: person(bob) }))

  const app = await createHttp({
    publicUrl,
    trustedProxies: [],
    log: pino({ level: 'silent' }),
    newId: () => 'request',
    mapError: () => undefined,
  })
  t.after(async () => {
    await app.close()
  })
  const resolveActor = async (text: string) =>
    [ana, omar, bob].filter(({ id, email }) => [id, email].some(it => it === text)).map(({ id }) => id)
  openDoor(app, {
    role: 'ops',
    cookies: createCookies({ publicUrl }),
    authenticate: async token => people[token],
    routes: scope => auditRoutes(scope, { db, resolveActor }),
  })
  const get = async (query = '', as = 'admin') => {
    const response = await app.inject({
      url: `/api/v1/ops/audit${query}`,
      headers: { host: publicUrl.host, authorization: `Bearer ${as}` },
    })
    return { status: response.statusCode, body: response.json() }
  }
  const seqs = async (query: string, as?: string): Promise<number[]> => {
    const { status, body } = await get(query, as)
    assert.equal(status, 200, JSON.stringify(body))
    return body.items.map((item: { seq: number }) => item.seq)
  }
  return { get, seqs }
}

test('an admin reads the whole log, whole', async t => {
  const { get } = await setUp(t)
  const { status, body } = await get()
  assert.equal(status, 200)
  assert.equal(body.next_cursor, null)
  const [newest, revoked] = body.items
  const { id: _, ...verified } = newest
  assert.deepEqual(verified, {
    seq: 4,
    at: '2026-01-01T03:00:00.000Z',
    kind: 'account.verified',
    actor: null,
    subject: { id: bob.id, role: 'client', email: bob.email, name: bob.name },
    data: {},
    count: 1,
  })
  assert.deepEqual(revoked.actor, { id: bob.id, role: 'client', email: bob.email, name: bob.name })
  assert.deepEqual(revoked.subject, {
    file: fileOf(omar, 3).id,
    owner: omar.id,
    name: 'Report 3.docx',
    sha256: '03'.repeat(32),
  })
  assert.deepEqual(revoked.data, { link: 'link3' })
})

test('other ops read events about their own files only, whatever they ask for; clients none', async t => {
  const { get, seqs } = await setUp(t)
  assert.deepEqual(await seqs('', 'ops'), [3, 2])
  assert.deepEqual(await seqs('?kind=account.verified', 'ops'), [])
  assert.deepEqual(await seqs(`?file=${fileOf(ana, 1).id}`, 'ops'), [])
  assert.deepEqual(await seqs(`?actor=${bob.email}`, 'ops'), [3, 2])
  assert.equal((await get('', 'client')).status, 403)
  assert.equal((await get('', 'nobody')).status, 401)
})

test('filters: kind, actor by id or address, file, since, and all at once', async t => {
  const { seqs } = await setUp(t)
  assert.deepEqual(await seqs('?kind=link.revoked'), [3, 2, 1])
  assert.deepEqual(await seqs(`?actor=${bob.id}`), [3, 2, 1])
  assert.deepEqual(await seqs(`?actor=${encodeURIComponent(bob.email)}`), [3, 2, 1])
  assert.deepEqual(await seqs('?actor=nobody@example.com'), [])
  assert.deepEqual(await seqs(`?file=${fileOf(omar, 2).id}`), [2])
  assert.deepEqual(await seqs('?since=2026-01-01T01:00:00Z'), [4, 3, 2])
  assert.deepEqual(await seqs('?since=2026-01-01T03:00:00.001%2B01:00'), [4])
  const query = `?kind=link.revoked&actor=${bob.id}&since=2026-01-01T00:00:00.001Z&file=${fileOf(omar, 3).id}`
  assert.deepEqual(await seqs(query), [3])
})

test('pages follow each other without gap or repeat', async t => {
  const { get } = await setUp(t)
  const seen: number[] = []
  let query = '?limit=3'
  for (let page = 0; page < 2; page++) {
    const { body } = await get(query)
    seen.push(...body.items.map((item: { seq: number }) => item.seq))
    query = `?limit=3&cursor=${body.next_cursor}`
    assert.equal(body.next_cursor === null, page === 1)
  }
  assert.deepEqual(seen, [4, 3, 2, 1])
})

test('a query that is not understood is refused, naming the parameter', async t => {
  const { get } = await setUp(t)
  const bad = [
    ['kind', 'file.eaten'],
    ['file', 'x'],
    ['actor', 'neither'],
    ['since', 'yesterday'],
    ['since', '2026-02-30T00:00:00Z'],
    ['cursor', 'x'],
    ['cursor', Buffer.from('[1,"4"]').toString('base64url')],
    ['limit', '0'],
    ['limit', '201'],
    ['owner', ana.id],
  ] as const
  for (const [name, value] of bad) {
    const { status, body } = await get(`?${name}=${value}`)
    assert.equal(status, 400, name)
    assert.equal(body.code, 'invalid_request')
    assert.equal(body.errors[0].where, name)
  }
})
