import assert from 'node:assert/strict'
import { PASSWORD } from '../../people.ts'
import { get, nowhere, type Row } from './row.ts'
import { files } from './rows-files.ts'
import { handoffs } from './rows-handoffs.ts'
import * as shape from './shapes.ts'
import { answeredWith, refusedWith, type World } from './world.ts'

const password = PASSWORD

/** What is the same at both doors. */
const atBothDoors = (door: 'ops' | 'client'): Row[] => {
  const who = door === 'ops' ? 'admin' : 'client'
  const base = `/api/v1/${door}`
  const email = door === 'ops' ? 'admin@firm.example' : 'clara@customer.example'
  const self = (w: World) => (door === 'ops' ? w.admin : w.client)
  return [
    {
      route: `POST ${base}/login`,
      who: 'nobody',
      json: async () => ({ email, password }),
      status: 200,
      shape: shape.byBearer,
      also: async (w, path) => {
        const browser = w.server.client()
        const login = (body: object) => browser.post(path, body, { headers: browser.browser })
        const cookie = await login({ email, password, transport: 'cookie' })
        answeredWith(cookie, 200, shape.byCookie, 'by cookie')
        assert.match(
          cookie.headers.getSetCookie().join('\n'),
          new RegExp(`^valise-${door}=.*HttpOnly.*SameSite=Lax`, 'm'),
        )
        refusedWith(await login({ email, password: 'wrong' }), 401, 'invalid_credentials', 'a wrong password')
        const unknown = `${w.fresh('unknown')}@nowhere.example`
        refusedWith(await login({ email: unknown, password }), 401, 'invalid_credentials', 'an unknown address')
        const other = door === 'ops' ? w.client.email : w.admin.email
        refusedWith(await login({ email: other, password }), 401, 'invalid_credentials', 'the wrong door')
        if (door === 'client') {
          const { email: pending } = await w.signUp()
          refusedWith(await login({ email: pending, password }), 403, 'email_not_verified', 'not verified')
        }
      },
    },
    {
      route: `POST ${base}/login/mail`,
      who: 'nobody',
      json: async w => {
        const address = `${w.fresh('guessed')}@customer.example`
        await w.server.app.accounts.addUser({ role: door, email: address, name: 'G', admin: false, password })
        const guess = () => w.nobody.post(`${base}/login`, { email: address, password: 'wrong' })
        for (let n = 0; n < 30; n++) await guess()
        refusedWith(await guess(), 429, 'too_many_requests', 'one guess too many')
        await w.server.app.accounts.settled()
        return { token: (await w.server.lastMail(address)).token, password }
      },
      status: 200,
      shape: shape.byBearer,
      also: async (w, path) =>
        refusedWith(
          await w.nobody.post(path, { token: 'x'.repeat(43), password }),
          400,
          'invalid_token',
          'a wrong token',
        ),
    },
    {
      route: `POST ${base}/logout`,
      who,
      token: async w => (await w.session(self(w))).token,
      status: 204,
      shape: undefined,
      also: async (w, path) => {
        const { token } = await w.session(self(w))
        assert.equal((await w.nobody.post(path, undefined, { token })).status, 204)
        refusedWith(await w.nobody.get(`${base}/me`, { token }), 401, 'unauthenticated', 'after signing out')
      },
    },
    get(`${base}/me`, who, shape.user),
    get(`${base}/sessions`, who, shape.page(shape.session)),
    {
      route: `DELETE ${base}/sessions/:id`,
      who,
      path: async w => (await w.session(self(w))).id,
      status: 204,
      shape: undefined,
      also: async (w, path) => refusedWith(await self(w).client.delete(path), 404, 'not_found', 'ended already'),
    },
    {
      route: `POST ${base}/password/forgot`,
      who: 'nobody',
      json: async () => ({ email }),
      status: 202,
      shape: shape.status('accepted'),
      also: async (w, path) => {
        const unknown = await w.nobody.post(path, { email: 'nobody@nowhere.example' })
        answeredWith(unknown, 202, shape.status('accepted'), 'an unknown address')
      },
    },
  ]
}

