import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { holdsNoneOf, type Oracle, watch } from '../../gauntlet-oracle.ts'
import { makeOffice } from '../../office.ts'
import { PASSWORD, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'
import { enlist, enter, type Person, signUpOnly } from './cast.ts'
import { noOtherRouteReaches } from './reach.ts'

let server: TestServer
let oracle: Oracle
let admin: Client
let count = 0

before(async () => {
  server = await startServer()
  admin = await setUpAdmin(server)
  oracle = watch(server)
})
after(() => server.stop())

/** A client, a document shared with them through a group, and a link to it. */
type Scene = {
  person: Person
  file: string
  name: string
  bytes: Buffer
  sha256: string
  group: string
  link: { id: string; path: string }
}

const openScene = async (wish: unknown = {}): Promise<Scene> => {
  const n = ++count
  const person = await enlist(server, 'client', `clara${n}@customer.example`)
  const { body: group } = await admin.post('/api/v1/ops/groups', { name: `Customer ${n}` })
  await admin.put(`/api/v1/ops/groups/${group.id}/members`, { clients: [person.id] })
  const name = `Quarter${n} figures.docx`
  const bytes = makeOffice({ type: 'docx', text: `Figures ${n}`, padTo: 5000 })
  const { body: file } = await admin.upload(name, bytes, { groups: [group.id] })
  const issued = await person.client.post(`/api/v1/client/files/${file.id}/link`, wish)
  assert.equal(issued.status, 201, issued.text)
  const link = { id: issued.body.id, path: new URL(issued.body.download_link).pathname }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { person, file: file.id, name, bytes, sha256, group: group.id, link }
}

/** What each way to the file gives: `shown` or `absent` in lists, else the status. */
type Seen = Record<
  'list' | 'search' | 'name' | 'uploader' | 'viewed' | 'get' | 'head' | 'issue' | 'links',
  string | number
> &
  Record<'acknowledge' | 'confirm' | 'ask' | 'history' | 'events', number> &
  Record<'download' | 'peek' | 'range' | 'validate' | 'longer', number>

type Listed = { id: string; file?: Listed }

const lookFrom = async (client: Client, scene: Scene): Promise<Seen> => {
  const { file, name, link, sha256, bytes } = scene
  const files = '/api/v1/client/files'
  const secrets = [name, sha256, bytes.subarray(200, 264)]
  const status = async (what: string, method: string, path: string, headers = {}, json?: unknown): Promise<number> => {
    const answer = await client.request(path, { method, headers, json })
    if (answer.status >= 400) holdsNoneOf(answer, secrets, what)
    if (answer.status === 200 && what === 'download') {
      assert.ok(bytes.equals(answer.body))
      // It is recorded after its last byte.
      while ((await client.get(`${files}/${file}`)).body.delivery.delivered_at === null);
    }
    return answer.status
  }
  const listed = async (path: string, isIt: (item: Listed) => boolean): Promise<string | number> => {
    const answer = await client.get(path)
    if (answer.status !== 200) {
      holdsNoneOf(answer, secrets, path)
      return answer.status
    }
    const { items } = answer.body
    // A link issued since may be about the same file.
    if (!items.some((item: Listed) => isFile(item.file ?? item))) holdsNoneOf(answer, [name, sha256], path)
    return items.some(isIt) ? 'shown' : 'absent'
  }
  const isFile = ({ id }: Listed) => id === file
  return {
    list: await listed(`${files}?limit=200`, isFile),
    search: await listed(`${files}?q=${name.split(' ')[0]}`, isFile),
    name: await listed(`${files}?name=${encodeURIComponent(name)}`, isFile),
    uploader: await listed(`${files}?uploaded_by=admin@firm.example`, isFile),
    viewed: await viewedBy(admin, scene),
    events: await status('events', 'GET', '/api/v1/client/events'),
    get: await status('get', 'GET', `${files}/${file}`),
    head: await status('head', 'HEAD', `${files}/${file}`),
    links: await listed('/api/v1/client/links', ({ id }) => id === link.id),
    download: await status('download', 'GET', link.path),
    peek: await status('peek', 'HEAD', link.path),
    range: await status('range', 'GET', link.path, { range: 'bytes=200-263' }),
    // Says whether the file is still these very bytes: as good as a download to who knows them.
    validate: await status('validate', 'GET', link.path, { 'if-none-match': `"${sha256}"` }),
    longer: await status('longer', 'GET', `${link.path}/${file}`),
    issue: await status('issue', 'POST', `${files}/${file}/link`, {}, {}),
    // A wrong SHA-256, so that looking changes nothing.
    confirm: await status('confirm', 'POST', `${files}/${file}/confirm`, {}, { sha256: '0'.repeat(64) }),
    ask: await status('ask', 'POST', `${files}/${file}/ask`),
    acknowledge: await status('acknowledge', 'POST', `${files}/${file}/acknowledge`),
    history: await status('history', 'GET', `${files}/${file}/history`),
  }
}

/** The client's list as somebody inside is shown it: the same list, whether or not the client can sign in. */
const viewedBy = async (by: Client, { person, file }: Scene): Promise<string> => {
  const { status, body } = await by.get(`/api/v1/ops/clients/${person.id}/files?limit=200`)
  assert.equal(status, 200)
  return body.items.some(({ id }: Listed) => id === file) ? 'shown' : 'absent'
}

const open: Seen = {
  ...{ list: 'shown', search: 'shown', name: 'shown', uploader: 'shown', viewed: 'shown', events: 200 },
  ...{ get: 200, head: 200, links: 'shown', issue: 201 },
  ...{ download: 200, peek: 200, range: 206, validate: 304, longer: 404 },
  // The download comes first: there is something to acknowledge.
  ...{ acknowledge: 200, confirm: 409, ask: 409, history: 200 },
}
const downloads = { download: 404, peek: 404, range: 404, validate: 404 }
/** The link alone is dead: the file is there, and another link may be had. */
const linkDead: Seen = { ...open, ...downloads, links: 'absent' }
/** The file is listed, as waiting or over, and no byte of it is to be had. */
const noBytes: Seen = { ...open, ...downloads, links: 'absent', issue: 404 }
/** For this client the file is not there at all. */
const gone: Seen = {
  ...noBytes,
  ...{ list: 'absent', search: 'absent', name: 'absent', uploader: 'absent', viewed: 'absent', get: 404, head: 404 },
  ...{ acknowledge: 404, confirm: 404, ask: 404, history: 404 },
}
/** Nobody is asking. */
const nobody: Seen = {
  ...{ list: 401, search: 401, name: 401, uploader: 401, get: 401, head: 401, links: 401, issue: 401 },
  ...{ viewed: 'shown', events: 401 },
  ...{ download: 401, peek: 401, range: 401, validate: 401, longer: 401 },
  ...{ acknowledge: 401, confirm: 401, ask: 401, history: 401 },
}

const change = (scene: Scene) => {
  const file = (values: { status?: 'pending' | 'expired'; expires_at?: number }) =>
    server.db.write(async tx => {
      await tx.updateTable('files').set(values).where('id', '=', scene.file).execute()
    })
  return { file }
}

type Gate = { name: string; wish?: unknown; close: (scene: Scene) => Promise<unknown>; seen: Seen }

const gates: Gate[] = [
  {
    name: 'revoked link',
    close: ({ person, link }) => person.client.delete(`/api/v1/client/links/${link.id}`),
    seen: linkDead,
  },
  {
    name: 'expired link, by its own time',
    wish: { expires_in: 1 },
    // Until the server says no: never later than a moment after the second it was given.
    close: async ({ person, link }) => {
      const deadline = performance.now() + 10_000
      while ((await person.client.request(link.path, { method: 'HEAD' })).status === 200)
        assert.ok(performance.now() < deadline, 'the link outlives its time')
    },
    // Nothing was fetched before.
    seen: { ...linkDead, acknowledge: 409 },
  },
  {
    name: 'expired link, by its row',
    close: ({ link }) =>
      server.db.write(async tx => {
        await tx
          .updateTable('links')
          .set({ expires_at: Date.now() - 1 })
          .where('id', '=', link.id)
          .execute()
      }),
    seen: linkDead,
  },
  {
    name: 'spent single-use link',
    wish: { single_use: true },
    close: async ({ person, link }) => {
      const { status } = await person.client.get(link.path)
      assert.equal(status, 200)
      const spent = async () => (await person.client.request(link.path, { method: 'HEAD' })).status === 404
      for (const deadline = performance.now() + 10_000; !(await spent()); ) assert.ok(performance.now() < deadline)
    },
    seen: linkDead,
  },
  { name: 'file waits for its scan', close: scene => change(scene).file({ status: 'pending' }), seen: noBytes },
  {
    name: 'file has expired, by its status',
    close: scene => change(scene).file({ status: 'expired' }),
    seen: { ...noBytes, ask: 202 },
  },
  {
    name: 'file has expired, by its time',
    close: scene => change(scene).file({ expires_at: Date.now() - 1 }),
    seen: { ...noBytes, ask: 202 },
  },
  {
    name: 'withdrawn from its audience',
    close: ({ file }) => admin.put(`/api/v1/ops/files/${file}/audience`, {}),
    seen: gone,
  },
  {
    name: 'shared with another group instead',
    close: async ({ file }) => {
      const { body } = await admin.post('/api/v1/ops/groups', { name: `Others ${++count}` })
      await admin.put(`/api/v1/ops/files/${file}/audience`, { groups: [body.id] })
    },
    seen: gone,
  },
  {
    name: 'removed from the group',
    close: ({ group }) => admin.put(`/api/v1/ops/groups/${group}/members`, { clients: [] }),
    seen: gone,
  },
  { name: 'group deleted', close: ({ group }) => admin.delete(`/api/v1/ops/groups/${group}`), seen: gone },
  { name: 'file deleted', close: ({ file }) => admin.delete(`/api/v1/ops/files/${file}`), seen: gone },
  { name: 'signed out', close: ({ person }) => person.client.post('/api/v1/client/logout'), seen: nobody },
  {
    name: 'session ended from another one',
    close: async ({ person }) => {
      const other = await enter(server, 'client', person.email)
      const { body } = await other.client.get('/api/v1/client/sessions')
      for (const { id, current } of body.items) if (!current) await other.client.delete(`/api/v1/client/sessions/${id}`)
    },
    seen: nobody,
  },
  {
    name: 'client disabled',
    close: ({ person }) => admin.patch(`/api/v1/ops/clients/${person.id}`, { disabled: true }),
    seen: nobody,
  },
  {
    name: 'client disabled and enabled again',
    close: async ({ person }) => {
      for (const disabled of [true, false]) await admin.patch(`/api/v1/ops/clients/${person.id}`, { disabled })
    },
    seen: nobody,
  },
  {
    name: 'password reset',
    close: async ({ person }) => {
      await person.client.post('/api/v1/client/password/forgot', { email: person.email })
      const { token } = await server.lastMail(person.email)
      const reset = await server.client().post('/api/v1/password/reset', { token, password: `${PASSWORD} 2` })
      assert.equal(reset.status, 204, reset.text)
    },
    seen: nobody,
  },
  {
    // No way of the API leads here: a row as an import or a later version might leave it.
    name: 'address no longer verified',
    close: ({ person }) =>
      server.db.write(async tx => {
        await tx.updateTable('accounts').set({ email_verified_at: null }).where('id', '=', person.id).execute()
      }),
    seen: nobody,
  },
]

test('no route reaches a file that is not tried here', () => noOtherRouteReaches(server))

for (const { name, wish, close, seen } of gates) {
  test(name, async () => {
    const scene = await openScene(wish)
    // Before the gate closes everything is open: so it is the gate that closes it. A single use is spent on one look.
    if (wish === undefined) assert.deepEqual(await lookFrom(scene.person.client, scene), open, 'before')
    await close(scene)
    assert.deepEqual(await lookFrom(scene.person.client, scene), seen, 'after')
  })
}

test('signed up, not verified', async () => {
  const scene = await openScene()
  assert.deepEqual(await lookFrom(await signUpOnly(server, 'una@customer.example'), scene), nobody)
})

test('everybody who is verified, and not who only signed up', async () => {
  const scene = await openScene()
  await admin.put(`/api/v1/ops/files/${scene.file}/audience`, { everyone: true })
  assert.deepEqual(await lookFrom(await signUpOnly(server, 'ula@customer.example'), scene), nobody)
  assert.deepEqual(await lookFrom(scene.person.client, scene), open)
})

test('what was issued before a disabling stays dead for the session that comes after', async () => {
  const scene = await openScene()
  const { person } = scene
  for (const disabled of [true, false]) await admin.patch(`/api/v1/ops/clients/${person.id}`, { disabled })
  const later = await enter(server, 'client', person.email)
  assert.deepEqual(await lookFrom(later.client, scene), { ...linkDead, acknowledge: 409 })
})

test('another session of the same client may use the link', async () => {
  const scene = await openScene()
  const other = await enter(server, 'client', scene.person.email)
  assert.deepEqual(await lookFrom(other.client, scene), open)
})

test('no answer of 500, no connection away', () => oracle.verify())
