import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { emailKeyOf } from '../server/accounts/address.ts'
import { createAudit } from '../server/audit/append.ts'
import { readConfig } from '../server/config.ts'
import { systemRandom } from '../server/crypto/random.ts'
import { createFiles } from '../server/files/files.ts'
import { createScanner } from '../server/inspect/scanner.ts'
import { openInstallation } from '../server/installation.ts'
import { clientId, fill, uploaderId } from '../test/db/filling.ts'

/**
 * Pages of lists over a million files: `node bench/lists.ts [--files 1000000] [--folder DIR] [--only TEXT]`. Goal
 * (performance.md): 50 of 1,000,000 with a p99 of at most 10 ms, flat from ten thousand to a million. A folder given is kept,
 * and used again as it is.
 */
const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '1000000' },
    folder: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '200' },
    plain: { type: 'boolean', default: false },
  },
})
const size = Number(values.files)
const folder = values.folder ? resolve(values.folder) : await mkdtemp(join(tmpdir(), 'valise-lists-'))
const config = readConfig({ VALISE_DATA_DIR: folder })
const fresh = !existsSync(config.database)
const needs = { random: systemRandom, now: Date.now }
if (fresh) {
  const began = performance.now()
  await (await openInstallation(config, needs)).close()
  const part = (share: number) => Math.max(60, Math.round(size * share))
  fill(config.database, {
    files: size,
    clients: part(0.02),
    groups: part(0.001),
    uploaders: 200,
    analyze: !values.plain,
  })
  console.log(`${size} files made in ${Math.round((performance.now() - began) / 1000)} s`)
}
const installation = await openInstallation(config, needs)
const files = createFiles({
  ...installation,
  ...needs,
  config,
  audit: createAudit(needs),
  inspect: async () => {
    throw new Error('nothing is uploaded here')
  },
  scanner: createScanner(undefined, Date.now),
  tellSender: async () => {},
  emailKey: emailKeyOf,
  onLeft: () => {},
})

type Query = Parameters<typeof files.list>[0]

/** A cursor halfway through the list. */
const deep = async (list: (query: Query) => Promise<{ next_cursor: string | null }>): Promise<string> => {
  const { encodeCursor } = await import('../server/paging.ts')
  await list({})
  return encodeCursor([Date.UTC(2024, 0, 1) + Math.floor(size / 2) * 60_000, 'A'.repeat(22)])
}

const admin = (query: Query) => files.list(query, undefined)
const own = (query: Query) => files.list(query, uploaderId(1))
const client = (number: number) => (query: Query) => files.listShared(clientId(number), query)
const middle = await deep(admin)
const overview = (owner: string | undefined) => async () => ({ items: (await files.overview(owner)).days })

const cases: [string, (query: Query) => Promise<{ items: unknown[] }>, Query][] = [
  ['ops, all', admin, {}],
  ['ops, all, deep cursor', admin, { cursor: middle }],
  ['ops, busy uploader', admin, { uploaded_by: uploaderId(0) }],
  ['ops, quiet uploader', admin, { uploaded_by: uploaderId(199) }],
  ['ops, status pending', admin, { status: 'pending' }],
  ['ops, status available', admin, { status: 'available' }],
  ['ops, own', own, {}],
  ['ops, q rare (12)', admin, { q: 'zebra' }],
  ['ops, q customer (200)', admin, { q: 'customer4711' }],
  ['ops, q medium (1.4 %)', admin, { q: 'budget' }],
  ['ops, q medium (2.5 %)', admin, { q: 'ledger' }],
  ['ops, q common (40 %)', admin, { q: 'report' }],
  ['ops, q common, deep cursor', admin, { q: 'report', cursor: middle }],
  ['ops, q one letter (all)', admin, { q: 'd' }],
  ['ops, q only in the oldest 3 %', admin, { q: 'legacy' }],
  ['ops, q common and rare', admin, { q: 'report zebra' }],
  ['ops, q two common, never together', admin, { q: 'report invoice' }],
  ['ops, q common, quiet uploader', admin, { q: 'report', uploaded_by: uploaderId(199) }],
  ['ops, q oldest, own', own, { q: 'legacy' }],
  ['overview, all', overview(undefined), {}],
  ['overview, busy uploader', overview(uploaderId(0)), {}],
  ['overview, quiet uploader', overview(uploaderId(199)), {}],
  ['client, five files', client(0), {}],
  ['client, fifty groups', client(1), {}],
  ['client, fifty groups, deep cursor', client(1), { cursor: middle }],
  ['client, what everyone sees', client(2), {}],
  ['client, q rare', client(1), { q: 'zebra' }],
  ['client, q customer', client(1), { q: 'customer4711' }],
  ['client, q medium (1.4 %)', client(1), { q: 'budget' }],
  ['client, q common', client(1), { q: 'report' }],
  ['client, five files, q common', client(0), { q: 'report' }],
  ['client, q oldest', client(1), { q: 'legacy' }],
  ['client, q two common, never together', client(1), { q: 'report invoice' }],
  ['client, uploader', client(1), { uploaded_by: uploaderId(199) }],
]

const rounds = Number(values.rounds)
console.log(
  'list'.padEnd(40),
  'rows'.padStart(5),
  'p50 ms'.padStart(9),
  'p99 ms'.padStart(9),
  'longest turn'.padStart(13),
)
for (const [name, list, query] of cases.filter(one => !values.only || one[0].includes(values.only))) {
  const times: number[] = []
  let rows = 0
  let longest = 0
  // What others wait for at most: the longest time in which the event loop did not come round.
  let last = performance.now()
  let watching = true
  const watch = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (watching) setImmediate(watch)
  }
  const deadline = performance.now() + 5000
  for (let i = 0; i < rounds && (i < 3 || performance.now() < deadline); i++) {
    const began = performance.now()
    rows = (await list(query)).items.length
    times.push(performance.now() - began)
  }
  last = performance.now()
  watch()
  await list(query)
  await new Promise(resolve => setImmediate(resolve))
  watching = false
  times.sort((a, b) => a - b)
  const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(2)
  console.log(
    name.padEnd(40),
    String(rows).padStart(5),
    at(0.5).padStart(9),
    at(0.99).padStart(9),
    longest.toFixed(1).padStart(13),
  )
}
await installation.close()
if (!values.folder) await rm(folder, { recursive: true })
