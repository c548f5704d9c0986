import assert from 'node:assert/strict'
import { begun, UPLOADS } from '../files/tus.ts'
import { get, nowhere, type Row } from './row.ts'
import * as shape from './shapes.ts'
import { answeredWith, refusedWith } from './world.ts'

export const files: Row[] = [
  get('/api/v1/ops/files', 'ops', shape.page(shape.file), async (w, path) => {
    for (const filter of [
      'q=a',
      `uploaded_by=${w.ops.id}`,
      `uploaded_by=${w.ops.email}`,
      'status=available',
      'limit=1',
    ])
      answeredWith(await w.ops.client.get(`${path}?${filter}`), 200, shape.page(shape.file), filter)
    refusedWith(await w.ops.client.get(`${path}?status=gone`), 400, 'invalid_request', 'a status that is none')
  }),
  get('/api/v1/ops/uploads', 'ops', shape.uploads, async w => {
    await begun(w.ops.client, 5)
    const listed = await w.ops.client.get(UPLOADS)
    answeredWith(listed, 200, shape.uploads, 'one')
    assert.equal(listed.body.items.length, 1)
  }),
  {
    ...get('/api/v1/ops/files/:id', 'ops', shape.file),
    path: w => w.file(),
    also: async w => refusedWith(await w.ops.client.get(`/api/v1/ops/files/${nowhere}`), 404, 'not_found', 'none'),
  },
  {
    route: 'DELETE /api/v1/ops/files/:id',
    who: 'ops',
    path: w => w.file(),
    status: 204,
    shape: undefined,
    also: async (w, path) => refusedWith(await w.ops.client.delete(path), 404, 'not_found', 'deleted already'),
  },
  {
    route: 'PUT /api/v1/ops/files/:id/audience',
    who: 'ops',
    path: async w => `${await w.file()}/audience`,
    json: async w => ({ everyone: true, groups: [await w.group()], clients: [w.client.id, w.other.email] }),
    status: 200,
    shape: shape.file,
    also: async (w, path) => {
      const unknown = await w.ops.client.put(path, { clients: ['nobody@nowhere.example'], groups: [nowhere] })
      refusedWith(unknown, 422, 'unknown_recipient', 'nobody')
      assert.deepEqual(
        unknown.body.errors.map((one: { where: string }) => one.where).sort(),
        [nowhere, 'nobody@nowhere.example'].sort(),
      )
      answeredWith(await w.ops.client.put(path, {}), 200, shape.file, 'nobody at all')
    },
  },
  {
    route: 'POST /api/v1/ops/files/:id/release',
    who: 'admin',
    path: async w => `${await w.waiting()}/release`,
    status: 200,
    shape: shape.file,
    also: async (w, path) => {
      refusedWith(await w.admin.client.post(path), 409, 'conflict', 'released already')
      refusedWith(await w.admin.client.post(`/api/v1/ops/files/${nowhere}/release`), 404, 'not_found', 'none')
    },
  },
  {
    ...get('/api/v1/ops/files/:id/deliveries', 'ops', shape.page(shape.delivery)),
    path: async w => {
      const id = await w.file()
      const { body } = await w.client.client.post(`/api/v1/client/files/${id}/link`, {})
      assert.equal((await w.client.client.get(new URL(body.download_link).pathname)).status, 200)
      return `${id}/deliveries`
    },
    also: async (w, path) => assert.equal((await w.ops.client.get(path)).body.items.length, 1),
  },
  get('/api/v1/ops/audit', 'admin', shape.page(shape.auditEvent), async (w, path) => {
    const filters = ['kind=session.started', `actor=${w.admin.id}`, `actor=${w.admin.email}`, `file=${await w.file()}`]
    for (const filter of [...filters, 'since=2020-01-01T00:00:00Z', 'limit=3']) {
      const answer = await w.admin.client.get(`${path}?${filter}`)
      answeredWith(answer, 200, shape.page(shape.auditEvent), filter)
      assert.ok(answer.body.items.length > 0, filter)
    }
    for (const filter of ['kind=nonsense', 'since=yesterday', 'file=x', 'actor=x'])
      refusedWith(await w.admin.client.get(`${path}?${filter}`), 400, 'invalid_request', filter)
  }),
  get('/api/v1/client/files', 'client', shape.page(shape.sharedFile), async (w, path) => {
    const id = await w.file(w.ops, 'Ünique name.docx')
    for (const filter of [
      'q=ünique',
      `name=${encodeURIComponent('Ünique name.docx'.normalize('NFD'))}`,
      `uploaded_by=${w.ops.email}`,
    ]) {
      const answer = await w.client.client.get(`${path}?${filter}`)
      answeredWith(answer, 200, shape.page(shape.sharedFile), filter)
      assert.ok(
        answer.body.items.some((one: { id: string }) => one.id === id),
        filter,
      )
    }
  }),
  {
    ...get('/api/v1/client/files/:id', 'client', shape.sharedFile),
    path: w => w.file(),
    also: async (w, path) => refusedWith(await w.other.client.get(path), 404, 'not_found', 'another client’s'),
  },
  {
    route: 'POST /api/v1/client/files/:id/link',
    who: 'client',
    path: async w => `${await w.file()}/link`,
    json: async () => ({ expires_in: 60, single_use: true }),
    status: 201,
    shape: shape.issued,
    also: async (w, path) => {
      answeredWith(await w.client.client.post(path), 201, shape.issued, 'without a body')
      answeredWith(await w.client.client.post(path, { expires_in: 86_400 }), 201, shape.issued, 'a day')
      for (const expires_in of [0, -1, 1.5, 86_401, '60', null])
        refusedWith(await w.client.client.post(path, { expires_in }), 400, 'invalid_request', `a life of ${expires_in}`)
      refusedWith(await w.other.client.post(path, {}), 404, 'not_found', 'another client’s')
    },
  },
  get('/api/v1/client/links', 'client', shape.page(shape.link), async (w, path) => {
    await w.link()
    assert.ok((await w.client.client.get(path)).body.items.length > 0)
  }),
  {
    route: 'DELETE /api/v1/client/links/:id',
    who: 'client',
    path: async w => (await w.client.client.post(`/api/v1/client/files/${await w.file()}/link`, {})).body.id,
    status: 204,
    shape: undefined,
    also: async w =>
      refusedWith(await w.client.client.delete(`/api/v1/client/links/${nowhere}`), 404, 'not_found', 'none'),
  },
]
