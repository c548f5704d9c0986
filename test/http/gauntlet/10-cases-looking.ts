import { ADMIN, at, type Case, CLIENT_ALL, foreignGroup, OPS_ALL } from './10-making.ts'

/** Looking at how things stand, and hearing of it. */
export const looking: Case[] = [
  { route: 'GET /api/v1/ops/overview', expect: OPS_ALL, make: at('/api/v1/ops/overview') },
  { route: 'GET /api/v1/ops/settings', expect: ADMIN, make: at('/api/v1/ops/settings') },
  { route: 'GET /api/v1/ops/events', expect: OPS_ALL, make: at('/api/v1/ops/events') },
  { route: 'GET /api/v1/client/events', expect: CLIENT_ALL, make: at('/api/v1/client/events') },
  {
    route: 'GET /api/v1/ops/groups/:id',
    expect: OPS_ALL,
    make: async w => ({ path: `/api/v1/ops/groups/${await foreignGroup(w)}` }),
  },
  {
    route: 'GET /api/v1/ops/clients/:id',
    expect: OPS_ALL,
    make: async w => ({ path: `/api/v1/ops/clients/${w.receiver.id}` }),
  },
  {
    route: 'GET /api/v1/ops/clients/:id/files',
    expect: OPS_ALL,
    make: async w => ({ path: `/api/v1/ops/clients/${w.receiver.id}/files` }),
  },
]
