import {
  ADMIN,
  again,
  at,
  type Case,
  foreignGroup,
  groupBy,
  invitationBy,
  invitee,
  newPerson,
  OPS_ALL,
  OPS_OTHERS,
  OPS_OWN,
  OTHERS_SESSION,
  sessionOf,
} from './10-making.ts'

export const people: Case[] = [
  { route: 'GET /api/v1/ops/me', expect: OPS_ALL, make: at('/api/v1/ops/me') },
  { route: 'GET /api/v1/ops/sessions', expect: OPS_ALL, make: at('/api/v1/ops/sessions') },
  {
    route: 'DELETE /api/v1/ops/sessions/:id',
    expect: OTHERS_SESSION,
    make: async w => ({ path: `/api/v1/ops/sessions/${await sessionOf(w, w.owner)}` }),
  },
  {
    route: 'DELETE /api/v1/ops/sessions/:id',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({ path: `/api/v1/ops/sessions/${await sessionOf(w, actor ?? w.owner)}` }),
  },
  {
    route: 'POST /api/v1/ops/logout',
    expect: OPS_ALL,
    make: async (w, actor) => ({ path: '/api/v1/ops/logout', token: await again(w, actor) }),
  },
  {
    route: 'POST /api/v1/ops/invitations',
    what: 'of a client',
    expect: OPS_ALL,
    make: async w => ({ path: '/api/v1/ops/invitations', json: { email: invitee(w), role: 'client' } }),
  },
  {
    route: 'POST /api/v1/ops/invitations',
    what: 'to the team',
    expect: ADMIN,
    make: async w => ({ path: '/api/v1/ops/invitations', json: { email: invitee(w), role: 'ops' } }),
  },
  {
    // Whoever is invited into a group sees what the group sees: as good as managing it.
    route: 'POST /api/v1/ops/invitations',
    what: 'into a group',
    expect: '401 401 403 400 ok 401 401',
    make: async w => ({
      path: '/api/v1/ops/invitations',
      json: { email: invitee(w), role: 'client', groups: [await foreignGroup(w)] },
    }),
  },
  { route: 'GET /api/v1/ops/invitations', expect: OPS_ALL, make: at('/api/v1/ops/invitations') },
  {
    route: 'DELETE /api/v1/ops/invitations/:id',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/invitations/${await invitationBy(w, w.owner)}` }),
  },
  {
    route: 'DELETE /api/v1/ops/invitations/:id',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({ path: `/api/v1/ops/invitations/${await invitationBy(w, actor)}` }),
  },
  { route: 'GET /api/v1/ops/groups', expect: OPS_ALL, make: at('/api/v1/ops/groups') },
  {
    route: 'POST /api/v1/ops/groups',
    expect: OPS_ALL,
    make: async w => ({ path: '/api/v1/ops/groups', json: { name: w.fresh('group') } }),
  },
  {
    route: 'PATCH /api/v1/ops/groups/:id',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/groups/${await foreignGroup(w)}`, json: { name: w.fresh('renamed') } }),
  },
  {
    route: 'PATCH /api/v1/ops/groups/:id',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({
      path: `/api/v1/ops/groups/${await groupBy(w, actor, w.fresh('own'))}`,
      json: { name: w.fresh('renamed') },
    }),
  },
  {
    route: 'DELETE /api/v1/ops/groups/:id',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/groups/${await foreignGroup(w)}` }),
  },
  {
    route: 'DELETE /api/v1/ops/groups/:id',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({ path: `/api/v1/ops/groups/${await groupBy(w, actor, w.fresh('own'))}` }),
  },
  {
    route: 'PUT /api/v1/ops/groups/:id/members',
    expect: OPS_OTHERS,
    make: async w => ({ path: `/api/v1/ops/groups/${await foreignGroup(w)}/members`, json: { clients: [] } }),
  },
  {
    route: 'PUT /api/v1/ops/groups/:id/members',
    what: 'own',
    expect: OPS_OWN,
    make: async (w, actor) => ({
      path: `/api/v1/ops/groups/${await groupBy(w, actor, w.fresh('own'))}/members`,
      json: { clients: [w.receiver.id] },
    }),
  },
  { route: 'GET /api/v1/ops/clients', expect: OPS_ALL, make: at('/api/v1/ops/clients') },
  {
    route: 'PATCH /api/v1/ops/clients/:id',
    expect: ADMIN,
    make: async w => ({ path: `/api/v1/ops/clients/${(await newPerson(w, 'client')).id}`, json: { disabled: true } }),
  },
  { route: 'GET /api/v1/ops/team', expect: ADMIN, make: at('/api/v1/ops/team') },
  {
    route: 'PATCH /api/v1/ops/team/:id',
    expect: ADMIN,
    make: async w => ({ path: `/api/v1/ops/team/${(await newPerson(w, 'ops')).id}`, json: { disabled: true } }),
  },
]
