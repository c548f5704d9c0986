import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { jsonLines, run } from '../../cli/command.ts'
import { makeOffice } from '../../office.ts'
import { startServer, type TestServer } from '../../server.ts'
import { mutations, partsOf, wrapMutations } from './34-mutations.ts'
import { each, enlist, linkTo, type Person, seeded } from './cast.ts'

const agent = new Agent({ keepAlive: true, maxSockets: 8 })
let server: TestServer
let database: DatabaseSync
let ada: Person
let clara: Person
before(async () => {
  server = await startServer({ env: { VALISE_LOG_LEVEL: 'silent' } })
  database = new DatabaseSync(join(server.dataDir, 'valise.sqlite'), { timeout: 5000 })
  database.exec('pragma synchronous = off')
  ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  clara = await enlist(server, 'client', 'clara@customer.example')
})
after(async () => {
  agent.destroy()
  database.close()
  await server.stop()
})

type Stored = {
  id: string
  link: string
  name: string
  document: Buffer
  blob: Buffer
  wrap: Buffer
  size: number
  row: string
  path: string
}

/** A document of this size in bytes with a link to it, and what the storage and the database keep of it. */
const store = async (name: string, size: number): Promise<Stored> => {
  const document = makeOffice({ type: 'docx', text: name, padTo: size })
  const answer = await ada.client.upload(name, document, { everyone: true })
  assert.equal(answer.status, 201, answer.text)
  const id = String(answer.body.id)
  const found = { ...database.prepare('select blob, wrap from files where id = ?').get(id) }
  const row = String(found.blob)
  assert.ok(found.wrap instanceof Uint8Array)
  const path = join(server.dataDir, 'blobs', row.slice(0, 2), row)
  const link = await linkTo(clara.client, id)
  return { id, link, name, document, blob: readFileSync(path), wrap: Buffer.from(found.wrap), size, row, path }
}

type Got = { status: number; bytes: Buffer; complete: boolean }

/** What arrives, and whether it looks whole: all the bytes its headers promised. */
const download = (path: string, range?: [number, number]): Promise<Got> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    const headers: Record<string, string> = { authorization: `Bearer ${clara.token}` }
    if (range) headers.range = `bytes=${range[0]}-${range[1]}`
    const asked = request({ hostname, port, path, headers, agent }, response => {
      const chunks: Buffer[] = []
      const end = (): void => {
        const bytes = Buffer.concat(chunks)
        const whole = response.complete && bytes.length === Number(response.headers['content-length'])
        resolve({ status: response.statusCode ?? 0, bytes, complete: whole })
      }
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', () => {})
      response.once('close', end)
    })
    // The connection ended before there was a head: that is how damage looks which was found at once.
    asked.once('error', () => resolve({ status: 0, bytes: Buffer.alloc(0), complete: false }))
    asked.once('timeout', () => reject(new Error('no answer')))
    asked.end()
  })

/** Not one byte that is not the document's, and nothing that looks whole and is not. */
const judge = ({ status, bytes, complete }: Got, right: Buffer, what: string): void => {
  if (status !== 200 && status !== 206) {
    assert.equal(bytes.includes(right.subarray(0, 64)), false, what)
    assert.ok([0, 404, 416, 500, 503].includes(status), `${what}: ${status}`)
    return
  }
  assert.ok(bytes.equals(right.subarray(0, bytes.length)), `${what}: a wrong byte`)
  assert.ok(!complete || bytes.length === right.length, `${what}: looks whole with ${bytes.length} bytes`)
}

const set = (id: string, column: 'wrap' | 'blob' | 'size', value: Buffer | string | number): void => {
  database.prepare(`update files set ${column} = ? where id = ?`).run(value, id)
}

const events = (id: string): string[] =>
  database
    .prepare("select entry from audit_events where kind = 'file.damaged' and file_id = ?")
    .all(id)
    .map(row => JSON.parse(String(row.entry)).data.reason)

