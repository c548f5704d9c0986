import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Answer } from '../../client.ts'
import { holdsNoneOf, type Oracle, watch } from '../../gauntlet-oracle.ts'
import { makeOffice } from '../../office.ts'
import { setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { each, enlist, enter, isProblem, type Person, seeded } from './cast.ts'
import { noOtherRouteReaches } from './reach.ts'
import { asAnswer, type Shot, volley } from './volley.ts'

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
  await enlist(server, 'ops', 'olga@firm.example')
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

const lists = async (person: Person, query: string, path = '/api/v1/client/files'): Promise<string[]> => {
  const ids: string[] = []
  for (let cursor = ''; ; ) {
    const answer = await person.client.get(`${path}?${query}${cursor && `&cursor=${cursor}`}`)
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

/** Clients' lists seen from inside: by an administrator the same, by others what they uploaded of it themselves. */
const viewsEqualTheTable = async () => {
  const otto = await enter(server, 'ops', 'otto@firm.example')
  const olga = await enter(server, 'ops', 'olga@firm.example')
  const own: [Person, (file: File) => boolean][] = [
    [admin, () => true],
    [otto, file => file.uploader.id === otto.id],
    [olga, () => false],
  ]
  for (const [by, which] of own)
    await each([...clients.entries()], async ([c, client]) => {
      const path = `/api/v1/ops/clients/${client.id}/files`
      assert.deepEqual(await lists(by, 'limit=9', path), shownTo(c, which), `${client.email} by ${by.email}`)
      assert.deepEqual(await lists(by, 'limit=200&q=secret', path), shownTo(c, which))
    })
}

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

/** One request for each of these pairs, by the pair's client. */
const forEach = async (
  which: readonly Pair[],
  request: (pair: Pair) => Shot,
  meet: (answer: Answer, pair: Pair, what: string) => void,
): Promise<void> => {
  const pairOf = new Map(
    which.map((pair): [Shot, Pair] => {
      const shot = request(pair)
      return [{ ...shot, headers: { Authorization: `Bearer ${pair.client.token}`, ...shot.headers } }, pair]
    }),
  )
  await volley(
    server.url,
    [...pairOf.keys()],
    (hit, shot) => {
      const pair = pairOf.get(shot)
      if (pair) meet(asAnswer(hit), pair, `${pair.file.name} for ${pair.client.email}`)
    },
    16,
  )
}

const isNothing = (answer: Answer, file: File, what: string): void => {
  isProblem(answer, 404, what)
  holdsNoneOf(answer, secrets(file), what)
}

const readsEqualTheTable = (which: Pair[]) =>
  forEach(
    which,
    ({ file }) => ({ method: 'GET', path: `/api/v1/client/files/${file.id}` }),
    (answer, { file, may }, what) => {
      if (may) assert.deepEqual([answer.status, answer.body.sha256], [200, file.sha256], what)
      else isNothing(answer, file, what)
    },
  )

const namesEqualTheTable = () =>
  forEach(
    pairs().filter(({ c }, index) => (c + Math.floor(index / clients.length)) % 5 === 0),
    ({ file }) => ({ method: 'GET', path: `/api/v1/client/files?name=${encodeURIComponent(file.name)}` }),
    (answer, { file, may }, what) => {
      const ids = answer.body.items.map((one: { id: string }) => one.id)
      assert.deepEqual(ids, may ? [file.id] : [], what)
    },
  )

test('lists, by page, word and uploader', () => oracle.unchanged('listing', listsEqualTheTable))

test('a file by its id', () => oracle.unchanged('reading', () => readsEqualTheTable(pairs())))

test('a file by its name', () => oracle.unchanged('looking up', namesEqualTheTable))

test('what a client says of a file, and what they did with it', () =>
  oracle.unchanged('saying', async () => {
    const some = pairs().filter((_, index) => index % 3 === 0)
    const said = (word: string) => (pair: Pair) => ({
      method: 'POST',
      path: `/api/v1/client/files/${pair.file.id}/${word}`,
    })
    for (const word of ['acknowledge', 'ask'])
      await forEach(some, said(word), (answer, { file, may }, what) => {
        if (may) assert.equal(answer.status, 409, what)
        else isNothing(answer, file, what)
      })
    await forEach(
      some,
      pair => ({
        ...said('confirm')(pair),
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ sha256: pair.file.sha256 }),
      }),
      (answer, { file, may }, what) => {
        if (may) assert.equal(answer.status, 409, what)
        // Not even whether it is the right SHA-256.
        else isNothing(answer, file, what)
      },
    )
    await forEach(
      some,
      ({ file }) => ({ method: 'GET', path: `/api/v1/client/files/${file.id}/history` }),
      (answer, { file, may }, what) => {
        if (may) assert.equal(answer.status, 200, what)
        else isNothing(answer, file, what)
      },
    )
  }))

test('a link for a file', async () => {
  await forEach(
    pairs(),
    ({ file }) => ({ method: 'POST', path: `/api/v1/client/files/${file.id}/link` }),
    (answer, { c, file, may }, what) => {
      if (!may) return isNothing(answer, file, what)
      assert.equal(answer.status, 201, what)
      links.set(`${c} ${file.id}`, new URL(answer.body.download_link).pathname)
    },
  )
  const granted = pairs().filter(({ may }) => may).length
  assert.equal((await oracle.counts()).links, granted, 'as many links as grants')
  await each([...clients.entries()], async ([c, client]) => {
    const { body } = await client.client.get('/api/v1/client/links?limit=200')
    const ids = body.items.map((link: { file: { id: string } }) => link.file.id).sort()
    assert.deepEqual(ids, shownTo(c))
  })
})

/** Clients with files by the links they have, or by somebody else's; how many were sent. */
const downloads = async (which: Pair[], linkOf: (pair: Pair) => string | undefined): Promise<number> => {
  let sent = 0
  const path = (pair: Pair) => linkOf(pair) ?? '/'
  const linked = which.filter(pair => linkOf(pair) !== undefined)
  const refused = linked.filter(pair => !(pair.may && own(pair) !== undefined))
  await forEach(
    linked,
    pair => ({ method: 'GET', path: path(pair) }),
    (answer, pair, what) => {
      const { file, may } = pair
      if (!may || own(pair) === undefined) return isNothing(answer, file, what)
      assert.equal(answer.status, 200, what)
      assert.ok(file.bytes.equals(answer.body), what)
      sent++
    },
  )
  await forEach(
    refused.filter((_, index) => index % 5 === 0),
    pair => ({ method: 'HEAD', path: path(pair) }),
    ({ status, headers }, _pair, what) =>
      assert.deepEqual([status, headers.get('etag'), headers.get('content-disposition')], [404, null, null], what),
  )
  return sent
}

const own = ({ c, file }: Pair) => links.get(`${c} ${file.id}`)

test('a download, by the own link and by those of others', async () => {
  const others = ({ file }: Pair) => [...links].find(([key]) => key.endsWith(file.id))?.[1]
  const sent = await downloads(pairs(), pair => own(pair) ?? others(pair))
  assert.ok(sent > 200)
  assert.equal((await oracle.counts()).downloads, sent, 'as many downloads as were sent')
})

test('nobody revokes the link of another', async () => {
  const { body } = await (clients[0] ?? admin).client.get('/api/v1/client/links?limit=200')
  const ids: string[] = body.items.map((link: { id: string }) => link.id)
  assert.ok(ids.length > 0)
  const shots = clients.slice(1).flatMap(({ token }) =>
    ids.map(id => ({
      method: 'DELETE',
      path: `/api/v1/client/links/${id}`,
      headers: { Authorization: `Bearer ${token}` },
    })),
  )
  await oracle.unchanged('revoking', () =>
    volley(server.url, shots, (hit, { path }) => isProblem(asAnswer(hit), 404, path)),
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
  const linked = pairs().filter(pair => own(pair) !== undefined)
  const lost = linked.filter(({ may }) => !may).length
  assert.ok(lost > 50, `${lost} links that must be dead now`)
  await listsEqualTheTable()
  await viewsEqualTheTable()
  const changed = pairs().filter(({ c, file, may }) => may !== before.has(`${c} ${file.id}`))
  assert.ok(changed.length > 100, `${changed.length} rights that changed`)
  await readsEqualTheTable(changed)
  await downloads(linked, own)
})

test('no answer of 500, no connection away', () => oracle.verify())