const joining: Row[] = [
  {
    route: 'POST /api/v1/client/signup',
    who: 'nobody',
    json: async w => ({ email: `${w.fresh('joins')}@customer.example`, name: 'Nora', password }),
    status: 202,
    shape: shape.status('verification_sent'),
    also: async (w, path) => {
      const known = await w.nobody.post(path, { email: w.client.email, name: 'Nora', password })
      answeredWith(known, 202, shape.status('verification_sent'), 'a known address')
      const weak = { email: 'x@y.example', name: 'X', password: 'short' }
      refusedWith(await w.nobody.post(path, weak), 400, 'invalid_request', 'a weak password')
    },
  },
  {
    route: 'POST /api/v1/client/verify',
    who: 'nobody',
    json: async w => ({ token: (await w.signUp()).token, password }),
    status: 200,
    shape: shape.status('verified'),
    also: async (w, path) => {
      const { token } = await w.signUp()
      const wrong = await w.nobody.post(path, { token, password: 'another one entirely' })
      refusedWith(wrong, 401, 'invalid_credentials', 'not the password of that sign-up')
      const entered = await w.nobody.post(path, { token, password, transport: 'bearer' })
      answeredWith(entered, 200, shape.verifiedAndIn, 'and signing in')
      refusedWith(await w.nobody.post(path, { token, password }), 400, 'invalid_token', 'a second time')
    },
  },
  {
    route: 'POST /api/v1/client/verify/resend',
    who: 'nobody',
    json: async w => ({ email: (await w.signUp()).email }),
    status: 202,
    shape: shape.status('accepted'),
  },
  {
    route: 'POST /api/v1/password/reset',
    who: 'nobody',
    json: async w => ({ token: (await w.reset()).token, password: `${password}!` }),
    status: 204,
    shape: undefined,
    also: async (w, path) => {
      const { token } = await w.reset()
      refusedWith(await w.nobody.post(path, { token, password: 'short' }), 400, 'invalid_request', 'a weak password')
      assert.equal((await w.nobody.post(path, { token, password: `${password}!` })).status, 204)
      refusedWith(await w.nobody.post(path, { token, password: `${password}?` }), 400, 'invalid_token', 'twice')
    },
  },
  {
    route: 'POST /api/v1/invitations/read',
    who: 'nobody',
    json: async w => ({ token: (await w.invitation()).token }),
    status: 200,
    shape: shape.invitationOffer,
    also: async (w, path) => {
      const { id, token } = await w.invitation('ops')
      assert.equal((await w.nobody.post(path, { token })).status, 200)
      answeredWith(await w.nobody.post(path, { token }), 200, shape.invitationOffer, 'it stays good')
      assert.equal((await w.admin.client.delete(`/api/v1/ops/invitations/${id}`)).status, 204)
      refusedWith(await w.nobody.post(path, { token }), 400, 'invalid_token', 'withdrawn')
    },
  },
  {
    route: 'POST /api/v1/invitations/accept',
    who: 'nobody',
    json: async w => ({ token: (await w.invitation()).token, name: 'Ivy', password }),
    status: 200,
    shape: shape.byBearer,
    also: async (w, path) => {
      const { token } = await w.invitation('ops')
      const browser = w.server.client()
      const body = { token, name: 'Ian', password, transport: 'cookie' }
      const headers = browser.browser
      answeredWith(await browser.post(path, body, { headers }), 200, shape.byCookie, 'by cookie')
      refusedWith(await browser.post(path, body, { headers }), 400, 'invalid_token', 'twice')
    },
  },
]