const isWhole = async ({ link, document, name }: Stored): Promise<void> => {
  const { status, bytes, complete } = await download(link)
  assert.ok(status === 200 && complete && bytes.equals(document), `${name} does not come any more`)
}

const kinds = [
  ...Object.entries(mutations).map(([name, change]) => ({ name: `blob: ${name}`, change, of: 'blob' as const })),
  ...Object.entries(wrapMutations).map(([name, change]) => ({ name: `wrap: ${name}`, change, of: 'wrap' as const })),
]

/** 10,000 in all: of one segment, to the end of a segment, of two, and of more than the first read opens before it claims. */
const sizes: [number, number][] = [
  [3_000, 4000],
  [65_504, 3000],
  [90_000, 2250],
  [420_000, 750],
]
for (const [size, count] of sizes) {
  test(`${count} changes to blob and key wrap of ${size} bytes: no wrong byte, and nothing that looks whole`, async () => {
    const [one, two] = [await store(`One ${size}.docx`, size), await store(`Two ${size}.docx`, size)]
    const random = seeded(size)
    const pick = (below: number): number => Math.floor(random() * below)
    let made = 0
    let beside = 0
    for (let round = 0; made < count; round++) {
      const kind = kinds[round % kinds.length] ?? assert.fail()
      const was = one[kind.of]
      const now = kind.change(was, two[kind.of], pick)
      if (!now || now.equals(was)) continue
      made++
      if (kind.of === 'blob') writeFileSync(one.path, now)
      else set(one.id, 'wrap', now)
      const first = pick(size)
      const range: [number, number] | undefined = pick(3) === 0 ? [first, first + pick(size - first)] : undefined
      const got = await download(one.link, range)
      const right = range ? one.document.subarray(range[0], range[1] + 1) : one.document
      const what = `round ${round}, ${kind.name}, ${range?.join('-') ?? 'all'}`
      judge(got, right, what)
      // A range may lie beside the damage, and then comes as it should.
      if (got.complete && got.status < 300) beside++
      assert.ok(range || !got.complete || got.status >= 400, `${what}: came whole`)
      if (kind.of === 'blob') writeFileSync(one.path, was)
      else set(one.id, 'wrap', was)
      if (made % 250 === 0) await isWhole(one)
    }
    assert.ok(beside < count / 10, `${beside} ranges came`)
    await isWhole(one)
    await isWhole(two)
    assert.deepEqual(events(one.id), ['changed'])
    assert.deepEqual(events(two.id), [])
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200)
  })
}

/** Changes to rows that need both files: what the database says of one is said of the other. */
const rows: [string, (one: Stored, two: Stored) => void][] = [
  ['the size is one less', ({ id, size }) => set(id, 'size', size - 1)],
  ['the size is one more', ({ id, size }) => set(id, 'size', size + 1)],
  ['the size is none', ({ id }) => set(id, 'size', 0)],
  ['the size ends with a segment', ({ id }) => set(id, 'size', 65_504)],
  ['the key of the other', (one, two) => set(one.id, 'wrap', two.wrap)],
  [
    'the blob of the other',
    (one, two) => {
      set(two.id, 'blob', 'A'.repeat(22))
      set(one.id, 'blob', two.row)
    },
  ],
  [
    'blob and key of the other',
    (one, two) => {
      set(two.id, 'blob', 'A'.repeat(22))
      set(one.id, 'blob', two.row)
      set(one.id, 'wrap', two.wrap)
    },
  ],
  ['a blob that is not there', ({ id }) => set(id, 'blob', 'B'.repeat(22))],
  ['a name of a blob that is a path', ({ id }) => set(id, 'blob', '../../keyring.json')],
]
for (const [what, change] of rows) {
  test(`in the row, ${what}: nothing comes, and it is recorded`, async () => {
    const [one, two] = [await store('One.docx', 90_000), await store('Two.docx', 90_000)]
    change(one, two)
    const got = await download(one.link)
    judge(got, one.document, what)
    judge(got, two.document, what)
    assert.ok(!got.complete || got.status >= 400, what)
    assert.equal(events(one.id).length, what.includes('path') ? 0 : 1)
    for (const { id, row, wrap, size } of [one, two]) {
      set(id, 'size', size)
      set(id, 'wrap', wrap)
      set(id, 'blob', `${row.slice(0, -1)}-`)
      set(id, 'blob', row)
    }
    await isWhole(one)
    await isWhole(two)
  })
}

