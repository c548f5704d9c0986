import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { mock, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import type { Db, Tx } from '../../server/db/schema.ts'
import { openSqlite } from '../../server/db/sqlite.ts'

const open = async (t: TestContext): Promise<{ db: Db; path: string; folder: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'valise-sqlite-'))
  const path = join(folder, 'valise.sqlite')
  const db = await openSqlite(path)
  t.after(async () => {
    await db.close()
    await rm(folder, { recursive: true })
  })
  return { db, path, folder }
}

const put =
  (name: string, value = 'x') =>
  async (tx: Tx) => {
    await tx
      .insertInto('meta')
      .values({ name, value })
      .onConflict(conflict => conflict.column('name').doUpdateSet({ value }))
      .execute()
  }

/** A row that refers to nothing, found out at COMMIT: the one way to make a real COMMIT fail. */
const breakCommit = async (tx: Tx): Promise<void> => {
  await sql`pragma defer_foreign_keys = on`.execute(tx)
  await tx
    .insertInto('group_members')
    .values({ group_id: 'none', account_id: randomBytes(8).toString('hex') })
    .execute()
}

/** What another process sees: only what was committed. */
const committed = (path: string): Record<string, string> => {
  const other = new DatabaseSync(path, { readOnly: true })
  try {
    const rows = other.prepare("select name, value from meta where name not like 'key%' order by name").all()
    return Object.fromEntries(rows.map(({ name, value }) => [String(name), String(value)]))
  } finally {
    other.close()
  }
}

const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.message : 'failed'),
  )

/** Statements that this process ran directly: begin, savepoints, commit. */
const watchStatements = (t: TestContext): string[] => {
  const seen: string[] = []
  const real = DatabaseSync.prototype.exec
  const watched = mock.method(DatabaseSync.prototype, 'exec', function (this: DatabaseSync, text: string) {
    seen.push(text)
    return Reflect.apply(real, this, [text])
  })
  t.after(() => watched.mock.restore())
  return seen
}

test('the connection that writes waits for the disk, overwrites what is deleted and checks references', async t => {
  const { db } = await open(t)
  const pragma = (name: string) =>
    db.write(async tx => {
      const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(tx)
      return Object.values(rows[0] ?? {})[0]
    })
  assert.equal(await pragma('journal_mode'), 'wal')
  assert.equal(await pragma('synchronous'), 2)
  assert.equal(await pragma('secure_delete'), 1)
  assert.equal(await pragma('foreign_keys'), 1)
  assert.equal(await pragma('temp_store'), 2)
})

test('the connection that reads cannot write', async t => {
  const { db } = await open(t)
  const reading = db.read.selectFrom(sql`(select 1)`.as<'one'>(sql.ref('one'))).selectAll()
  assert.equal((await reading.execute()).length, 1)
  const writing = db.read
    .with('gone', of => of.deleteFrom('meta').returningAll())
    .selectFrom('gone')
    .selectAll()
  await assert.rejects(writing.execute())
})

test('transactions asked for in one turn share a COMMIT, at most 64 of them', async t => {
  const { db, path } = await open(t)
  const seen = watchStatements(t)
  await Promise.all(Array.from({ length: 150 }, (_unused, i) => db.write(put(`name ${i}`))))
  assert.equal(seen.filter(text => text === 'commit').length, 3)
  assert.equal(seen.filter(text => text === 'savepoint one').length, 150)
  assert.equal(Object.keys(committed(path)).length, 150)
})

test('nobody is answered before COMMIT has returned', async t => {
  const { db, path } = await open(t)
  const seen = watchStatements(t)
  const answered = Array.from({ length: 5 }, async (_unused, i) => {
    await db.write(put(`name ${i}`))
    assert.equal(seen.at(-1), 'commit')
    assert.ok(`name ${i}` in committed(path))
  })
  await Promise.all(answered)
})

test('one that fails takes nothing of its neighbours along, and leaves nothing', async t => {
  const { db, path } = await open(t)
  const seen = watchStatements(t)
  const outcomes = await Promise.all([
    outcome(db.write(put('before'))),
    outcome(
      db.write(async tx => {
        await put('half')(tx)
        await put('before', 'changed')(tx)
        throw new Error('no')
      }),
    ),
    outcome(db.write(tx => tx.insertInto('group_members').values({ group_id: 'g', account_id: 'a' }).execute())),
    outcome(db.write(put('after'))),
  ])
  assert.deepEqual(outcomes, ['done', 'no', 'FOREIGN KEY constraint failed', 'done'])
  assert.equal(seen.filter(text => text === 'commit').length, 1)
  assert.deepEqual(committed(path), { after: 'x', before: 'x' })
})

test('a COMMIT that fails fails everyone who shared it, and the next works', async t => {
  const { db, path } = await open(t)
  const outcomes = [db.write(put('one')), db.write(breakCommit), db.write(put('two'))].map(outcome)
  for (const one of await Promise.all(outcomes)) assert.match(one, /FOREIGN KEY/)
  assert.deepEqual(committed(path), {})
  await db.write(put('three'))
  assert.deepEqual(committed(path), { three: 'x' })
})

