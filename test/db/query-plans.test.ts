import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { mock, test } from 'node:test'
import { readConfig } from '../../server/config.ts'
import { systemRandom } from '../../server/crypto/random.ts'
import { openInstallation } from '../../server/installation.ts'
import { encodeCursor } from '../../server/paging.ts'
import type { Client } from '../client.ts'
import { enlist, linkTo } from '../http/gauntlet/cast.ts'
import { startServer } from '../server.ts'
import { BEGIN, clientId, fileId, fill, groupId, uploaderId } from './filling.ts'

/** Tables that grow with use: looking at all of one for a page is a mistake, however quick it is in a test. */
const growing = ['files', 'file_audience', 'file_terms', 'accounts', 'links', 'downloads', 'deliveries', 'sessions']
  .concat(['groups', 'group_members', 'invitations', 'mail_tokens', 'audit_events', 'audit_disclosures'])
  .concat([
    'audit_repeats',
    'handoffs',
    'handoff_files',
    'notices',
    'devices',
    'pending_signups',
    'outbox',
    'blob_removals',
    'uploads',
  ])

const FILES = 4000
const middle = `cursor=${encodeCursor([BEGIN + (FILES / 2) * 60_000, fileId(3)])}`

/** Every list there is, with and without what it filters by. The audit log's own plans are tested beside it. */
const opsLists = [
  'files',
  `files?${middle}`,
  `files?uploaded_by=${uploaderId(0)}`,
  `files?uploaded_by=${uploaderId(0)}&${middle}`,
  'files?uploaded_by=ops3@example.com',
  'files?status=available',
  `files?status=pending&${middle}`,
  `files?status=pending&uploaded_by=${uploaderId(1)}`,
  'files?q=zebra',
  'files?q=report',
  `files?q=report&${middle}`,
  'files?q=d',
  'files?q=customer1',
  'files?q=report%20invoice',
  `files?q=report&uploaded_by=${uploaderId(1)}&status=available&${middle}`,
  'uploads',
  'clients',
  `clients?${middle}`,
  'clients?q=person',
  'team',
  'groups',
  `groups?${middle}`,
  'invitations',
  `invitations?${middle}`,
  'sessions',
  `files/${fileId(10)}/deliveries`,
  `files/${fileId(7)}/deliveries`,
  `files/${fileId(7)}`,
  'overview',
  `clients/${clientId(5)}`,
  `clients/${clientId(5)}/files`,
  `clients/${clientId(5)}/files?q=report&${middle}`,
  `groups/${groupId(3)}`,
]
const clientLists = [
  'files',
  `files?${middle}`,
  `files?uploaded_by=${uploaderId(0)}`,
  `files?uploaded_by=${uploaderId(1)}&${middle}`,
  'files?name=Letter%20Customer1%201.docx',
  'files?q=zebra',
  'files?q=report',
  `files?q=report&${middle}`,
  'files?q=d',
  'files?q=report%20invoice',
  'links',
  `links?${middle}`,
  'sessions',
  `files/${fileId(0)}`,
]

type Plan = { asked: string; text: string; steps: string[] }

