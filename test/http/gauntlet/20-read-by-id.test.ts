import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { holdsNoneOf, type Oracle, watch } from '../../gauntlet-oracle.ts'
import { makeOffice } from '../../office.ts'
import { setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { each, enlist, enter, isProblem, type Person, seeded } from './cast.ts'
import { noOtherRouteReaches } from './reach.ts'

const random = seeded(20)
const below = (most: number) => Math.floor(random() * most)
const some = <T>(from: readonly T[], chance: number): T[] => from.filter(() => random() < chance)

type Audience = { everyone: boolean; groups: number[]; clients: number[] }
type File = { id: string; name: string; uploader: Person; bytes: Buffer; sha256: string; audience: Audience }

let server: TestServer
let oracle: Oracle
let admin: Person
let clients: Person[]
let groups: { id: string; members: number[] }[]
const files: File[] = []
/** Path of the link of client × file. */
const links = new Map<string, string>()

const dealt = (): Audience => {
  const kind = random()
  const everyone = kind < 0.1
  const inGroups = kind > 0.2 && kind < 0.8
  const single = kind > 0.5
  return {
    everyone,
    groups: inGroups ? some([0, 1, 2, 3], 0.4) : [],
    clients: single ? some([...clients.keys()], 0.15) : [],
  }
}
const asSent = ({ everyone, groups: of, clients: single }: Audience) => ({
  everyone,
  groups: of.map(index => groups[index]?.id),
  // Ids and addresses mixed.
  clients: single.map(index => (index % 2 ? clients[index]?.id : clients[index]?.email)),
})

/** The share table, from what was dealt and not from what the server says. */
const maySee = (client: number, { audience }: File): boolean =>
  audience.everyone ||
  audience.clients.includes(client) ||
  audience.groups.some(index => groups[index]?.members.includes(client))

const setMembers = async (index: number): Promise<void> => {
  const group = groups[index]
  if (!group) throw new Error('no such group')
  group.members = some([...clients.keys()], 0.25)
  const ids = group.members.map(member => clients[member]?.id)
  const { status, text } = await admin.client.put(`/api/v1/ops/groups/${group.id}/members`, { clients: ids })
  assert.equal(status, 200, text)
}

before(async () => {
  server = await startServer()
  await setUpAdmin(server)
  admin = await enter(server, 'ops', 'admin@firm.example')
  const otto = await enlist(server, 'ops', 'otto@firm.example')
  clients = await Promise.all(
    Array.from({ length: 20 }, (_, index) => enlist(server, 'client', `client${index}@customer.example`)),
  )
  groups = []
  for (let index = 0; index < 4; index++) {
    const made = await admin.client.post('/api/v1/ops/groups', { name: `Group ${index}` })
    groups.push({ id: made.body.id, members: [] })
    await setMembers(index)
  }
  for (let index = 0; index < 50; index++) {
    const uploader = random() < 0.5 ? admin : otto
    const audience = dealt()
    const name = `Secret ${index} paper.docx`
    const bytes = makeOffice({ type: 'docx', text: `Only for some ${index}`, padTo: 3000 + below(3000) })
    const made = await uploader.client.upload(name, bytes, asSent(audience))
    assert.equal(made.status, 201, made.text)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    files.push({ id: made.body.id, name, uploader, bytes, sha256, audience })
  }
  oracle = watch(server)
})
after(() => server.stop())

/** By file first, so that requests at the same time come from many clients: streams are bounded for each. */
const pairs = () => files.flatMap(file => clients.map((client, c) => ({ c, client, file, may: maySee(c, file) })))
type Pair = ReturnType<typeof pairs>[number]
const secrets = ({ name, sha256, bytes }: File) => [name, sha256, bytes.subarray(200, 264)]

const lists = async (person: Person, query: string): Promise<string[]> => {
  const ids: string[] = []
  for (let cursor = ''; ; ) {
    const answer = await person.client.get(`/api/v1/client/files?${query}${cursor && `&cursor=${cursor}`}`)
    assert.equal(answer.status, 200, answer.text)
    ids.push(...answer.body.items.map((file: { id: string }) => file.id))
    if (answer.body.next_cursor === null) return ids.sort()
    cursor = answer.body.next_cursor
  }
}

const shownTo = (c: number, which: (file: File) => boolean = () => true): string[] =>
  files
    .filter(file => maySee(c, file) && which(file))
    .map(({ id }) => id)
    .sort()

test('no route reaches a file that is not tried here', () => noOtherRouteReaches(server))

test('the table is worth testing: every kind of grant and of refusal is in it', () => {
  const granted = pairs().filter(({ may }) => may).length
  assert.ok(granted > 200 && granted < 800, `${granted} of 1000`)
  for (const kind of [
    (file: File) => file.audience.everyone,
    (file: File) => file.audience.groups.length > 0 && file.audience.clients.length === 0,
    (file: File) => file.audience.groups.length > 1 && file.audience.clients.length > 1,
    (file: File) => file.audience.groups.length === 0 && file.audience.clients.length > 0,
  ])
    assert.ok(files.some(kind))
})

const listsEqualTheTable = async () => {
  await each([...clients.entries()], async ([c, client]) => {
    assert.deepEqual(await lists(client, 'limit=9'), shownTo(c), client.email)
    assert.deepEqual(await lists(client, 'limit=200&q=secret'), shownTo(c))
    assert.deepEqual(
      await lists(client, `limit=200&uploaded_by=${admin.id}`),
      shownTo(c, f => f.uploader === admin),
    )
    assert.deepEqual(
      await lists(client, 'limit=200&uploaded_by=otto@firm.example'),
      shownTo(c, f => f.uploader !== admin),
    )
  })
}

const readsEqualTheTable = async (which: Pair[]) => {
  await each(which, async ({ client, file, may }) => {
    const what = `${file.name} for ${client.email}`
    const answer = await client.client.get(`/api/v1/client/files/${file.id}`)
    if (may) assert.deepEqual([answer.status, answer.body.sha256], [200, file.sha256], what)
    else {
      isProblem(answer, 404, what)
      holdsNoneOf(answer, secrets(file), what)
    }
  })
}

const namesEqualTheTable = async () => {
  const every5th = pairs().filter(({ c }, index) => (c + Math.floor(index / clients.length)) % 5 === 0)
  await each(every5th, async ({ client, file, may }) => {
    const { body } = await client.client.get(`/api/v1/client/files?name=${encodeURIComponent(file.name)}`)
    const ids = body.items.map((one: { id: string }) => one.id)
    assert.deepEqual(ids, may ? [file.id] : [], `${file.name} for ${client.email}`)
  })
}

test('lists, by page, word and uploader', () => oracle.unchanged('listing', listsEqualTheTable))

test('a file by its id', () => oracle.unchanged('reading', () => readsEqualTheTable(pairs())))

test('a file by its name', () => oracle.unchanged('looking up', namesEqualTheTable))

test('a link for a file', async () => {
  await each(pairs(), async ({ c, client, file, may }) => {
    const what = `${file.name} for ${client.email}`
    const answer = await client.client.post(`/api/v1/client/files/${file.id}/link`, {})
    if (may) {
      assert.equal(answer.status, 201, what)
      links.set(`${c} ${file.id}`, new URL(answer.body.download_link).pathname)
    } else {
      isProblem(answer, 404, what)
      holdsNoneOf(answer, secrets(file), what)
    }
  })
  const granted = pairs().filter(({ may }) => may).length
  assert.equal((await oracle.counts()).links, granted, 'as many links as grants')
  await each([...clients.entries()], async ([c, client]) => {
    const { body } = await client.client.get('/api/v1/client/links?limit=200')
    const ids = body.items.map((link: { file: { id: string } }) => link.file.id).sort()
    assert.deepEqual(ids, shownTo(c))
  })
})

/** Clients with files by the given links, which may be somebody else's. */
const downloads = async (
  which: { path: string | undefined; own: boolean; client: Person; file: File; may: boolean }[],
) => {
  let sent = 0
  await each(which, async ({ path, own, client, file, may }, index) => {
    if (path === undefined) return
    const what = `${file.name} by ${client.email}`
    const answer = await client.client.get(path)
    if (own && may) {
      assert.equal(answer.status, 200, what)
      assert.ok(file.bytes.equals(answer.body), what)
      sent++
    } else {
      isProblem(answer, 404, what)
      holdsNoneOf(answer, secrets(file), what)
      if (index % 5) return
      const { status, headers } = await client.client.request(path, { method: 'HEAD' })
      assert.deepEqual([status, headers.get('etag'), headers.get('content-disposition')], [404, null, null])
    }
  })
  return sent
}

test('a download, by the own link and by those of others', async () => {
  const sent = await downloads(
    pairs().map(pair => {
      const own = links.get(`${pair.c} ${pair.file.id}`)
      const others = [...links].find(([key]) => key.endsWith(pair.file.id))?.[1]
      return { ...pair, own: own !== undefined, path: own ?? others }
    }),
  )
  assert.equal((await oracle.counts()).downloads, sent, 'as many downloads as were sent')
})

/** Until the end of every download has been recorded: that is written after the answer. */
const ended = async (): Promise<void> => {
  const open = () =>
    server.db.read.selectFrom('downloads').select('id').where('ended_at', 'is', null).executeTakeFirst()
  for (const deadline = performance.now() + 10_000; (await open()) !== undefined; ) {
    assert.ok(performance.now() < deadline, 'downloads that do not end')
    await new Promise(resolve => setImmediate(resolve))
  }
}

test('nobody revokes the link of another', async () => {
  const { body } = await (clients[0] ?? admin).client.get('/api/v1/client/links?limit=200')
  const ids: string[] = body.items.map((link: { id: string }) => link.id)
  assert.ok(ids.length > 0)
  await ended()
  await oracle.unchanged('revoking', () =>
    each(clients.slice(1), async ({ client }) => {
      for (const id of ids) isProblem(await client.delete(`/api/v1/client/links/${id}`), 404, id)
    }),
  )
})

test('after audiences and groups have changed, everything equals the new table', async () => {
  const before = new Set(pairs().flatMap(({ c, file, may }) => (may ? [`${c} ${file.id}`] : [])))
  await each(files, async file => {
    if (random() < 0.5) return
    file.audience = dealt()
    const path = `/api/v1/ops/files/${file.id}/audience`
    const changed = await admin.client.put(path, asSent(file.audience))
    assert.equal(changed.status, 200, changed.text)
  })
  for (const index of [0, 2]) await setMembers(index)
  const linked = pairs().filter(({ c, file }) => links.has(`${c} ${file.id}`))
  const lost = linked.filter(({ may }) => !may).length
  assert.ok(lost > 50, `${lost} links that must be dead now`)
  await listsEqualTheTable()
  const changed = pairs().filter(({ c, file, may }) => may !== before.has(`${c} ${file.id}`))
  assert.ok(changed.length > 100, `${changed.length} rights that changed`)
  await readsEqualTheTable(changed)
  await downloads(linked.map(pair => ({ ...pair, own: true, path: links.get(`${pair.c} ${pair.file.id}`) })))
})

test('no answer of 500, no connection away', () => oracle.verify())