test('when the database has rolled everything back by itself, everyone is told', async t => {
  const { db, path } = await open(t)
  const rollBack = (tx: Tx) => sql`rollback`.execute(tx)
  for (const swallowed of [true, false]) {
    const outcomes = [
      db.write(put('one')),
      db.write(async tx => {
        await rollBack(tx)
        if (!swallowed) throw new Error('disk full')
      }),
      db.write(put('two')),
    ].map(outcome)
    for (const one of await Promise.all(outcomes)) assert.match(one, swallowed ? /savepoint/ : /disk full/)
    assert.deepEqual(committed(path), {})
  }
  await db.write(put('three'))
  assert.deepEqual(committed(path), { three: 'x' })
})

test('a full database: what was answered is there, what was not is not', async t => {
  const { db, path } = await open(t)
  await db.write(tx => sql`pragma max_page_count = 200`.execute(tx))
  const large = 'x'.repeat(60_000)
  const names = Array.from({ length: 40 }, (_unused, i) => `name ${i}`)
  const outcomes: string[] = []
  for (const name of names.slice(0, 20)) outcomes.push(await outcome(db.write(put(name, large))))
  assert.ok(outcomes.includes('done') && outcomes.some(one => /full/.test(one)), outcomes.join())
  outcomes.push(...(await Promise.all(names.slice(20).map(name => outcome(db.write(put(name, large)))))))
  const there = committed(path)
  for (const [i, name] of names.entries()) assert.equal(name in there, outcomes[i] === 'done', name)
  await db.write(async tx => void (await tx.deleteFrom('meta').execute()))
  await db.write(put('again', large))
  assert.deepEqual(Object.keys(committed(path)), ['again'])
})

test('the handle of a transaction dies with it', async t => {
  const { db, path } = await open(t)
  let kept: Tx | undefined
  await db.write(async tx => {
    kept = tx
  })
  assert.ok(kept)
  await assert.rejects(put('late')(kept), /has ended/)
  const old = kept
  // Not even while another one is open, which it would write into.
  await db.write(async () => {
    await assert.rejects(put('late')(old), /has ended/)
  })
  await assert.rejects(
    db.write(async tx => {
      kept = tx
      throw new Error('no')
    }),
  )
  await assert.rejects(put('late')(kept), /has ended/)
  // A forgotten await: the transaction is over before the second statement is asked for.
  const forgotten = Promise.withResolvers<string>()
  await db.write(async tx => {
    const late = async () => {
      await new Promise(resolve => setImmediate(resolve))
      await put('late')(tx)
    }
    forgotten.resolve(outcome(late()))
  })
  assert.match(await forgotten.promise, /has ended/)
  assert.deepEqual(committed(path), {})
})

test('readers see nothing of a transaction before its end, and wait for nothing', async t => {
  const { db } = await open(t)
  await db.write(put('name', 'old'))
  const look = async () => (await db.read.selectFrom('meta').select('value').executeTakeFirst())?.value
  await db.write(async tx => {
    await put('name', 'new')(tx)
    assert.equal(await look(), 'old')
    assert.equal((await tx.selectFrom('meta').select('value').executeTakeFirst())?.value, 'new')
  })
  assert.equal(await look(), 'new')
})

type Job = { ops: { key: number; value: string | null }[]; end: 'done' | 'throws' | 'breaks'; slow: boolean }

const jobs = fc.array(
  fc.record<Job>({
    ops: fc.array(fc.record({ key: fc.nat(4), value: fc.option(fc.constantFrom('a', 'b', 'c')) }), { maxLength: 4 }),
    end: fc.constantFrom('done', 'done', 'done', 'throws', 'breaks'),
    slow: fc.boolean(),
  }),
  { maxLength: 8 },
)

test('whatever is asked for together: the same as one after the other, each whole or not at all', async t => {
  const { db, path } = await open(t)
  const apply = (state: Map<string, string>, { ops }: Job): Map<string, string> => {
    const next = new Map(state)
    for (const { key, value } of ops) {
      if (value === null) next.delete(`name ${key}`)
      else next.set(`name ${key}`, value)
    }
    return next
  }
  const run = (job: Job, seen: Map<string, string>[]) => async (tx: Tx) => {
    const rows = await tx.selectFrom('meta').selectAll().where('name', 'like', 'name %').execute()
    seen.push(new Map(rows.map(({ name, value }) => [name, value])))
    for (const { key, value } of job.ops) {
      if (job.slow) await new Promise(resolve => setImmediate(resolve))
      if (value === null) await tx.deleteFrom('meta').where('name', '=', `name ${key}`).execute()
      else await put(`name ${key}`, value)(tx)
    }
    if (job.end === 'breaks') await breakCommit(tx)
    if (job.end === 'throws') throw new Error('thrown')
  }
  await fc.assert(
    fc.asyncProperty(fc.array(jobs, { maxLength: 4 }), async turns => {
      await db.write(async tx => void (await tx.deleteFrom('meta').where('name', 'like', 'name %').execute()))
      let state = new Map<string, string>()
      for (const turn of turns) {
        const seen: Map<string, string>[] = []
        const outcomes = await Promise.all(turn.map(job => outcome(db.write(run(job, seen)))))
        let during = state
        const expectedSeen = turn.map(job => {
          const before = during
          if (job.end !== 'throws') during = apply(during, job)
          return before
        })
        assert.deepEqual(seen, expectedSeen)
        const broken = turn.some(job => job.end === 'breaks')
        if (!broken) state = during
        for (const [i, job] of turn.entries()) {
          assert.match(outcomes[i] ?? '', broken ? /FOREIGN KEY/ : job.end === 'throws' ? /^thrown$/ : /^done$/)
        }
        assert.deepEqual(new Map(Object.entries(committed(path))), new Map([...state].sort()))
      }
    }),
    { numRuns: 60 },
  )
})

