import { decodeBase64url } from '../crypto/encoding.ts'
import { sha256 } from '../crypto/hash.ts'
import { openSessionToken } from '../crypto/jwt.ts'
import type { Reader } from '../db/schema.ts'
import type { Parts } from './parts.ts'
import type { Actor } from './policy.ts'
import type { Role } from './user.ts'

/** `last_seen_at` is written at most this often (formats.md), and more often only where sessions idle out within minutes. */
const SEEN_EVERY = 60_000

/** Databases bound how many parameters a statement takes. */
const CHUNK = 500

/** Tells live sessions from everything else, for the doors and for streams that outlast a request. */
export const createAuthenticate = ({ db, keyring, now, log, config }: Parts) => {
  const idle = config.sessionIdle * 1000
  const seenEvery = Math.min(SEEN_EVERY, idle / 4)
  const writing = new Map<string, Promise<void>>()

  /** Sessions that live now: neither ended, expired nor idle, of an account that is verified, enabled and in the same epoch. */
  const live = (reader: Reader) => {
    const at = now()
    return reader
      .selectFrom('sessions')
      .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
      .whereRef('accounts.epoch', '=', 'sessions.epoch')
      .where('accounts.disabled_at', 'is', null)
      .where('accounts.email_verified_at', 'is not', null)
      .where('sessions.expires_at', '>', at)
      .where('sessions.last_seen_at', '>', at - idle)
  }

  /** Notes that the session is in use. Nobody waits for it: losing one only shortens an idle session by a minute. */
  const seen = (id: string, lastSeenAt: number): void => {
    const at = now()
    if (at - lastSeenAt < seenEvery || writing.has(id)) return
    const done = db
      .write(async tx => {
        await tx.updateTable('sessions').set({ last_seen_at: at }).where('id', '=', id).execute()
      })
      .catch((error: unknown) => log.error({ err: error }, 'last use of a session was not written'))
      .finally(() => writing.delete(id))
    writing.set(id, done)
  }

  return {
    /** Who a session token speaks for; undefined unless it is a live session of whichever door its token names. */
    authenticate: async (token: string): Promise<Actor | undefined> => {
      const audience = audienceOf(token)
      if (audience === undefined) return undefined
      const claims = await openSessionToken(keyring, token, { issuer: config.publicUrl.origin, audience, now: now() })
      if (claims === undefined) return undefined
      const row = await live(db.read)
        .select([
          'accounts.id',
          'accounts.role',
          'accounts.admin',
          'accounts.email',
          'accounts.name',
          'accounts.epoch',
          'sessions.id as session_id',
          'sessions.created_at',
          'sessions.expires_at',
          'sessions.last_seen_at',
        ])
        .where('sessions.sid_hash', '=', sha256(claims.sid))
        .executeTakeFirst()
      if (row === undefined || row.id !== claims.sub || row.role !== claims.aud) return undefined
      seen(row.session_id, row.last_seen_at)
      return {
        id: row.id,
        role: row.role,
        admin: row.admin === 1,
        email: row.email,
        name: row.name,
        epoch: row.epoch,
        session: { id: row.session_id, created_at: row.created_at, expires_at: row.expires_at },
      }
    },

    /**
     * Whether the session with this id (`Actor.session.id`) still lives, for streams that must end with it. Asking counts as
     * use: a download that runs for hours is not idle.
     */
    sessionAlive: async (id: string): Promise<boolean> => {
      const row = await live(db.read).select('sessions.last_seen_at').where('sessions.id', '=', id).executeTakeFirst()
      if (row !== undefined) seen(id, row.last_seen_at)
      return row !== undefined
    },

    /**
     * Of these sessions (`Actor.session.id`) those that live, and who they speak for now. Asking does not count as use: a page
     * that is left open must not keep its session from idling out.
     */
    liveSessions: async (ids: readonly string[]): Promise<Map<string, Pick<Actor, 'id' | 'role' | 'admin'>>> => {
      const found = new Map<string, Pick<Actor, 'id' | 'role' | 'admin'>>()
      for (let i = 0; i < ids.length; i += CHUNK) {
        const rows = await live(db.read)
          .select(['sessions.id as session_id', 'accounts.id', 'accounts.role', 'accounts.admin'])
          .where('sessions.id', 'in', ids.slice(i, i + CHUNK))
          .execute()
        for (const { session_id, id, role, admin } of rows) found.set(session_id, { id, role, admin: admin === 1 })
      }
      return found
    },

    /** Resolves when the notes of use that are on their way have been written. */
    settled: async (): Promise<void> => {
      await Promise.all(writing.values())
    },
  }
}

/** Which door an unverified token names: it only chooses what the verification then demands. */
const audienceOf = (token: string): Role | undefined => {
  const payload = token.length > 1024 ? undefined : decodeBase64url(token.split('.', 2)[1] ?? '')
  try {
    const claims: unknown = JSON.parse(payload?.toString() ?? '')
    const aud = typeof claims === 'object' && claims !== null && 'aud' in claims ? claims.aud : undefined
    return aud === 'ops' || aud === 'client' ? aud : undefined
  } catch {
    return undefined
  }
}
