import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import type { Actor } from '../../server/accounts/policy.ts'
import type { Db } from '../../server/db/schema.ts'
import { AppError } from '../../server/errors.ts'
import { createEvents } from '../../server/events/events.ts'
import { ana, bob, fileOf, omar, openAuditLog } from '../audit-log.ts'

const log = pino({ level: 'silent' })
const more = { epoch: 0, session: { id: 'session', created_at: 0, expires_at: 0 } }
const actors = {
  admin: { ...ana, admin: true, ...more },
  ops: { ...omar, admin: false, ...more },
  client: { ...bob, admin: false, ...more },
} satisfies Record<string, Actor>

type Options = { db?: (real: Db) => Db; bounds?: Parameters<typeof createEvents>[0]['bounds']; who?: Actor }

/** The feature over a log of its own, without the network: every session lives, and Bob's list is what `list` says. */
const setUp = async (
  t: Parameters<typeof openAuditLog>[0],
  { db = real => real, bounds, who = actors.ops }: Options = {},
) => {
  let closeLog = async (): Promise<void> => {}
  const opened = await openAuditLog({
    after: close => {
      closeLog = close
    },
  })
  const list = { print: 'one', asked: 0 }
  const events = createEvents({
    db: db(opened.db),
    log,
    liveSessions: async ids => new Map(ids.map(id => [id, who])),
    printOf: async () => {
      list.asked++
      return list.print
    },
    bounds: { lookEvery: 20, ...bounds },
  })
  t.after(async () => {
    await events.close()
    await closeLog()
  })
  const revoke = (owner: typeof omar | typeof ana, n: number) =>
    opened.db.write(tx =>
      opened.audit.append(tx, { kind: 'link.revoked', actor: bob, file: fileOf(owner, n), data: { link: `${n}` } }),
    )
  const withdraw = () =>
    opened.db.write(tx =>
      opened.audit.append(tx, { kind: 'file.withdrawn', actor: omar, file: fileOf(omar), data: { everyone: true } }),
    )
  return { ...opened, events, list, revoke, withdraw }
}

/** Reads until the text so far passes. */
const read = async (stream: AsyncIterable<Buffer>, enough: (text: string) => boolean): Promise<string> => {
  let text = ''
  for await (const chunk of stream) {
    text += String(chunk)
    if (enough(text)) return text
  }
  return text
}

test('a quiet line is kept open by comments', async t => {
  const { events } = await setUp(t, { bounds: { heartbeat: 50 } })
  const text = await read(await events.open(actors.ops), so => so.split('\n:\n').length > 2)
  assert.equal(text, 'retry: 3000\n: hello\n\n:\n\n:\n\n')
})

test('what happened before, nobody is told', async t => {
  const { events, revoke } = await setUp(t)
  await revoke(omar, 1)
  const stream = await events.open(actors.ops)
  await revoke(omar, 2)
  const text = await read(stream, so => so.includes('data'))
  assert.equal(text.split('\n\n').at(1), `event: file\ndata: {"file":"${fileOf(omar, 2).id}","kind":"link.revoked"}`)
})

for (const [name, silent] of [
  ['fails', () => Promise.reject(new Error('no database'))],
  ['never answers', () => new Promise<never>(() => {})],
] as const) {
  test(`every stream ends when the database ${name} for three seconds`, async t => {
    let broken = false
    const { events } = await setUp(t, {
      db: real => ({
        ...real,
        get read() {
          // A statement that is asked for stands for all of them.
          return broken ? { ...real.read, selectFrom: () => answering(silent) } : real.read
        },
      }),
    })
    const stream = await events.open(actors.ops)
    broken = true
    const began = performance.now()
    const text = await read(stream, so => so.includes('event: end'))
    const took = performance.now() - began
    assert.ok(text.endsWith('event: end\ndata: {}\n\n'))
    assert.ok(took > 2900 && took < 4500, `${took} ms`)
  })
}

// biome-ignore lint/suspicious/noExplicitAny: stands for a query of any shape
const answering = (answer: () => Promise<never>): any =>
  new Proxy({}, { get: (_, name) => (/^execute/.test(String(name)) ? answer : () => answering(answer)) })

