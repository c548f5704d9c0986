import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ana, bob, fileOf, openAuditLog } from '../../test/audit-log.ts'
import type { Tx } from '../db/schema.ts'
import { person } from './event.ts'
import { canonical } from './json.ts'
import { leafOf } from './leaf.ts'
import { verifyAudit } from './verify.ts'

/** A log of `count` events of several shapes. */
const filled = async (t: Parameters<typeof openAuditLog>[0], count: number) => {
  const log = await openAuditLog(t)
  const { audit } = log
  await log.db.write(async tx => {
    for (let n = 1; n <= count; n++) {
      const by = { ...bob, ip: '192.0.2.7', user_agent: 'curl/8' }
      if (n % 3 === 0)
        await audit.append(tx, { kind: 'link.revoked', actor: by, file: fileOf(ana, n), data: { link: `link${n}` } })
      else if (n % 3 === 1) await audit.append(tx, { kind: 'account.enabled', actor: null, subject: person(bob) })
      else {
        const account = `Account${n}`
        await audit.refused(tx, {
          kind: 'session.refused',
          actor: null,
          subject: person({ ...bob, id: account }),
          data: { reason: 'password' },
          account,
        })
      }
    }
  })
  return log
}

test('an untouched log is in order, however long', async t => {
  const { db } = await filled(t, 1100)
  assert.deepEqual(await verifyAudit(db.read), { ok: true, events: 1100 })
})

test('an empty log is in order', async t => {
  const { db } = await openAuditLog(t)
  assert.deepEqual(await verifyAudit(db.read), { ok: true, events: 0 })
})

test('erasing what is disclosed is no fault', async t => {
  const { db } = await filled(t, 12)
  await db.write(tx => tx.deleteFrom('audit_disclosures').execute())
  assert.deepEqual(await verifyAudit(db.read), { ok: true, events: 12 })
})