test('one bit anywhere: every byte around the header and the end of a blob, and places all over', async () => {
  const small = await store('Small.docx', 2_600)
  const large = await store('Large.docx', 150_000)
  const random = seeded(1)
  const places = [
    ...Array.from({ length: small.blob.length }, (_unused, at) => [small, at] as const).filter(
      ([, at]) => at < 130 || at >= small.blob.length - 40 || random() < 0.2,
    ),
    ...Array.from({ length: 300 }, () => [large, Math.floor(random() * large.blob.length)] as const),
  ]
  for (const [file, at] of places) {
    const copy = Buffer.from(file.blob)
    copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8))
    writeFileSync(file.path, copy)
    const got = await download(file.link)
    judge(got, file.document, `${file.name}, byte ${at}`)
    assert.ok(!got.complete || got.status >= 400, `${file.name}, byte ${at}: came whole`)
  }
  for (const { path, blob, id } of [small, large]) {
    writeFileSync(path, blob)
    assert.deepEqual(events(id), ['changed'])
  }
  await isWhole(small)
  await isWhole(large)
})

/** Each part of the format once, in a file of its own: what a client meets, what is recorded, what the doctor finds. */
const places: [string, (blob: Buffer) => number][] = [
  ['the parameters', () => 3],
  ['the IV', () => 20],
  ['the tag of the header', () => 60],
  ['the mark of a full segment', () => 74],
  ['a nonce', () => 80],
  ['the first byte', () => 90],
  ['a tag', () => 74 + 65_536 - 1],
  ['the second segment', () => 74 + 65_536 + 30_000],
  ['the length of the last segment', blob => blob.length - (partsOf(blob).segments.at(-1)?.length ?? 0)],
  ['the last byte', blob => blob.length - 1],
]
test('one bit in each part of a blob: recorded when it is met, found by the doctor when nobody has met it', async () => {
  const files = await Promise.all(
    places.flatMap(([name]) => [store(`${name}.docx`, 180_000), store(`Unmet: ${name}.docx`, 180_000)]),
  )
  await each(files, async (file, index) => {
    const [, at] = places[index >> 1] ?? assert.fail()
    const copy = Buffer.from(file.blob)
    const position = at(copy)
    copy[position] = (copy[position] ?? 0) ^ 1
    writeFileSync(file.path, copy)
    if (index % 2 === 1) return
    const got = await download(file.link)
    judge(got, file.document, file.name)
    assert.ok(!got.complete || got.status >= 400, `${file.name}: came whole`)
    assert.deepEqual(events(file.id), ['changed'], file.name)
  })
  const env = { VALISE_DATA_DIR: server.dataDir, VALISE_PORT: '0' }
  const { code, stdout, stderr } = await run(['doctor', '--scan', '--json'], { env })
  assert.equal(code, 1, stderr)
  const found = jsonLines(stdout)
    .filter(({ state, what }) => state === 'mend' && what === 'scan')
    .map(({ text }) => String(text))
  assert.equal(found.length, files.length, found.join('\n'))
  for (const { id } of files) {
    assert.ok(
      found.some(text => text.includes(`(${id}) is changed in storage`)),
      id,
    )
    assert.deepEqual(events(id), ['changed'])
  }
  for (const { path, blob } of files) writeFileSync(path, blob)
})
