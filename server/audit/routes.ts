import type { FastifyInstance } from 'fastify'
import { AuditEvents, ListAudit } from '../../contract/audit.ts'
import type { Static } from '../../contract/wire.ts'
import type { Db } from '../db/schema.ts'
import { invalid } from '../errors.ts'
import { actorOf } from '../http/request.ts'
import { decodeCursor, limitOf, pageOf } from '../paging.ts'
import { listAudit } from './list.ts'
import { parseTime } from './time.ts'

type Needs = {
  db: Pick<Db, 'read'>
  /** The accounts with this id or e-mail address, of either role; none if there is none. */
  resolveActor: (text: string) => Promise<string[]>
}

/** `GET /audit`, to be registered inside the ops door. */
export const auditRoutes = (scope: FastifyInstance, { db, resolveActor }: Needs): void => {
  scope.get<{ Querystring: Static<typeof ListAudit> }>(
    '/audit',
    { schema: { querystring: ListAudit, response: { 200: AuditEvents } }, config: { policy: 'audit:read' } },
    async request => {
      const { kind, actor, file, since, cursor } = request.query
      const limit = limitOf(request.query.limit)
      const [before] = cursor === undefined ? [] : decodeCursor(cursor, ['number'])
      const found = await listAudit(db.read, {
        owner: request.reach === 'all' ? undefined : actorOf(request).id,
        kind,
        actors: actor === undefined ? undefined : await resolveActor(actor),
        file,
        since: since === undefined ? undefined : sinceOf(since),
        before,
        limit: limit + 1,
      })
      const { rows, next_cursor } = pageOf(found, limit, event => [event.seq])
      return { items: rows, next_cursor }
    },
  )
}

const sinceOf = (text: string): number => {
  const time = parseTime(text)
  if (time === undefined) throw invalid('since', 'must be an RFC 3339 time such as 2026-01-31T12:00:00Z')
  return time
}
