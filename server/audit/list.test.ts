import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { ana, bob, fileOf, omar, openAuditLog } from '../../test/audit-log.ts'
import { person } from './event.ts'
import { eventsQuery, listAudit, repeatsQuery, sinceQuery } from './list.ts'

const HOUR = 3_600_000
type Log = Awaited<ReturnType<typeof openAuditLog>>

const upload = ({ db, audit }: Log, owner: typeof ana | typeof omar, n: number) =>
  db.write(tx =>
    audit.append(tx, {
      kind: 'file.uploaded',
      actor: owner,
      file: fileOf(owner, n),
      data: { type: 'docx', size: n, findings: [], scan: 'not_scanned' },
    }),
  )
const start = ({ db, audit }: Log, owner: typeof ana | typeof omar, n: number) =>
  db.write(tx =>
    audit.append(tx, {
      kind: 'file.download_started',
      actor: bob,
      file: fileOf(owner, n),
      data: { download: 'd', link: 'l' },
    }),
  )

/** Ten events, an hour apart: files 0-4 uploaded by Ana and Omar in turn, then fetched by Bob. */
const tenEvents = async (log: Log) => {
  for (const event of [upload, start]) {
    for (let n = 0; n < 5; n++) {
      await event(log, n % 2 === 0 ? ana : omar, n)
      log.clock.now += HOUR
    }
  }
}

