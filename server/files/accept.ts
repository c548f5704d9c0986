import type { Audience } from '../../contract/files.ts'
import type { Actor } from '../accounts/policy.ts'
import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import type { Keyring } from '../crypto/keyring.ts'
import type { RandomBytes } from '../crypto/random.ts'
import { wrapKey } from '../crypto/wrap.ts'
import type { Db, Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Finding } from '../inspect/finding.ts'
import { describeSubjects, replaceGrants, resolveAudience } from './audience.ts'
import type { createJudge, Judged } from './judge.ts'
import type { Malware } from './malware.ts'
import type { Removals } from './removals.ts'
import type { DataKey } from './seal.ts'
import { termsOf } from './terms.ts'

export type AcceptNeeds = {
  db: Db
  judge: ReturnType<typeof createJudge>
  malware: Pick<Malware, 'record'>
  keyring: Keyring
  audit: Audit
  removals: Removals
  emailKey: (text: string) => string | undefined
  random: RandomBytes
  now: () => number
}

/** A file that has arrived whole: its blob is committed, and nobody's yet. */
export type Arrived = { id: string; name: string; size: number; sha256: Buffer; blob: string; dataKey: DataKey }

export type By = { actor: Actor; who: Who }

type Accepting = By & {
  audience: Audience
  /** What has to happen in the commit that makes it a file. Throwing keeps it from becoming one. */
  also?: (tx: Tx) => Promise<void>
}

/** Where every way of sending a file ends: judged, then recorded or refused. */
export const createAccept = (needs: AcceptNeeds) => {
  const { db, judge, audit, removals, random, now } = needs

  /** Rows of an accepted file, its audience and its events, in the caller's transaction. */
  const record = async (tx: Tx, arrived: Arrived, judged: Judged, { actor, who, audience }: Accepting) => {
    await requireLive(tx, actor, now())
    const { id, name, size, sha256, blob, dataKey } = arrived
    const { type, scan } = judged
    if (type === null || scan.state === 'hit') throw new Error('An accepted file has a type and no malware')
    const kek = needs.keyring.keyFor('valise/kek/v1')
    const uploaded_at = now()
    const file = { id, owner: actor.id, name, sha256 }
    const wrap = wrapKey({ kek, fileId: id, dataKey, random })
    const findings = JSON.stringify(judged.findings)
    await tx
      .insertInto('files')
      .values({
        id,
        name,
        type,
        size,
        sha256,
        status: scan.state === 'unavailable' ? 'pending' : 'available',
        uploaded_by: actor.id,
        uploaded_at,
        expires_at: null,
        expired_at: null,
        tell_uploader: 0,
        findings,
        wrap,
        kek_id: kek.id,
        blob,
      })
      .execute()
    await needs.malware.record(tx, id, scan)
    for (const term of termsOf(name))
      await tx.insertInto('file_terms').values({ term, file_id: id, uploaded_at }).execute()
    const codes = [...new Set(judged.findings.map(finding => finding.code))]
    await audit.append(tx, {
      kind: 'file.uploaded',
      actor: who,
      file,
      data: { type, size, findings: codes, scan: scan.state },
    })
    const subjects = await resolveAudience(tx, audience, needs)
    const { added } = await replaceGrants(tx, { id, uploaded_at }, subjects)
    for (const grant of await describeSubjects(tx, added))
      await audit.append(tx, { kind: 'file.shared', actor: who, file, data: grant })
    await removals.kept(tx, blob)
  }

  /** Records that a file was refused, and answers the error that says so. */
  const refuse = async (
    arrived: { id: string; name: string; size?: number; sha256?: Buffer },
    findings: Finding[],
    { actor, who }: By,
  ): Promise<AppError> => {
    const codes = [...new Set(findings.map(finding => finding.code))]
    const { id, name, size, sha256 } = arrived
    await db.write(tx =>
      audit.refused(tx, {
        kind: 'file.refused',
        actor: who,
        account: actor.id,
        file: { id, owner: actor.id, name, sha256 },
        data: { findings: codes, size },
      }),
    )
    return new AppError('file_refused', { detail: 'The file was not accepted; nothing of it was kept.', findings })
  }

  return {
    judge: (arrived: Arrived, account: string): Promise<Judged> => judge(arrived, account),
    refuse,
    /**
     * Resolves once the file is there for whom it is for. Throws AppError 422 `file_refused` with its findings, 422
     * `unknown_recipient`, 401, and what storage and database throw; whose blob it is then is the caller's affair.
     */
    accept: async (arrived: Arrived, accepting: Accepting): Promise<void> => {
      const judged = await judge(arrived, accepting.actor.id)
      if (judged.verdict !== 'accept') throw await refuse(arrived, judged.findings, accepting)
      await db.write(async tx => {
        await record(tx, arrived, judged, accepting)
        await accepting.also?.(tx)
      })
    },
  }
}

export type Accept = ReturnType<typeof createAccept>

/** An upload can outlive its session: what was allowed at its first byte must still be at its last. */
const requireLive = async (tx: Tx, actor: Actor, now: number): Promise<void> => {
  const session = await tx
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .select('sessions.id')
    .where('sessions.id', '=', actor.session.id)
    .where('sessions.expires_at', '>', now)
    .where('accounts.disabled_at', 'is', null)
    .whereRef('accounts.epoch', '=', 'sessions.epoch')
    .executeTakeFirst()
  if (!session) throw new AppError('unauthenticated', { detail: 'The session ended while the file was arriving.' })
}
