import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { prepared } from './prepared.ts'
import type { Db, Reader, Tx } from './schema.ts'
import { openSqlite } from './sqlite.ts'

let folder: string
let db: Db
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valise-prepared-'))
  db = await openSqlite(join(folder, 'test.sqlite'))
})
after(async () => {
  await db.close()
  await rm(folder, { recursive: true })
})

const put = prepared((tx: Tx, { name, value }: { name: string; value: string }) =>
  tx
    .insertInto('meta')
    .values({ name, value })
    .onConflict(on => on.column('name').doUpdateSet({ value })),
)
const find = prepared((tx: Reader, { name }: { name: string }) =>
  tx.selectFrom('meta').select('value').where('name', '=', name).where('value', '!=', 'never'),
)

test('every run has its own arguments, used as often as they stand there', async () => {
  for (const value of ['one', 'two', 'three']) {
    await db.write(tx => put(tx, { name: 'a', value }))
    assert.deepEqual(
      (await find(db.read, { name: 'a' })).map(row => row.value),
      [value],
    )
  }
  assert.deepEqual(await find(db.read, { name: 'b' }), [])
})

test('it is compiled once', async () => {
  let builds = 0
  const counted = prepared((tx: Reader, { name }: { name: string }) => {
    builds++
    return tx.selectFrom('meta').select('value').where('name', '=', name)
  })
  await counted(db.read, { name: 'a' })
  await counted(db.read, { name: 'b' })
  assert.equal(builds, 1)
})

test('a transaction that has ended runs nothing more', async () => {
  let kept: Tx | undefined
  await db.write(async tx => {
    kept = tx
  })
  const late = kept
  assert.ok(late)
  await assert.rejects(put(late, { name: 'a', value: 'late' }), /has ended/)
})
