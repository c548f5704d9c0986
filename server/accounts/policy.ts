/** Who is asking, as the door's guard established it for this request. */
export type Actor = {
  id: string
  role: 'ops' | 'client'
  admin: boolean
  email: string
  name: string
  epoch: number
  session: { id: string; created_at: number; expires_at: number }
}

/** `all`: any of them; `own`: what this account made or was given; `none`: refused with 403. */
export type Reach = 'all' | 'own' | 'none'

type Row = { admin: Reach; ops: Reach; client: Reach }

const inside = { admin: 'all', ops: 'all', client: 'none' } as const
const ownInside = { admin: 'all', ops: 'own', client: 'none' } as const
const adminOnly = { admin: 'all', ops: 'none', client: 'none' } as const
const self = { admin: 'own', ops: 'own', client: 'own' } as const
const clientOnly = { admin: 'none', ops: 'none', client: 'own' } as const

/**
 * Who may what (product.md). Every route inside a door names one row; there is no other place where a role decides. `own`
 * becomes a condition in the query, so that what is not yours is not found rather than forbidden.
 */
export const policy = {
  'self:read': self,
  'self:sign_out': self,
  'self:end_session': self,
  'files:upload': inside,
  'files:read': ownInside,
  'files:share': ownInside,
  'files:delete': ownInside,
  'files:release': adminOnly,
  'files:hand_over': ownInside,
  'files:change': ownInside,
  'files:remind': ownInside,
  'overview:read': ownInside,
  'events:read': ownInside,
  'settings:read': adminOnly,
  'groups:read': inside,
  'groups:create': inside,
  'groups:manage': ownInside,
  'clients:read': inside,
  /** Their list as they see it: of one's own files, for administrators of all. */
  'clients:view_as': ownInside,
  'clients:invite': inside,
  'clients:disable': adminOnly,
  'team:read': adminOnly,
  'team:invite': adminOnly,
  'team:disable': adminOnly,
  'invitations:read': ownInside,
  'invitations:revoke': ownInside,
  'audit:read': ownInside,
  'shared:read': clientOnly,
  'shared:acknowledge': clientOnly,
  'shared:ask': clientOnly,
  'shared:events': clientOnly,
  'links:issue': clientOnly,
  'links:read': clientOnly,
  'links:revoke': clientOnly,
} as const satisfies Record<string, Row>

export type Action = keyof typeof policy

/** How far `actor` reaches with `action`; fails closed for a role or action the table does not know. */
export const reach = (actor: Pick<Actor, 'role' | 'admin'>, action: Action): Reach => {
  const row: Row = policy[action]
  if (actor.role === 'client') return row.client
  if (actor.role === 'ops') return actor.admin ? row.admin : row.ops
  return 'none'
}
