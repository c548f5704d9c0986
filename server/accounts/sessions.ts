import type { Actor as Who } from '../audit/event.ts'
import { AppError } from '../errors.ts'
import { decodeCursor, limitOf, pageOf } from '../paging.ts'
import type { Parts } from './parts.ts'
import type { Actor } from './policy.ts'
import { toTime } from './user.ts'

type Needs = Pick<Parts, 'db' | 'audit' | 'now'> & { idle: number }

/** A person's own sessions: see them, end one, sign out. `idle` in milliseconds. */
export const createSessions = ({ db, audit, now, idle }: Needs) => {
  const end = (who: Who, id: string, by: 'signed_out' | 'ended'): Promise<boolean> =>
    db.write(async tx => {
      const { numDeletedRows } = await tx
        .deleteFrom('sessions')
        .where('id', '=', id)
        .where('account_id', '=', who.id)
        .executeTakeFirstOrThrow()
      if (numDeletedRows === 0n) return false
      await audit.append(tx, { kind: 'session.ended', actor: who, subject: { session: id }, data: { by } })
      return true
    })

  return {
    /** Ends the session the request came with. */
    signOut: async (who: Who, sessionId: string): Promise<void> => {
      await end(who, sessionId, 'signed_out')
    },

    /** Ends one of the actor's sessions. Throws `not_found` for every other id. */
    endSession: async (who: Who, id: string): Promise<void> => {
      if (!(await end(who, id, 'ended'))) throw new AppError('not_found')
    },

    /** The actor's live sessions, newest first. */
    listSessions: async (actor: Actor, query: { limit?: string; cursor?: string }) => {
      const limit = limitOf(query.limit)
      const at = now()
      let rows = db.read
        .selectFrom('sessions')
        .selectAll()
        .where('account_id', '=', actor.id)
        .where('epoch', '=', actor.epoch)
        .where('expires_at', '>', at)
        .where('last_seen_at', '>', at - idle)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
      if (query.cursor !== undefined) {
        const [created, id] = decodeCursor(query.cursor, ['number', 'string'])
        rows = rows.where(eb => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(created, id)))
      }
      const page = pageOf(await rows.execute(), limit, row => [row.created_at, row.id])
      const items = page.rows.map(row => ({
        id: row.id,
        current: row.id === actor.session.id,
        created_at: toTime(row.created_at),
        last_seen_at: toTime(row.last_seen_at),
        expires_at: toTime(row.expires_at),
        user_agent: row.user_agent,
        ip: row.ip,
      }))
      return { items, next_cursor: page.next_cursor }
    },
  }
}