const people: Row[] = [
  {
    route: 'POST /api/v1/ops/invitations',
    who: 'admin',
    json: async w => ({ email: `${w.fresh('asked')}@customer.example`, role: 'client', groups: [await w.group()] }),
    status: 201,
    shape: shape.invitation,
    also: async (w, path) => {
      const taken = await w.admin.client.post(path, { email: w.client.email, role: 'client' })
      refusedWith(taken, 409, 'conflict', 'who has an account')
      refusedWith(await w.ops.client.post(path, { email: 'x@y.example', role: 'ops' }), 403, 'forbidden', 'to the team')
    },
  },
  get('/api/v1/ops/invitations', 'admin', shape.page(shape.invitation)),
  {
    route: 'DELETE /api/v1/ops/invitations/:id',
    who: 'admin',
    path: async w => (await w.invitation()).id,
    status: 204,
    shape: undefined,
    also: async w => {
      const { id, token } = await w.invitation()
      assert.equal((await w.nobody.post('/api/v1/invitations/accept', { token, name: 'I', password })).status, 200)
      refusedWith(await w.admin.client.delete(`/api/v1/ops/invitations/${id}`), 409, 'conflict', 'accepted')
      refusedWith(await w.admin.client.delete(`/api/v1/ops/invitations/${nowhere}`), 404, 'not_found', 'none')
    },
  },
  get('/api/v1/ops/groups', 'admin', shape.page(shape.group)),
  {
    route: 'POST /api/v1/ops/groups',
    who: 'ops',
    json: async w => ({ name: w.fresh('Customer ') }),
    status: 201,
    shape: shape.group,
    also: async (w, path) => {
      const name = w.fresh('Same ')
      await w.ops.client.post(path, { name })
      refusedWith(await w.ops.client.post(path, { name: name.toUpperCase() }), 409, 'conflict', 'a name that is taken')
    },
  },
  {
    route: 'PATCH /api/v1/ops/groups/:id',
    who: 'admin',
    path: w => w.group(),
    json: async w => ({ name: w.fresh('Renamed ') }),
    status: 200,
    shape: shape.group,
    also: async (w, path) => {
      const name = w.fresh('Taken ')
      await w.admin.client.post('/api/v1/ops/groups', { name })
      refusedWith(await w.admin.client.patch(path, { name }), 409, 'conflict', 'a name that is taken')
      refusedWith(await w.ops.client.patch(path, { name: 'x' }), 404, 'not_found', 'another’s')
    },
  },
  {
    route: 'DELETE /api/v1/ops/groups/:id',
    who: 'admin',
    path: w => w.group(),
    status: 204,
    shape: undefined,
    also: async (w, path) => refusedWith(await w.admin.client.delete(path), 404, 'not_found', 'deleted already'),
  },
  {
    route: 'PUT /api/v1/ops/groups/:id/members',
    who: 'admin',
    path: async w => `${await w.group()}/members`,
    json: async w => ({ clients: [w.client.id, w.other.email] }),
    status: 200,
    shape: shape.group,
    also: async (w, path) => {
      const unknown = await w.admin.client.put(path, { clients: ['nobody@nowhere.example'] })
      refusedWith(unknown, 422, 'unknown_recipient', 'nobody')
      assert.match(unknown.text, /nobody@nowhere\.example/, 'named')
      refusedWith(await w.ops.client.put(path, { clients: [] }), 404, 'not_found', 'another’s')
    },
  },
  {
    ...get('/api/v1/ops/groups/:id', 'ops', shape.group),
    path: w => w.group(),
    also: async w => refusedWith(await w.ops.client.get(`/api/v1/ops/groups/${nowhere}`), 404, 'not_found', 'none'),
  },
  get('/api/v1/ops/clients', 'ops', shape.page(shape.user)),
  {
    ...get('/api/v1/ops/clients/:id', 'ops', shape.clientAlone),
    path: async w => w.client.id,
    also: async w =>
      refusedWith(await w.ops.client.get(`/api/v1/ops/clients/${w.ops.id}`), 404, 'not_found', 'the team'),
  },
  {
    ...get('/api/v1/ops/clients/:id/files', 'ops', shape.page(shape.sharedFile)),
    path: async w => `${w.client.id}/files`,
    also: async (w, path) => {
      const id = await w.file(w.ops, 'Looked at.docx')
      const { body } = await w.ops.client.get(`${path}?q=looked&limit=1`)
      assert.equal(body.items[0]?.id, id)
      refusedWith(await w.ops.client.get(`/api/v1/ops/clients/${w.ops.id}/files`), 404, 'not_found', 'the team')
      refusedWith(await w.ops.client.get(`${path}?uploaded_by=${w.ops.id}`), 400, 'invalid_request', 'another filter')
    },
  },
  get('/api/v1/ops/overview', 'admin', shape.overview, async (w, path) => {
    answeredWith(await w.ops.client.get(path), 200, shape.overview, 'of the own files')
  }),
  get('/api/v1/ops/settings', 'admin', shape.settings, async (w, path) => {
    const { body } = await w.admin.client.get(path)
    const port = body.items.find((one: { name: string }) => one.name === 'VALISE_PORT')
    assert.deepEqual([port.value, port.source], ['0', 'environment'])
  }),
  {
    route: 'PATCH /api/v1/ops/clients/:id',
    who: 'admin',
    path: async w => w.other.id,
    json: async () => ({ disabled: false }),
    status: 200,
    shape: shape.user,
    also: async w => {
      const path = `/api/v1/ops/clients/${w.admin.id}`
      refusedWith(await w.admin.client.patch(path, { disabled: true }), 404, 'not_found', 'no client')
      refusedWith(await w.ops.client.patch(path, { disabled: true }), 403, 'forbidden', 'no admin')
    },
  },
  get('/api/v1/ops/team', 'admin', shape.page(shape.user), async (w, path) =>
    refusedWith(await w.ops.client.get(path), 403, 'forbidden', 'no admin'),
  ),
  {
    route: 'PATCH /api/v1/ops/team/:id',
    who: 'admin',
    path: async w => w.ops.id,
    json: async () => ({ disabled: false }),
    status: 200,
    shape: shape.user,
    also: async w => {
      const last = await w.admin.client.patch(`/api/v1/ops/team/${w.admin.id}`, { disabled: true })
      refusedWith(last, 409, 'conflict', 'the last admin')
    },
  },
]

const open: Row[] = [
  get('/healthz', 'nobody', shape.status('ok')),
  get('/readyz', 'nobody', shape.status('ok')),
  { ...get('/openapi.json', 'nobody', shape.anyObject) },
]

/** Every JSON route of the contract but set-up (world.ts), the upload and the download (contract.test.ts). */
export const rows: Row[] = [
  ...open,
  ...joining,
  ...(['ops', 'client'] as const).flatMap(atBothDoors),
  ...people,
  ...files,
  ...handoffs,
]