/** Runs every list and gives the plan of every statement the server prepared on the way, its own and Kysely's. */
const plansOf = async (analyze: boolean): Promise<Plan[]> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'valise-plans-'))
  const path = join(dataDir, 'valise.sqlite')
  const prepared = new Map<string, string>()
  let asked = 'start'
  try {
    const config = readConfig({ VALISE_DATA_DIR: dataDir })
    await (await openInstallation(config, { random: systemRandom, now: Date.now })).close()
    fill(path, { files: FILES, clients: 3000, groups: 400, uploaders: 40, analyze })
    const real = DatabaseSync.prototype.prepare
    const watched = mock.method(DatabaseSync.prototype, 'prepare', function (this: DatabaseSync, text: string) {
      if (!prepared.has(text)) prepared.set(text, asked)
      return Reflect.apply(real, this, [text])
    })
    const server = await startServer({ dataDir })
    const admin = await enlist(server, 'ops', 'admin@firm.example', { admin: true })
    const otto = await enlist(server, 'ops', 'otto@firm.example')
    const clara = await enlist(server, 'client', 'clara@customer.example')
    for (const group of [3, 7, 16]) {
      const members = { clients: [clara.id, clientId(5)] }
      assert.equal((await admin.client.put(`/api/v1/ops/groups/${groupId(group)}/members`, members)).status, 200)
    }
    const read = async (client: Client, door: string, lists: string[]) => {
      for (const list of lists) {
        asked = `${door} ${list}`
        const answer = await client.get(`/api/v1/${door}/${list}`)
        assert.ok([200, 404].includes(answer.status), `${asked}: ${answer.text}`)
      }
    }
    await linkTo(clara.client, fileId(0))
    await read(admin.client, 'ops', opsLists)
    await read(otto.client, 'ops', [...opsLists.slice(0, 15), 'overview', `clients/${clientId(5)}/files`])
    await read(clara.client, 'client', clientLists)
    watched.mock.restore()
    await server.stop()
    return explain(path, prepared)
  } finally {
    mock.restoreAll()
    await rm(dataDir, { recursive: true, force: true })
  }
}

const explain = (path: string, prepared: Map<string, string>): Plan[] => {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return [...prepared]
      .filter(([text]) => /^\s*(select|with)\b/i.test(text))
      .filter(([text, asked]) => asked !== 'start' && !/sqlite_master|pragma/i.test(text))
      .map(([text, asked]) => {
        const rows = database.prepare(`explain query plan ${text}`).all()
        return { asked, text, steps: rows.map(row => String(row.detail)) }
      })
  } finally {
    database.close()
  }
}

/** Sorts of what no index has in order; each is of few rows, or of as many as the answer holds. */
const meant: [RegExp, string][] = [
  [
    /where "term" >= \?.*order by "uploaded_at" desc/,
    'files under the very many words of one beginning, up to a bound',
  ],
  [
    /select distinct "account_id" as "id" from "group_members"/,
    'the members of all groups that one file is shared with',
  ],
  [
    /from "group_members" inner join "accounts".*order by "accounts"."name"/,
    'all members of the groups on one page, by name',
  ],
  [/with told as .* recipient as /s, 'the audiences of the files on one page, each client once'],
  [/count\(\*\) from accounts where role = 'client'/, 'who was told of the files on one page, each client once'],
]

/** What is wrong with a step of a plan. */
const complaint = (step: string, text: string): string | undefined => {
  const [, table = '', index = ''] = /^SCAN (\w+)( USING .*INDEX .*)?$/.exec(step) ?? []
  // A part of the statement that is itself in order and cut to a page is scanned by its name; tables may have another.
  const real = new RegExp(`"(\\w+)" as "${table}"`).exec(text)?.[1] ?? table
  if (growing.includes(real)) {
    // In the order of an index, and no further than the page: that is how lists are meant to be read.
    if (index && /order by.* limit \?\s*\)?/s.test(text)) return undefined
    return `reads all of ${real}`
  }
  return step.includes('TEMP B-TREE') && !meant.some(([of]) => of.test(text))
    ? 'sorts what an index could give in order'
    : undefined
}

for (const analyze of [false, true]) {
  test(`every list walks an index, ${analyze ? 'with' : 'without'} statistics`, async () => {
    const plans = await plansOf(analyze)
    const wrong = plans.flatMap(({ asked, text, steps }) =>
      steps.flatMap(step => {
        const what = complaint(step, text)
        return what ? [`${asked}: ${what}\n  ${text}\n    ${steps.join('\n    ')}`] : []
      }),
    )
    assert.equal(wrong.join('\n\n'), '')
    // The recorder works: these are the statements that matter most.
    for (const table of ['files', 'file_audience', 'file_terms', 'links', 'accounts', 'groups', 'invitations']) {
      assert.ok(
        plans.some(({ text }) => text.includes(`from "${table}"`) && text.includes('order by')),
        table,
      )
    }
  })
}
