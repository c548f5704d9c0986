import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { makeOffice } from '../../office.ts'
import { startServer, type TestServer } from '../../server.ts'
import { eventually, stall } from '../links/world.ts'
import { enlist, linkTo, type Person } from './cast.ts'

const ROUNDS = 100
const AT_ONCE = 100
const SIZE = 100_000

const agent = new Agent({ keepAlive: true })

let server: TestServer
let clara: Person
let file: string
before(async () => {
  server = await startServer()
  const ada = await enlist(server, 'ops', 'ada@firm.example', { admin: true })
  clara = await enlist(server, 'client', 'clara@customer.example')
  const uploaded = await ada.client.upload('Accounts.docx', makeOffice({ type: 'docx', padTo: SIZE }), {
    everyone: true,
  })
  file = String(uploaded.body.id)
})
after(async () => {
  agent.destroy()
  await server.stop()
})

test('100 requests at once for a link that works once, 100 times', async () => {
  const headers = { authorization: `Bearer ${clara.token}` }
  for (let round = 0; round < ROUNDS; round++) {
    const path = await linkTo(clara.client, file, { single_use: true })
    const outcomes = await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        const stalled = await stall(server.url, path, headers, agent).catch(() => undefined)
        if (!stalled) return { status: 0, received: 0, complete: false }
        return { status: stalled.status, ...(await stalled.drain()) }
      }),
    )
    const bytes = outcomes.reduce((sum, { status, received }) => sum + (status === 200 ? received : 0), 0)
    assert.ok(bytes >= SIZE && bytes <= 2 * SIZE + 1024 * 1024, `${bytes} bytes`)
    assert.ok(outcomes.some(({ status, complete }) => status === 200 && complete))
    for (const { status } of outcomes) assert.ok([0, 200, 404, 429].includes(status), String(status))
    await eventually(() => server.app.links.running() === 0)
    assert.equal((await clara.client.get(path)).status, 404)
  }
  const database = new DatabaseSync(join(server.dataDir, 'valise.sqlite'), { readOnly: true })
  const rows = database.prepare('select link_id, count(*) as n from downloads group by link_id').all()
  const events = database.prepare(`select count(*) as n from audit_events where kind = 'file.download_started'`).get()
  const unspent = database.prepare('select count(*) as n from links where spent_at is null').get()
  database.close()
  assert.equal(rows.length, ROUNDS)
  for (const { n } of rows) assert.equal(n, 1)
  assert.equal(events?.n, ROUNDS)
  assert.equal(unspent?.n, 0)
})
