import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Client } from '../../client.ts'
import { makeOffice } from '../../office.ts'
import { joinClient, setUpAdmin } from '../../people.ts'
import { startServer, type TestServer } from '../../server.ts'

let server: TestServer
let ops: Client
before(async () => {
  server = await startServer()
  ops = await setUpAdmin(server)
})
after(() => server.stop())

/** Which files of the data folder contain these bytes. */
const holding = async (bytes: Uint8Array): Promise<string[]> => {
  const entries = await readdir(server.dataDir, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of entries.filter(one => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    if ((await readFile(path)).includes(Buffer.from(bytes))) found.push(path)
  }
  return found
}

test('deleting destroys the key: the wrap is nowhere on disk, the blob is gone, the link is dead', async () => {
  const clara = await joinClient(server, 'clara@customer.example')
  const { body: file } = await ops.upload('Secret.docx', makeOffice({ type: 'docx' }), {
    clients: ['clara@customer.example'],
  })
  const { body: link } = await clara.post(`/api/v1/client/files/${file.id}/link`, {})
  const row = await server.db.read
    .selectFrom('files')
    .select(['wrap', 'blob'])
    .where('id', '=', file.id)
    .executeTakeFirstOrThrow()
  assert.notDeepEqual(
    await holding(row.wrap),
    [],
    'the wrap must be on disk while the file lives, or this test proves nothing',
  )

  const deleted = await ops.delete(`/api/v1/ops/files/${file.id}`)
  assert.equal(deleted.status, 204, deleted.text)
  assert.deepEqual(await holding(row.wrap), [])
  const names = await readdir(server.dataDir, { recursive: true })
  assert.equal(
    names.some(name => name.endsWith(row.blob)),
    false,
  )
  assert.equal((await clara.get(new URL(link.download_link).pathname)).status, 404)
  assert.equal((await ops.get(`/api/v1/ops/files/${file.id}`)).status, 404)
  assert.equal((await ops.delete(`/api/v1/ops/files/${file.id}`)).status, 404)
  const { body: events } = await ops.get(`/api/v1/ops/audit?file=${file.id}&kind=file.deleted`)
  assert.equal(events.items.length, 1)
})