test('erase: not a trace of what was deleted stays on disk', async t => {
  const { db, folder } = await open(t)
  const secret = randomBytes(40).toString('base64url')
  const found = () => readdirSync(folder).filter(name => readFileSync(join(folder, name)).includes(secret.slice(5, 35)))
  await db.write(put('secret', secret.repeat(50)))
  assert.notDeepEqual(found(), [])
  assert.equal(await db.erase(), true)
  assert.notDeepEqual(found(), [], 'it is in the database itself by now')
  await db.write(async tx => void (await tx.deleteFrom('meta').execute()))
  assert.equal(await db.erase(), true)
  assert.deepEqual(found(), [])
})

test('erase beside a reader: says so at once, and works when the reader has gone', async t => {
  const { db, path } = await open(t)
  await db.write(put('name'))
  const reader = new DatabaseSync(path, { readOnly: true })
  reader.exec('begin')
  reader.prepare('select * from meta').all()
  await db.write(async tx => void (await tx.deleteFrom('meta').execute()))
  const began = performance.now()
  assert.equal(await db.erase(), false)
  // The whole process stands still while SQLite waits for a lock.
  assert.ok(performance.now() - began < 2000, 'waited for the reader')
  reader.exec('commit')
  reader.close()
  assert.equal(await db.erase(), true)
})

test('erase waits for the transactions before it and never runs inside one', async t => {
  const { db, path } = await open(t)
  const order: string[] = []
  await Promise.all([
    db.write(put('one')).then(() => order.push('one')),
    db.erase().then(done => order.push(`erased ${done}`)),
    db.write(put('two')).then(() => order.push('two')),
  ])
  assert.equal(order.filter(text => text === 'erased true').length, 1)
  assert.deepEqual(committed(path), { one: 'x', two: 'x' })
})

test('what is no database, or one of a newer version, is not opened', async t => {
  const { path, folder } = await open(t)
  const text = join(folder, 'text.sqlite')
  writeFileSync(text, 'This is a text and no database, and it is long enough to have a header.')
  await assert.rejects(openSqlite(text))
  assert.match(readFileSync(text, 'utf8'), /^This is a text/)
  const newer = new DatabaseSync(path)
  newer.exec("insert into kysely_migration values ('9999-later', '2030-01-01')")
  newer.close()
  await assert.rejects(openSqlite(path), /made by a newer version \(9999-later\)/)
})

test('a migration that ends in the middle leaves nothing half made', async t => {
  const { folder } = await open(t)
  const path = join(folder, 'half.sqlite')
  const inTheWay = new DatabaseSync(path)
  inTheWay.exec('create table outbox (surprise)')
  inTheWay.close()
  await assert.rejects(openSqlite(path))
  const found = new DatabaseSync(path)
  assert.deepEqual(
    found
      .prepare("select name from sqlite_master where type = 'table'")
      .all()
      .map(row => row.name),
    ['outbox'],
  )
  found.exec('drop table outbox')
  found.close()
  await (await openSqlite(path)).close()
})

test('several processes may open a new database at once', async t => {
  const { folder } = await open(t)
  const code = `import { openSqlite } from ${JSON.stringify(new URL('../../server/db/sqlite.ts', import.meta.url).href)}
    await (await openSqlite(${JSON.stringify(join(folder, 'together.sqlite'))})).close()`
  const exits = Array.from({ length: 3 }, async () => {
    const [exit] = await once(
      spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' }),
      'exit',
    )
    return exit
  })
  assert.deepEqual(await Promise.all(exits), [0, 0, 0])
})

test('a transaction inside a transaction is refused, and the next one goes on', async t => {
  const { db } = await open(t)
  await assert.rejects(
    db.write(() => db.write(put('inner'))),
    /cannot wait for another/,
  )
  await db.write(put('after'))
})

test('a value of a type that SQLite does not have is refused, not turned into another', async t => {
  const { db } = await open(t)
  for (const value of [true, new Date(), { a: 1 }, undefined]) {
    await assert.rejects(db.write(tx => sql`insert into meta values ('name', ${value})`.execute(tx)))
  }
})