test('events come newest first, disclosed', async t => {
  const log = await openAuditLog(t)
  await tenEvents(log)
  const events = await listAudit(log.db.read, { limit: 50 })
  assert.deepEqual(
    events.map(({ seq }) => seq),
    [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
  )
  const { id, ...first } = events.at(-1) ?? assert.fail()
  assert.match(id, /^[A-Za-z0-9_-]{22}$/)
  assert.deepEqual(first, {
    seq: 1,
    at: '2026-01-01T00:00:00.000Z',
    kind: 'file.uploaded',
    actor: { id: ana.id, role: 'ops', email: ana.email, name: ana.name },
    subject: { file: fileOf(ana, 0).id, owner: ana.id, name: 'Report 0.docx', sha256: '00'.repeat(32) },
    data: { type: 'docx', size: 0, findings: [], scan: 'not_scanned' },
    count: 1,
  })
})

test('every combination of filters gives exactly the events that pass each of them', async t => {
  const log = await openAuditLog(t)
  await tenEvents(log)
  const all = await listAudit(log.db.read, { limit: 50 })
  const since = Date.UTC(2026, 0, 1) + 4 * HOUR - 1
  let compared = 0
  for (const kind of [undefined, 'file.uploaded', 'keys.rotated'])
    for (const actors of [undefined, [ana.id], [ana.id, bob.id], []])
      for (const file of [undefined, fileOf(ana, 2).id, fileOf(omar, 1).id])
        for (const owner of [undefined, ana.id])
          for (const from of [undefined, since])
            for (const before of [undefined, 7]) {
              const expected = all.filter(
                event =>
                  (kind === undefined || event.kind === kind) &&
                  (actors === undefined || actors.some(actor => actor === event.actor?.id)) &&
                  (file === undefined || event.subject?.file === file) &&
                  (owner === undefined || event.subject?.owner === owner) &&
                  (from === undefined || Date.parse(event.at) >= from) &&
                  (before === undefined || event.seq < before),
              )
              const filter = { kind, actors, file, owner, since: from, before, limit: 50 }
              assert.deepEqual(await listAudit(log.db.read, filter), expected, JSON.stringify(filter))
              compared += expected.length
            }
  assert.ok(compared > 100)
})

test('the limit holds over several actors together', async t => {
  const log = await openAuditLog(t)
  await tenEvents(log)
  const events = await listAudit(log.db.read, { actors: [ana.id, bob.id], limit: 6 })
  assert.deepEqual(
    events.map(({ seq }) => seq),
    [10, 9, 8, 7, 6, 5],
  )
})

test('a time after the last event gives none', async t => {
  const log = await openAuditLog(t)
  await tenEvents(log)
  assert.deepEqual(await listAudit(log.db.read, { since: log.clock.now, limit: 50 }), [])
})

test('an erased value is null; the rest stays', async t => {
  const log = await openAuditLog(t)
  await start(log, ana, 1)
  await log.db.write(tx =>
    tx.deleteFrom('audit_disclosures').where('path', 'in', ['/actor/id', '/actor/email', '/actor/name']).execute(),
  )
  const [event] = await listAudit(log.db.read, { limit: 1 })
  assert.deepEqual(event?.actor, { id: null, role: 'client', email: null, name: null })
  assert.equal(event?.subject?.name, 'Report 1.docx')
})

test('a value that was put in place of the recorded one is not shown', async t => {
  const log = await openAuditLog(t)
  await start(log, ana, 1)
  await log.db.write(tx =>
    tx
      .updateTable('audit_disclosures')
      .set({ value: '"mallory@example.com"' })
      .where('path', '=', '/actor/email')
      .execute(),
  )
  const [event] = await listAudit(log.db.read, { limit: 1 })
  assert.equal(event?.actor?.email, null)
})

test('a refusal says how often it happened, and is found by the account it was about', async t => {
  const log = await openAuditLog(t)
  await log.db.write(async tx => {
    for (let i = 0; i < 3; i++)
      await log.audit.refused(tx, {
        kind: 'session.refused',
        actor: null,
        subject: person(bob),
        data: { reason: 'password' },
        account: bob.id,
      })
  })
  const events = await listAudit(log.db.read, { actors: [bob.id], limit: 50 })
  assert.deepEqual(
    events.map(({ kind, count }) => [kind, count]),
    [['session.refused', 3]],
  )
})

test('every list reads through one index, in order, whatever the filters', async t => {
  const { db, path } = await openAuditLog(t)
  const database = new DatabaseSync(path, { readOnly: true })
  t.after(async () => database.close())
  const planOf = (query: { compile: () => { sql: string; parameters: readonly unknown[] } }): string => {
    const { sql, parameters } = query.compile()
    const values = parameters.map(value => (typeof value === 'number' ? value : String(value)))
    const rows = database.prepare(`explain query plan ${sql}`).all(...values)
    return rows.map(({ detail }) => String(detail)).join('; ')
  }
  const page = { from: 1, before: 900, limit: 51 }
  const [file, actor, owner, kind] = [fileOf(ana).id, bob.id, ana.id, 'file.delivered']
  const plans = {
    none: planOf(eventsQuery(db.read, page)),
    kind: planOf(eventsQuery(db.read, { ...page, kind })),
    owner: planOf(eventsQuery(db.read, { ...page, owner })),
    'owner kind': planOf(eventsQuery(db.read, { ...page, owner, kind })),
    'actor owner kind': planOf(eventsQuery(db.read, { ...page, actor, owner, kind })),
    'file actor owner kind': planOf(eventsQuery(db.read, { ...page, file, actor, owner, kind })),
    'file kind': planOf(eventsQuery(db.read, { ...page, file, kind })),
    since: planOf(sinceQuery(db.read, 1)),
    repeats: planOf(repeatsQuery(db.read, ['a', 'b'])),
  }
  const by = (index: string, what: string) => `SEARCH audit_events USING INDEX audit_events_by_${index} (${what})`
  assert.deepEqual(plans, {
    none: 'SEARCH audit_events USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)',
    kind: by('kind', 'kind=? AND seq>? AND seq<?'),
    owner: by('owner', 'owner_id=? AND seq>? AND seq<?'),
    'owner kind': by('owner', 'owner_id=? AND seq>? AND seq<?'),
    'actor owner kind': by('actor', 'actor_id=? AND seq>? AND seq<?'),
    'file actor owner kind': by('file', 'file_id=? AND seq>? AND seq<?'),
    'file kind': by('file', 'file_id=? AND seq>? AND seq<?'),
    since: 'SEARCH audit_events USING COVERING INDEX audit_events_by_time (at>?)',
    repeats: 'SEARCH audit_repeats USING INDEX audit_repeats_by_event (event_id=?)',
  })
})
