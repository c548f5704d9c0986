import {
  ADMIN_WAITS,
  at,
  type Case,
  FAR,
  foreignFile,
  form,
  OPS_ALL,
  OPS_OTHERS,
  OPS_OWN,
  ownFile,
} from './10-making.ts'

export const files: Case[] = [
  {
    route: 'POST /api/v1/ops/files',
    expect: OPS_ALL,
    make: async w => ({ path: '/api/v1/ops/files', form: form(w) }),
  },
  {
    route: 'POST /api/v1/ops/inspect',
    expect: OPS_ALL,
    make: async w => ({ path: '/api/v1/ops/inspect', form: form(w) }),
  },
  {
    route: 'POST /api/v1/ops/files/:id/release',
    expect: ADMIN_WAITS,
    make: async w => ({ path: `/api/v1/ops/files/${await foreignFile(w)}/release` }),
  },
  { route: 'GET /api/v1/ops/files', expect: OPS_ALL, make: at('/api/v1/ops/files') },
  {
    route: 'GET /api/v1/ops/files/:id',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/files/${await foreignFile(w)}` }),
  },
  {
    route: 'GET /api/v1/ops/files/:id',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({ path: `/api/v1/ops/files/${await ownFile(w, actor)}` }),
  },
  {
    route: 'DELETE /api/v1/ops/files/:id',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/files/${await foreignFile(w)}` }),
  },
  {
    route: 'DELETE /api/v1/ops/files/:id',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({ path: `/api/v1/ops/files/${await ownFile(w, actor)}` }),
  },
  {
    route: 'PUT /api/v1/ops/files/:id/audience',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/files/${await foreignFile(w)}/audience`, json: { everyone: true } }),
  },
  {
    route: 'PUT /api/v1/ops/files/:id/audience',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({
      path: `/api/v1/ops/files/${await ownFile(w, actor)}/audience`,
      json: { clients: [w.receiver.id] },
    }),
  },
  {
    route: 'GET /api/v1/ops/files/:id/deliveries',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/files/${await foreignFile(w)}/deliveries` }),
  },
  {
    route: 'GET /api/v1/ops/files/:id/deliveries',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({ path: `/api/v1/ops/files/${await ownFile(w, actor)}/deliveries` }),
  },
  {
    route: 'POST /api/v1/ops/handoffs',
    expect: OPS_OTHERS,
    make: async w => ({
      path: '/api/v1/ops/handoffs',
      json: { files: [await foreignFile(w)], audience: { everyone: true }, note: 'x', expires_at: FAR },
    }),
  },
  {
    route: 'POST /api/v1/ops/handoffs',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({
      path: '/api/v1/ops/handoffs',
      json: { files: [await ownFile(w, actor)], audience: { clients: [w.receiver.id] } },
    }),
  },
  {
    route: 'PATCH /api/v1/ops/files/:id',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/files/${await foreignFile(w)}`, json: { expires_at: FAR, tell_me: true } }),
  },
  {
    route: 'PATCH /api/v1/ops/files/:id',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({ path: `/api/v1/ops/files/${await ownFile(w, actor)}`, json: { expires_at: FAR } }),
  },
  {
    route: 'POST /api/v1/ops/files/:id/reminders',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/files/${await foreignFile(w)}/reminders`, json: { clients: 'all' } }),
  },
  {
    route: 'POST /api/v1/ops/files/:id/reminders',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({
      path: `/api/v1/ops/files/${await ownFile(w, actor)}/reminders`,
      json: { clients: 'all' },
    }),
  },
  { route: 'GET /api/v1/ops/audit', expect: OPS_ALL, make: at('/api/v1/ops/audit') },
]