const faults: Record<string, { seq: number; says: RegExp; damage: (tx: Tx) => Promise<unknown> }> = {
  'an entry changed by one character': {
    seq: 6,
    says: /leaf/,
    damage: async tx => {
      const { entry } = await entryOf(tx, 6)
      await tx
        .updateTable('audit_events')
        .set({ entry: entry.replace('revoked', 'revoKed') })
        .where('seq', '=', 6)
        .execute()
    },
  },
  'a leaf changed': {
    seq: 4,
    says: /leaf/,
    damage: tx =>
      tx
        .updateTable('audit_events')
        .set({ leaf: Buffer.alloc(32) })
        .where('seq', '=', 4)
        .execute(),
  },
  'an entry spelled differently, with its leaf': {
    seq: 5,
    says: /version/,
    damage: async tx => {
      const entry = (await entryOf(tx, 5)).entry.replace('"v":1', '"v": 1')
      await tx
        .updateTable('audit_events')
        .set({ entry, leaf: leafOf(entry) })
        .where('seq', '=', 5)
        .execute()
    },
  },
  'an entry of an unknown kind, with its leaf': {
    seq: 1,
    says: /version/,
    damage: async tx => {
      const entry = canonical({ ...JSON.parse((await entryOf(tx, 1)).entry), kind: 'file.eaten' })
      await tx
        .updateTable('audit_events')
        .set({ entry, leaf: leafOf(entry) })
        .where('seq', '=', 1)
        .execute()
    },
  },
  'two events exchanged': {
    seq: 3,
    says: /not what was recorded/,
    damage: async tx => {
      const [a, b] = [await entryOf(tx, 3), await entryOf(tx, 9)]
      await tx.updateTable('audit_events').set(a).where('seq', '=', 9).execute()
      await tx.updateTable('audit_events').set(b).where('seq', '=', 3).execute()
    },
  },
  'an event removed': {
    seq: 7,
    says: /missing/,
    damage: tx => tx.deleteFrom('audit_events').where('seq', '=', 7).execute(),
  },
  'the newest event removed': {
    seq: 12,
    says: /missing/,
    damage: tx => tx.deleteFrom('audit_events').where('seq', '=', 12).execute(),
  },
  'all events removed': { seq: 1, says: /missing/, damage: tx => tx.deleteFrom('audit_events').execute() },
  'an event added at the end': {
    seq: 13,
    says: /counted/,
    damage: tx => tx.insertInto('audit_events').values(forged(13)).execute(),
  },
  'an event added at the beginning': {
    seq: 0,
    says: /before/,
    damage: tx => tx.insertInto('audit_events').values(forged(0)).execute(),
  },
  'a disclosed value changed': {
    seq: 8,
    says: /\/subject\/email/,
    damage: tx => change(tx, 8, '/subject/email', { value: '"mallory@example.com"' }),
  },
  'a salt changed': {
    seq: 8,
    says: /\/subject\/id/,
    damage: tx => change(tx, 8, '/subject/id', { salt: Buffer.alloc(16) }),
  },
  'a salt cut short': {
    seq: 8,
    says: /\/subject\/id/,
    damage: tx => change(tx, 8, '/subject/id', { salt: Buffer.alloc(3) }),
  },
  'a value disclosed where nothing is personal': {
    seq: 2,
    says: /\/subject\/role/,
    damage: tx => change(tx, 2, '/subject/name', { path: '/subject/role' }),
  },
  ...Object.fromEntries(
    Object.entries({
      id: 'OtherOtherOtherOtherOA',
      at: 1,
      kind: 'file.deleted',
      actor_id: ana.id,
      file_id: fileOf(ana, 99).id,
      owner_id: null,
    }).map(([column, value]) => [
      `the column ${column} changed`,
      {
        seq: 6,
        // An event that lost its id has lost its disclosures, too.
        says: new RegExp(`column ${column}`),
        damage: (tx: Tx) =>
          tx
            .updateTable('audit_events')
            .set({ [column]: value })
            .where('seq', '=', 6)
            .execute(),
      },
    ]),
  ),
  'an event without actor put under an account': {
    seq: 10,
    says: /actor_id/,
    damage: tx => tx.updateTable('audit_events').set({ actor_id: ana.id }).where('seq', '=', 10).execute(),
  },
  'a refusal put under another account': {
    seq: 11,
    says: /actor_id/,
    damage: tx => tx.updateTable('audit_events').set({ actor_id: ana.id }).where('seq', '=', 11).execute(),
  },
  'the first of two faults': {
    seq: 2,
    says: /missing/,
    damage: async tx => {
      await tx.deleteFrom('audit_events').where('seq', '=', 2).execute()
      await tx
        .updateTable('audit_events')
        .set({ leaf: Buffer.alloc(32) })
        .where('seq', '=', 4)
        .execute()
    },
  },
}

const entryOf = (tx: Tx, seq: number) =>
  tx.selectFrom('audit_events').select(['entry', 'leaf']).where('seq', '=', seq).executeTakeFirstOrThrow()

const change = (tx: Tx, seq: number, path: string, to: { value?: string; salt?: Buffer; path?: string }) =>
  tx
    .updateTable('audit_disclosures')
    .set(to)
    .where('path', '=', path)
    .where('event_id', '=', eb => eb.selectFrom('audit_events').select('id').where('seq', '=', seq))
    .execute()

const forged = (seq: number) => {
  const id = 'ForgedForgedForgedForA'
  const at = '2026-01-01T00:00:00.000Z'
  const entry = canonical({ v: 1, id, at, kind: 'setup.completed', actor: null, subject: null, data: {} })
  return {
    seq,
    id,
    at: Date.parse(at),
    kind: 'setup.completed',
    actor_id: null,
    file_id: null,
    owner_id: null,
    entry,
    leaf: leafOf(entry),
  }
}

for (const [name, { seq, says, damage }] of Object.entries(faults)) {
  test(`found: ${name}`, async t => {
    const { db } = await filled(t, 12)
    await db.write(damage)
    const verdict = await verifyAudit(db.read)
    assert.ok(!verdict.ok)
    assert.equal(verdict.seq, seq)
    assert.match(verdict.problem, says)
  })
}

test('events recorded while it runs are left for the next time', async t => {
  const { db, audit } = await filled(t, 700)
  const running = verifyAudit(db.read)
  await db.write(tx => audit.append(tx, { kind: 'account.enabled', actor: null, subject: person(bob) }))
  assert.equal((await running).ok, true)
  assert.deepEqual(await verifyAudit(db.read), { ok: true, events: 701 })
})
