import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { ana, bob, fileOf, openAuditLog } from '../../test/audit-log.ts'
import type { Db } from '../db/schema.ts'
import { createAudit } from './append.ts'
import { person, personal } from './event.ts'
import type { NewEvent } from './kinds.ts'
import { leafOf } from './leaf.ts'

const MINUTE = 60_000
const rotated: NewEvent = { kind: 'keys.rotated', actor: null, data: { from: 'a', to: 'b', files: 3 } }

const events = (db: Db) => db.read.selectFrom('audit_events').selectAll().orderBy('seq').execute()

test('an event is stored with its leaf, its disclosures and the columns that lists filter by', async t => {
  const { db, audit, clock } = await openAuditLog(t)
  const file = fileOf(ana)
  const { id, seq } = await db.write(tx =>
    audit.append(tx, { kind: 'link.revoked', actor: bob, file, data: { link: 'LinkLinkLinkLinkLinkLA' } }),
  )
  assert.equal(seq, 1)
  const [row] = await events(db)
  assert.ok(row)
  const { entry, leaf, ...columns } = row
  assert.deepEqual(
    { ...columns },
    { seq: 1, id, at: clock.now, kind: 'link.revoked', actor_id: bob.id, file_id: file.id, owner_id: ana.id },
  )
  assert.deepEqual(Buffer.from(leaf), leafOf(entry))
  const opened = await db.read.selectFrom('audit_disclosures').selectAll().where('event_id', '=', id).execute()
  assert.deepEqual(opened.map(({ path }) => path).sort(), [
    '/actor/email',
    '/actor/id',
    '/actor/name',
    '/subject/name',
    '/subject/owner',
  ])
})

test('numbers have no gaps: a transaction that fails gives its number back', async t => {
  const { db, audit } = await openAuditLog(t)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 40 }, (_, i) =>
      db.write(async tx => {
        const { seq } = await audit.append(tx, rotated)
        if (i % 3 === 0) throw new Error('the change was refused')
        return seq
      }),
    ),
  )
  const given = outcomes.filter(outcome => outcome.status === 'fulfilled').map(({ value }) => value)
  assert.deepEqual(
    given,
    Array.from({ length: 26 }, (_, i) => i + 1),
  )
  assert.deepEqual(
    (await events(db)).map(({ seq }) => seq),
    given,
  )
})

test('nothing is recorded once the transaction has ended', async t => {
  const { db, audit } = await openAuditLog(t)
  const ended = await db.write(async tx => {
    await audit.append(tx, rotated)
    return { tx }
  })
  await assert.rejects(audit.append(ended.tx, rotated), /ended/)
  assert.equal((await events(db)).length, 1)
})

test('several events of one transaction follow each other', async t => {
  const { db, audit } = await openAuditLog(t)
  await db.write(async tx => {
    await audit.append(tx, rotated)
    await audit.append(tx, { kind: 'account.disabled', actor: ana, subject: person(bob) })
  })
  assert.deepEqual(
    (await events(db)).map(({ seq, kind }) => [seq, kind]),
    [
      [1, 'keys.rotated'],
      [2, 'account.disabled'],
    ],
  )
})

test('thousands of personal values in one event are all kept', async t => {
  const { db, audit } = await openAuditLog(t)
  const added = Array.from({ length: 10_000 }, (_, i) => ({
    id: personal(`${i}`),
    email: personal(`${i}@example.com`),
  }))
  await db.write(tx =>
    audit.append(tx, {
      kind: 'group.members_changed',
      actor: null,
      subject: { group: 'GroupGroupGroupGroupGA', name: personal('All') },
      data: { added, removed: [] },
    }),
  )
  const { rows } = await db.read
    .selectFrom('audit_disclosures')
    .select(eb => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  assert.equal(rows, 20_001)
})

test('refusals: one event per account, kind and ten minutes; the rest only count', async t => {
  const { db, audit, clock } = await openAuditLog(t)
  const refuse = (account: typeof ana | typeof bob) =>
    db.write(tx =>
      audit.refused(tx, {
        kind: 'session.refused',
        actor: null,
        subject: person(account),
        data: { reason: 'password' },
        account: account.id,
      }),
    )
  const first = await refuse(bob)
  assert.equal(first.count, 1)
  clock.now += 10 * MINUTE - 1
  const many = await Promise.all(Array.from({ length: 200 }, () => refuse(bob)))
  assert.deepEqual(many.at(-1), { id: first.id, count: 201 })
  assert.equal((await events(db)).length, 1)

  const other = await refuse(ana)
  assert.notEqual(other.id, first.id)
  clock.now += 1
  assert.equal((await refuse(bob)).count, 1)
  assert.deepEqual(
    (await events(db)).map(({ seq, actor_id }) => [seq, actor_id]),
    [
      [1, bob.id],
      [2, ana.id],
      [3, bob.id],
    ],
  )
})

test('a refusal of another kind has its own window', async t => {
  const { db, audit } = await openAuditLog(t)
  await db.write(async tx => {
    const file = fileOf(ana)
    await audit.refused(tx, { kind: 'file.refused', actor: ana, file, data: { findings: ['macros'] }, account: ana.id })
    await audit.refused(tx, {
      kind: 'session.refused',
      actor: null,
      subject: person(ana),
      data: { reason: 'password' },
      account: ana.id,
    })
  })
  assert.equal((await events(db)).length, 2)
})

// Never run: these are for the compiler, which fails where an expected error is missing.
export const wrongCallsDoNotCompile = async (tx: Parameters<ReturnType<typeof createAudit>['append']>[0]) => {
  const { append, refused } = createAudit({ random: randomBytes, now: () => 0 })
  const file = { id: '', owner: '', name: '' }
  // @ts-expect-error an unknown kind
  await append(tx, { kind: 'file.eaten', actor: null, file })
  // @ts-expect-error a file event without its file
  await append(tx, { kind: 'file.deleted', actor: null })
  // @ts-expect-error a personal field given openly
  await append(tx, { kind: 'group.created', actor: null, subject: { group: 'g', name: 'Board' } })
  // @ts-expect-error data that this kind does not have
  await append(tx, { kind: 'account.enabled', actor: null, subject: person(ana), data: { by: 'ana' } })
  // @ts-expect-error data of another kind
  await append(tx, { kind: 'link.revoked', actor: bob, file, data: { download: 'd' } })
  // @ts-expect-error who did it must be said, if only as null
  await append(tx, { kind: 'keys.rotated', data: { from: '', to: '', files: 0 } })
  // @ts-expect-error refusals are counted, never appended
  await append(tx, { kind: 'session.refused', actor: null, subject: person(ana), data: { reason: 'x' } })
  // @ts-expect-error whose window it counts in must be said
  await refused(tx, { kind: 'session.refused', actor: null, subject: person(ana), data: { reason: 'x' } })
}
