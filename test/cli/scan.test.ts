import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noClamd, startClamd } from '../clamd.ts'
import { makeOffice } from '../office.ts'
import { joinClient, setUpAdmin } from '../people.ts'
import { startServer } from '../server.ts'
import { jsonLines, run, scratch } from './command.ts'
import { settings } from './installation.ts'

const skip = noClamd
const CLIENT = 'clara@customer.example'

test('what today’s signatures know is withdrawn, from running downloads too; the report says who has it', {
  skip,
}, async t => {
  const clamd = await startClamd(t, await scratch(t))
  const made = settings(await scratch(t))
  const env = { ...made.env, VALISE_CLAMD_URL: clamd.url }
  const server = await startServer({ dataDir: made.config.dataDir, env: { VALISE_CLAMD_URL: clamd.url } })
  t.after(() => server.stop())
  const admin = await setUpAdmin(server)
  const client = await joinClient(server, CLIENT)
  const upload = async (name: string, text: string) =>
    (await admin.upload(name, makeOffice({ type: 'docx', text }), { clients: [CLIENT] })).body.id
  const download = async (id: string) => {
    const { body } = await client.post(`/api/v1/client/files/${id}/link`, {})
    return new URL(body.download_link).pathname
  }
  const [good, fetched, unread] = [
    await upload('Good.docx', 'Nothing'),
    await upload('Fetched.docx', 'a fresh evil'),
    await upload('Unread.docx', 'a fresh evil'),
  ]
  const link = await download(fetched)
  assert.equal((await client.get(link)).status, 200)

  const before = await run(['scan'], { env })
  assert.equal(before.code, 0, before.stderr)
  assert.match(before.stdout, /3 clean, 0 withdrawn, 0 not scanned/)

  await clamd.stop()
  assert.equal((await run(['scan'], { env })).code, 6, 'no scanner')
  await clamd.know(['a fresh evil'])
  await clamd.start()
  const { code, stdout } = await run(['scan', '--since', '2026-01-01', '--json'], { env })
  assert.equal(code, 1)
  const found = jsonLines(stdout)
  assert.deepEqual(
    found.map(({ id }) => id),
    [fetched, unread],
  )
  assert.deepEqual(
    found.map(line => [line.downloads].flat().map(one => Object(one).email)),
    [[CLIENT], []],
  )
  assert.equal((await client.get(link)).status, 404)
  for (const [id, status] of [
    [good, 'available'],
    [fetched, 'pending'],
    [unread, 'pending'],
  ])
    assert.equal((await admin.get(`/api/v1/ops/files/${id}`)).body.status, status)
  const { body } = await admin.get(`/api/v1/ops/audit?kind=file.scanned&file=${fetched}`)
  assert.equal(body.items[0].data.result, 'hit')

  // A wrong alarm: an administrator may let it go at once.
  assert.equal((await admin.post(`/api/v1/ops/files/${unread}/release`)).body.status, 'available')
  const again = await run(['doctor'], { env })
  assert.match(again.stdout, /scanner +answers/)
  assert.equal((await run(['scan', '--since', 'yesterday'], { env })).code, 2)
  assert.equal((await run(['scan'], { env: made.env })).code, 2, 'no scanner is set')
})
