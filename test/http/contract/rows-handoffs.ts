import assert from 'node:assert/strict'
import { get, nowhere, type Row } from './row.ts'
import * as shape from './shapes.ts'
import { answeredWith, refusedWith, type World } from './world.ts'

const FAR = '2035-01-01T00:00:00Z'

/** A file of which the client has every byte. */
const fetched = async (w: World): Promise<string> => {
  const id = await w.file()
  const { body } = await w.client.client.post(`/api/v1/client/files/${id}/link`, {})
  assert.equal((await w.client.client.get(new URL(body.download_link).pathname)).status, 200)
  while ((await w.client.client.get(`/api/v1/client/files/${id}`)).body.delivery.delivered_at === null);
  return id
}

const expired = async (w: World): Promise<string> => {
  const id = await w.file()
  await w.server.db.write(tx =>
    tx.updateTable('files').set({ status: 'expired', expired_at: Date.now() }).where('id', '=', id).execute(),
  )
  return id
}

export const handoffs: Row[] = [
  {
    route: 'POST /api/v1/ops/handoffs',
    who: 'ops',
    json: async w => ({
      files: [await w.file()],
      audience: { clients: [w.client.id] },
      note: 'Two lines,\nin plain text.',
      expires_at: FAR,
      notify: false,
      tell_me: true,
    }),
    status: 201,
    shape: shape.handoff,
    also: async (w, path) => {
      const files = [await w.file()]
      const audience = { everyone: true }
      answeredWith(await w.ops.client.post(path, { files, audience, expires_at: null }), 201, shape.handoff, 'no end')
      refusedWith(await w.ops.client.post(path, { files: [nowhere], audience }), 404, 'not_found', 'no such file')
      refusedWith(await w.ops.client.post(path, { files: [], audience }), 400, 'invalid_request', 'no file')
      refusedWith(await w.ops.client.post(path, { files, audience: {} }), 400, 'invalid_request', 'nobody')
      const unknown = { clients: ['nobody@nowhere.example'] }
      refusedWith(await w.ops.client.post(path, { files, audience: unknown }), 422, 'unknown_recipient', 'a stranger')
      const again = { files: [await expired(w)], audience }
      refusedWith(await w.ops.client.post(path, again), 409, 'conflict', 'an expired file')
    },
  },
  {
    route: 'PATCH /api/v1/ops/files/:id',
    who: 'ops',
    path: w => w.file(),
    json: async () => ({ expires_at: FAR, tell_me: true }),
    status: 200,
    shape: shape.file,
    also: async (w, path) => {
      const { body } = await w.ops.client.patch(path, { expires_at: null })
      assert.deepEqual([body.expires_at, body.tell_me], [null, true])
      const past = { expires_at: '2020-01-01T00:00:00Z' }
      refusedWith(await w.ops.client.patch(path, past), 400, 'invalid_request', 'an end that is over')
    },
  },
  {
    route: 'POST /api/v1/ops/files/:id/reminders',
    who: 'ops',
    path: async w => `${await w.file()}/reminders`,
    json: async w => ({ clients: [w.client.id] }),
    status: 200,
    shape: shape.object({ reminded: shape.integer, recently: shape.integer, left_out: shape.integer }),
    also: async (w, path) =>
      assert.deepEqual((await w.ops.client.post(path, { clients: 'all' })).body, {
        reminded: 0,
        recently: 1,
        left_out: 1,
      }),
  },
  {
    route: 'POST /api/v1/client/files/:id/acknowledge',
    who: 'client',
    path: async w => `${await fetched(w)}/acknowledge`,
    status: 200,
    shape: shape.sharedFile,
    also: async w => {
      const early = `/api/v1/client/files/${await w.file()}/acknowledge`
      refusedWith(await w.client.client.post(early), 409, 'conflict', 'before the download')
    },
  },
  {
    route: 'POST /api/v1/client/files/:id/confirm',
    who: 'client',
    path: async w => `${await fetched(w)}/confirm`,
    json: async w => {
      const { body } = await w.client.client.get('/api/v1/client/files?limit=1')
      return { sha256: body.items[0].sha256 }
    },
    status: 200,
    shape: shape.sharedFile,
    also: async (w, path) =>
      refusedWith(await w.client.client.post(path, { sha256: '0'.repeat(64) }), 409, 'conflict', 'another document'),
  },
  {
    route: 'POST /api/v1/client/files/:id/ask',
    who: 'client',
    path: async w => `${await expired(w)}/ask`,
    status: 202,
    shape: shape.status('accepted'),
  },
  {
    ...get('/api/v1/client/files/:id/history', 'client', shape.page(shape.historyEntry)),
    path: async w => `${await fetched(w)}/history`,
    also: async (w, path) => {
      answeredWith(await w.client.client.get(`${path}?limit=1`), 200, shape.page(shape.historyEntry), 'a page')
      refusedWith(await w.other.client.get(path), 404, 'not_found', 'another client’s')
    },
  },
]