test('when more happened than is told, everybody looks again', async t => {
  const { events, db, audit } = await setUp(t, { bounds: { lookEvery: 50 } })
  const stream = await events.open(actors.ops)
  await db.write(async tx => {
    for (let n = 0; n < 1200; n++)
      await audit.append(tx, { kind: 'link.revoked', actor: bob, file: fileOf(omar, n), data: { link: `${n}` } })
  })
  const text = await read(stream, so => so.includes('data'))
  assert.equal(text, 'retry: 3000\n: hello\n\nevent: reset\ndata: {}\n\n')
})

test('a reader that takes nothing gets nothing more, and is told so afterwards', async t => {
  const { events, db, audit } = await setUp(t)
  const stream = await events.open(actors.ops)
  // Nobody reads: what waits stays bounded, round after round.
  let most = 0
  for (let round = 0; round < 20; round++) {
    const before = stream.readableLength
    await db.write(async tx => {
      for (let n = 0; n < 200; n++)
        await audit.append(tx, { kind: 'link.revoked', actor: bob, file: fileOf(omar, n), data: { link: `${n}` } })
    })
    for (let looks = 0; looks < 200 && stream.readableLength === before; looks++)
      await new Promise(resolve => setImmediate(resolve))
    most = Math.max(most, stream.readableLength)
  }
  assert.ok(most > 16 * 1024, 'it is behind')
  assert.ok(most < 128 * 1024, `${most} bytes wait`)
  assert.match(await read(stream, so => so.includes('reset')), /event: reset/)
})

test('a client is told when the list is another one, at most once a second', async t => {
  const { events, list, withdraw, revoke } = await setUp(t, { who: actors.client })
  const stream = await events.open(actors.client)
  const heard: number[] = []
  stream.on('data', chunk => {
    if (String(chunk).includes('event: files')) heard.push(performance.now())
  })
  const until = async (count: number) => {
    const deadline = performance.now() + 5000
    while (heard.length < count) {
      assert.ok(performance.now() < deadline, `told ${heard.length} times`)
      await new Promise(resolve => setImmediate(resolve))
    }
  }
  await withdraw()
  list.print = 'two'
  await withdraw()
  await until(1)
  list.print = 'three'
  await revoke(omar, 1)
  await until(2)
  const [first = 0, second = 0] = heard
  assert.ok(second - first > 990, `${second - first} ms`)
  stream.destroy()
})

test('a look at the list is shared by the streams of one client, and not had for what changes nobody’s list', async t => {
  const { events, list, db, audit } = await setUp(t, { who: actors.client })
  const streams = [await events.open(actors.client), await events.open(actors.client)]
  assert.equal(list.asked, 1)
  const other = { ...bob, id: 'CydCydCydCydCydCydCydA' }
  await db.write(async tx => {
    await audit.append(tx, { kind: 'link.revoked', actor: other, file: fileOf(omar), data: { link: '1' } })
    await audit.append(tx, { kind: 'keys.destroyed', actor: null, data: { key: 'k' } })
  })
  await db.write(tx =>
    audit.append(tx, { kind: 'file.withdrawn', actor: omar, file: fileOf(omar), data: { everyone: true } }),
  )
  for (const deadline = performance.now() + 5000; list.asked === 1; ) {
    assert.ok(performance.now() < deadline)
    await new Promise(resolve => setImmediate(resolve))
  }
  assert.equal(list.asked, 2)
  for (const stream of streams) stream.destroy()
})

test('places: of a session, of an account, of the process; and none once it is closed', async t => {
  const { events } = await setUp(t, { bounds: { perSession: 2, perAccount: 3, perProcess: 4 } })
  const refused = (code: string) => (error: unknown) => error instanceof AppError && error.code === code
  const as = (session: string, who: Actor = actors.ops) => ({ ...who, session: { ...who.session, id: session } })
  const first = await events.open(as('a'))
  await events.open(as('a'))
  await assert.rejects(events.open(as('a')), refused('too_many_requests'))
  await events.open(as('b'))
  await assert.rejects(events.open(as('c')), refused('too_many_requests'))
  await events.open(as('d', actors.admin))
  await assert.rejects(events.open(as('e', actors.admin)), refused('unavailable'))
  first.destroy()
  await new Promise(resolve => first.once('close', resolve))
  await events.open(as('a'))
  await events.close()
  assert.equal(events.count(), 0)
  await assert.rejects(events.open(as('a')), refused('unavailable'))
})
