import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { clientId, fill, groupId, idOf, uploaderId } from '../../test/db/filling.ts'
import type { Db } from '../db/schema.ts'
import { openSqlite } from '../db/sqlite.ts'
import { listFiles, listShared } from './list.ts'
import { queryTermsOf, termsOf } from './terms.ts'

const FILES = 700
let folder: string
let db: Db
type Known = { id: string; name: string; by: string; status: string; at: number; subjects: string[] }
let all: Known[]

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valise-search-'))
  const path = join(folder, 'valise.sqlite')
  await (await openSqlite(path)).close()
  fill(path, { files: FILES, clients: 60, groups: 60, uploaders: 5, analyze: false })
  db = await openSqlite(path)
  await db.write(async tx => {
    // Many of one millisecond: then the ids decide.
    for (const table of ['files', 'file_audience', 'file_terms'] as const) {
      await tx
        .updateTable(table)
        .set(eb => ({ uploaded_at: eb('uploaded_at', '-', eb('uploaded_at', '%', 600_000)) }))
        .execute()
    }
  })
  const grants = await db.read.selectFrom('file_audience').selectAll().execute()
  const files = await db.read.selectFrom('files').selectAll().execute()
  all = files
    .map(({ id, name, uploaded_by: by, status, uploaded_at: at }) => {
      const subjects = grants.filter(grant => grant.file_id === id).map(grant => grant.subject)
      return { id, name, by, status, at, subjects }
    })
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
})
after(async () => {
  await db.close()
  await rm(folder, { recursive: true })
})

const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
const filters = fc.record({
  q: maybe('report', 'REP', 'report invoice', 'd', 'cust', 'customer1', 'legacy', 'zebra budget', '1', 'nothing', '!'),
  uploader: maybe(uploaderId(0), uploaderId(1), uploaderId(4), idOf('nobody')),
  status: maybe('available' as const, 'pending' as const, 'expired' as const),
  limit: fc.constantFrom('1', '7', '50', '200'),
})

const passes = (file: Known, { q, uploader, status }: { q?: string; uploader?: string; status?: string }): boolean =>
  (uploader === undefined || file.by === uploader) &&
  (status === undefined || file.status === status) &&
  (q === undefined || holds(file.name, queryTermsOf(q)))

/** A search without a word in it finds nothing. */
const holds = (name: string, words: string[]): boolean =>
  words.length > 0 && words.every(word => termsOf(name).some(term => term.startsWith(word)))

/** Every id, page by page. */
const walk = async (
  list: (cursor: string | undefined) => Promise<{ rows: { id: string }[]; next_cursor: string | null }>,
  limit: number,
): Promise<string[]> => {
  const ids: string[] = []
  for (let cursor: string | undefined; ; ) {
    const { rows, next_cursor } = await list(cursor)
    ids.push(...rows.map(({ id }) => id))
    if (next_cursor === null) return ids
    assert.equal(rows.length, limit, 'only the last page is short')
    cursor = next_cursor
  }
}

test('every filter gives exactly the files that meet it, newest first, whatever the size of a page', () =>
  fc.assert(
    fc.asyncProperty(filters, async filter => {
      const expected = all.filter(file => passes(file, filter)).map(({ id }) => id)
      assert.deepEqual(await walk(cursor => listFiles(db.read, { ...filter, cursor }), Number(filter.limit)), expected)
    }),
    { numRuns: 40 },
  ))

test('and to a client those of them that one of its grants names', () => {
  const subjectsOf = (client: number): string[] => {
    const groups = client === 1 ? Array.from({ length: 50 }, (_unused, i) => i) : client < 3 ? [] : [client % 60]
    return ['everyone', `client:${clientId(client)}`, ...groups.map(group => `group:${groupId(group)}`)]
  }
  return fc.assert(
    fc.asyncProperty(filters, fc.constantFrom(0, 1, 2, 5, 30), async (filter, client) => {
      const subjects = new Set(subjectsOf(client))
      const seen = all.filter(file => file.subjects.some(subject => subjects.has(subject)))
      const expected = seen.filter(file => passes(file, filter)).map(({ id }) => id)
      const list = (cursor: string | undefined) => listShared(db.read, clientId(client), { ...filter, cursor })
      assert.deepEqual(await walk(list, Number(filter.limit)), expected)
    }),
    { numRuns: 40 },
  )
})

test('an exact name, in any normal form', async () => {
  const [file] = all
  assert.ok(file)
  const { rows } = await listFiles(db.read, { name: file.name.normalize('NFD') })
  assert.deepEqual(
    rows.map(({ id }) => id),
    [file.id],
  )
})
