import { sha256 } from '../crypto/hash.ts'
import { sealSessionToken } from '../crypto/jwt.ts'
import { newId, newSecret } from '../crypto/random.ts'
import type { Tx } from '../db/schema.ts'
import type { Origin, Parts } from './parts.ts'
import { type Account, auditActor } from './user.ts'

/** A client that sends kilobytes as its name does not get to store them. */
const USER_AGENT = 300

/** Sessions one account has at a time; beyond that the one longest unused ends. A program that never signs out has many. */
const MOST = 100

/** How somebody got in, as the log says it. */
export type SignedInBy = 'password' | 'mail_link' | 'invitation'
export type Transport = 'bearer' | 'cookie'

/**
 * Makes sessions (formats.md, "Session token"): `prepare` before the transaction, `insert` in it, `seal` after it, since
 * making the JWT must not hold the one write connection.
 */
export const createNewSession = ({ keyring, random, now, audit, config }: Parts) => ({
  prepare: () => {
    const iat = Math.floor(now() / 1000)
    return { id: newId(random), sid: newSecret(random), iat, exp: iat + config.sessionMax }
  },

  /** `account` as read in this same transaction: the session holds its epoch and dies when that is raised. */
  insert: async (
    tx: Tx,
    session: PreparedSession,
    account: Account,
    how: { origin: Origin; by: SignedInBy; transport: Transport },
  ): Promise<void> => {
    await tx
      .insertInto('sessions')
      .values({
        id: session.id,
        sid_hash: sha256(session.sid),
        account_id: account.id,
        epoch: account.epoch,
        created_at: now(),
        last_seen_at: now(),
        expires_at: session.exp * 1000,
        user_agent: how.origin.user_agent.slice(0, USER_AGENT),
        ip: how.origin.ip,
      })
      .execute()
    const { language } = how.origin
    if (language !== undefined && language !== account.language)
      await tx.updateTable('accounts').set({ language }).where('id', '=', account.id).execute()
    await audit.append(tx, {
      kind: 'session.started',
      actor: auditActor(account, how.origin),
      subject: { session: session.id },
      data: { by: how.by, transport: how.transport },
    })
    const surplus = await tx
      .selectFrom('sessions')
      .select('id')
      .where('account_id', '=', account.id)
      .where('id', '!=', session.id)
      .orderBy('last_seen_at', 'desc')
      .orderBy('id')
      .limit(MOST)
      .offset(MOST - 1)
      .execute()
    for (const { id } of surplus) {
      await tx.deleteFrom('sessions').where('id', '=', id).execute()
      await audit.append(tx, {
        kind: 'session.ended',
        actor: auditActor(account, how.origin),
        subject: { session: id },
        data: { by: 'too_many' },
      })
    }
  },

  /** The JWT that carries the session, and when it ends at the latest (milliseconds since 1970). */
  seal: async (session: PreparedSession, account: Account): Promise<{ token: string; expiresAt: number }> => {
    const { sid, iat, exp } = session
    const claims = { iss: config.publicUrl.origin, aud: account.role, sub: account.id, sid, iat, exp }
    return { token: await sealSessionToken(keyring, claims), expiresAt: exp * 1000 }
  },
})

export type PreparedSession = { id: string; sid: string; iat: number; exp: number }
export type NewSession = ReturnType<typeof createNewSession>
