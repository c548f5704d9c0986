import {
  again,
  at,
  type Case,
  CLIENT_ALL,
  CLIENT_OTHERS,
  CLIENT_OWN,
  fetchedFile,
  foreignFile,
  linkId,
  ownFile,
  sessionOf,
} from './10-making.ts'
import { linkTo } from './cast.ts'

export const client: Case[] = [
  { route: 'GET /api/v1/client/me', expect: CLIENT_ALL, make: at('/api/v1/client/me') },
  { route: 'GET /api/v1/client/sessions', expect: CLIENT_ALL, make: at('/api/v1/client/sessions') },
  {
    route: 'DELETE /api/v1/client/sessions/:id',
    expect: CLIENT_OTHERS,
    make: async w => ({ path: `/api/v1/client/sessions/${await sessionOf(w, w.receiver)}` }),
  },
  {
    route: 'DELETE /api/v1/client/sessions/:id',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => ({ path: `/api/v1/client/sessions/${await sessionOf(w, actor ?? w.receiver)}` }),
  },
  {
    route: 'POST /api/v1/client/logout',
    expect: CLIENT_ALL,
    make: async (w, actor) => ({ path: '/api/v1/client/logout', token: await again(w, actor) }),
  },
  { route: 'GET /api/v1/client/files', expect: CLIENT_ALL, make: at('/api/v1/client/files') },
  {
    route: 'GET /api/v1/client/files/:id',
    expect: CLIENT_OTHERS,
    make: async w => ({ path: `/api/v1/client/files/${await foreignFile(w)}` }),
  },
  {
    route: 'GET /api/v1/client/files/:id',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => ({ path: `/api/v1/client/files/${await ownFile(w, actor)}` }),
  },
  {
    route: 'POST /api/v1/client/files/:id/link',
    expect: CLIENT_OTHERS,
    make: async w => ({ path: `/api/v1/client/files/${await foreignFile(w)}/link`, json: {} }),
  },
  {
    route: 'POST /api/v1/client/files/:id/link',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => ({ path: `/api/v1/client/files/${await ownFile(w, actor)}/link`, json: {} }),
  },
  {
    route: 'POST /api/v1/client/files/:id/acknowledge',
    expect: CLIENT_OTHERS,
    make: async w => ({ path: `/api/v1/client/files/${await foreignFile(w)}/acknowledge` }),
  },
  {
    route: 'POST /api/v1/client/files/:id/acknowledge',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => ({ path: `/api/v1/client/files/${await fetchedFile(w, actor)}/acknowledge` }),
  },
  {
    route: 'POST /api/v1/client/files/:id/confirm',
    expect: CLIENT_OTHERS,
    make: async w => ({
      path: `/api/v1/client/files/${await foreignFile(w)}/confirm`,
      json: { sha256: '0'.repeat(64) },
    }),
  },
  {
    route: 'POST /api/v1/client/files/:id/confirm',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => {
      const path = `/api/v1/client/files/${await fetchedFile(w, actor)}`
      const { sha256 } = (await (actor ?? w.receiver).client.get(path)).body
      return { path: `${path}/confirm`, json: { sha256 } }
    },
  },
  {
    route: 'POST /api/v1/client/files/:id/ask',
    expect: CLIENT_OTHERS,
    make: async w => ({ path: `/api/v1/client/files/${await foreignFile(w)}/ask` }),
  },
  {
    route: 'POST /api/v1/client/files/:id/ask',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => {
      const id = await ownFile(w, actor)
      await w.server.db.write(tx => tx.updateTable('files').set({ status: 'expired' }).where('id', '=', id).execute())
      return { path: `/api/v1/client/files/${id}/ask` }
    },
  },
  {
    route: 'GET /api/v1/client/files/:id/history',
    expect: CLIENT_OTHERS,
    make: async w => ({ path: `/api/v1/client/files/${await foreignFile(w)}/history` }),
  },
  {
    route: 'GET /api/v1/client/files/:id/history',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => ({ path: `/api/v1/client/files/${await ownFile(w, actor)}/history` }),
  },
  { route: 'GET /api/v1/client/links', expect: CLIENT_ALL, make: at('/api/v1/client/links') },
  {
    route: 'DELETE /api/v1/client/links/:id',
    expect: CLIENT_OTHERS,
    make: async w => ({ path: `/api/v1/client/links/${await linkId(w, w.receiver, await foreignFile(w))}` }),
  },
  {
    route: 'DELETE /api/v1/client/links/:id',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => ({
      path: `/api/v1/client/links/${await linkId(w, actor ?? w.receiver, await ownFile(w, actor))}`,
    }),
  },
  {
    // Public, as browsers without a session are sent to sign in; whoever has one of another account finds nothing.
    route: 'GET /download/:token',
    expect: '401 401 404 404 404 401 401',
    make: async w => ({ path: await linkTo(w.receiver.client, await foreignFile(w)) }),
  },
  {
    route: 'GET /download/:token',
    what: 'own',
    expect: CLIENT_OWN,
    make: async (w, actor) => ({ path: await linkTo((actor ?? w.receiver).client, await ownFile(w, actor)) }),
  },
  {
    route: 'GET /download/*',
    expect: '401 401 404 404 404 401 401',
    make: async w => ({ path: `${await linkTo(w.receiver.client, await foreignFile(w))}/more` }),
  },
]
