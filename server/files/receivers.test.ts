import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { clientId, fileId, fill, groupId } from '../../test/db/filling.ts'
import type { Db } from '../db/schema.ts'
import { openSqlite } from '../db/sqlite.ts'
import { receivers } from './receivers.ts'

const CLIENTS = 300
const GROUPS = 20
let folder: string
let db: Db
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valise-receivers-'))
  const path = join(folder, 'valise.sqlite')
  await (await openSqlite(path)).close()
  fill(path, { files: 10, clients: CLIENTS, groups: GROUPS, uploaders: 5, analyze: false })
  db = await openSqlite(path)
})
after(async () => {
  await db.close()
  await rm(folder, { recursive: true })
})

type Audience = { subjects: string[]; fetched: number[] }

/** Gives a file this audience and these downloads. */
const share = (file: string, { subjects, fetched }: Audience): Promise<void> =>
  db.write(async tx => {
    await tx.deleteFrom('file_audience').where('file_id', '=', file).execute()
    for (const subject of subjects) {
      await tx.insertInto('file_audience').values({ subject, file_id: file, uploaded_at: 1 }).execute()
    }
    for (const client of fetched) {
      const times = { first_download_at: 1, last_download_at: 1, completed_at: null }
      const row = { file_id: file, client_id: clientId(client), ranges: '[]', bytes_sent: 0, downloads: 1, ...times }
      await tx.insertInto('deliveries').values(row).execute()
    }
  })

/** In `filling.ts`, client 1 is in the first fifty groups and every other from 3 on in one. */
const membersOf = (group: number): number[] => [
  1,
  ...Array.from({ length: CLIENTS }, (_unused, i) => i).filter(i => i >= 3 && i % GROUPS === group),
]
const everybody = Array.from({ length: CLIENTS }, (_unused, i) => i)

const cases: [string, Audience, number[]][] = [
  ['nobody', { subjects: [], fetched: [] }, []],
  ['only who has fetched', { subjects: [], fetched: [2, 9] }, [2, 9]],
  ['everyone', { subjects: ['everyone', `client:${clientId(3)}`], fetched: [7] }, everybody],
  [
    'two groups, clients and who has fetched, some of them in several ways',
    {
      subjects: [`group:${groupId(4)}`, `group:${groupId(5)}`, ...[0, 1, 24].map(i => `client:${clientId(i)}`)],
      fetched: [1, 2, 24, 25],
    },
    [0, 2, ...membersOf(4), ...membersOf(5)],
  ],
]
for (const [number, [what, audience, clients]] of cases.entries()) {
  test(`${what}: each client once, in order, whatever the size of a page`, async () => {
    const file = fileId(number)
    await share(file, audience)
    const expected = [...new Set(clients)].map(clientId).sort()
    for (const limit of [1, 2, 7, 500]) {
      const found: string[] = []
      // Only the last page is short: that is how a list knows it has ended.
      for (let more = true; more; ) {
        const page = await receivers(db.read, file, { after: found.at(-1) ?? '', limit })
        assert.ok(page.length <= limit)
        found.push(...page)
        more = page.length === limit
      }
      assert.deepEqual(found, expected)
    }
  })
}
