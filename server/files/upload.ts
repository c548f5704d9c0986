import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Value } from 'typebox/value'
import { Audience, type InspectReport } from '../../contract/files.ts'
import type { Static } from '../../contract/wire.ts'
import type { Actor } from '../accounts/policy.ts'
import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { newId, type RandomBytes } from '../crypto/random.ts'
import { wrapKey } from '../crypto/wrap.ts'
import type { Db, Tx } from '../db/schema.ts'
import { AppError, invalid } from '../errors.ts'
import { type Finding, findingOf } from '../inspect/finding.ts'
import { documentTypeOf } from '../inspect/name.ts'
import type { BlobStore } from '../storage/store.ts'
import { describeSubjects, replaceGrants, resolveAudience } from './audience.ts'
import type { createJudge, Judged } from './judge.ts'
import type { Malware } from './malware.ts'
import { receiveForm, tooLarge } from './multipart.ts'
import type { Removals } from './removals.ts'
import { type SealedUpload, sealStream } from './seal.ts'
import { termsOf } from './terms.ts'

const NAME_LENGTH = 255

export type UploadNeeds = {
  db: Db
  store: BlobStore
  judge: ReturnType<typeof createJudge>
  malware: Pick<Malware, 'record'>
  keyring: Keyring
  audit: Audit
  removals: Removals
  emailKey: (text: string) => string | undefined
  random: RandomBytes
  now: () => number
  config: { maxUpload: number; defaultAudience: 'nobody' | 'everyone'; expiredGrace: number }
}

type Arrived = SealedUpload & { id: string; name: string }

/**
 * One upload from socket to row: name, sealed bytes, durable blob, verdict, and only then a file anybody can see. Whatever
 * fails on the way leaves no row and no blob; a process that dies leaves a row in `blob_removals` for the sweep.
 */
export const createUpload = (needs: UploadNeeds) => {
  const { db, store, judge, audit, removals, random, config } = needs

  const seal = async (name: string, stream: Readable): Promise<Arrived> => {
    const id = newId(random)
    const blob = newId(random)
    await removals.expect(blob)
    const sealed = await sealStream(stream, {
      store,
      random,
      fileId: id,
      blob,
      onProgress: () => removals.extend(blob),
    }).catch(async error => {
      await removals.abandon(blob)
      throw error
    })
    return { ...sealed, id, name }
  }

  const discard = async ({ writer, blob }: Arrived): Promise<void> => {
    await writer.abort()
    await removals.abandon(blob)
  }

  /** Rows of an accepted file, its audience and its events, in the caller's transaction. */
  const record = async (tx: Tx, { arrived, judged, actor, who, audience }: Accepted): Promise<void> => {
    await requireLive(tx, actor, needs.now())
    const { id, name, size, sha256, blob, dataKey } = arrived
    const { type, scan } = judged
    if (type === null || scan.state === 'hit') throw new Error('An accepted file has a type and no malware')
    const kek = needs.keyring.keyFor('valise/kek/v1')
    const uploaded_at = needs.now()
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

  const refuse = async (
    arrived: { id: string; name: string; size?: number; sha256?: Buffer },
    findings: Finding[],
    { actor, who }: By,
  ) => {
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

  /** Runs `use` on what has arrived, sealed, durable and judged; afterwards nothing is left of it unless `use` kept it. */
  const receive = async <T>(
    request: IncomingMessage,
    { actor }: By,
    onName: (name: string) => Promise<void>,
    use: (received: Received) => Promise<T>,
  ): Promise<T> => {
    const maxForm = config.maxUpload + FORM_OVERHEAD
    if (Number(request.headers['content-length'] ?? 0) > maxForm) throw tooLarge(config.maxUpload)
    const form = await receiveForm(request, {
      maxFile: config.maxUpload,
      maxForm,
      onDiscard: discard,
      onFile: async (raw, stream) => {
        const name = checkName(raw)
        await onName(name)
        return seal(name, stream)
      },
    })
    const arrived = form.file
    try {
      const audience = parseAudience(form.audience, config.defaultAudience)
      await arrived.writer.commit()
      return await use({ arrived, audience, judged: await judge(arrived, actor.id) })
    } catch (error) {
      await discard(arrived)
      throw error
    }
  }

  return {
    /** Resolves with the id of the new file. Throws AppError 400, 413, 422, 507 and what storage and database throw. */
    upload: (request: IncomingMessage, by: By): Promise<string> =>
      receive(
        request,
        by,
        async name => {
          // The name alone can refuse; then not a byte is kept.
          if (documentTypeOf(name) === null)
            throw await refuse({ id: newId(random), name }, [findingOf('type_not_allowed')], by)
        },
        async received => {
          const { arrived, judged } = received
          if (judged.verdict !== 'accept') throw await refuse(arrived, judged.findings, by)
          await db.write(tx => record(tx, { ...received, ...by }))
          return arrived.id
        },
      ),

    /** What an upload would find; nothing is stored or recorded. Throws as `upload` does, but never for what was found. */
    inspect: (request: IncomingMessage, by: By): Promise<Static<typeof InspectReport>> =>
      receive(
        request,
        by,
        async () => {},
        async ({ arrived, judged }) => {
          await discard(arrived)
          const { verdict, type, findings, scan } = judged
          const { name, size } = arrived
          return { name, verdict, type, size, sha256: arrived.sha256.toString('hex'), scan: scan.state, findings }
        },
      ),
  }
}

export type By = { actor: Actor; who: Who }
type Received = { arrived: Arrived; judged: Judged; audience: Audience }
type Accepted = By & Received

/** Boundaries, part headers and the audience part, generously. */
const FORM_OVERHEAD = 1024 * 1024

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

/** One line, NFC, at most 255 characters. Which endings are allowed is for the inspection. */
const checkName = (raw: string): string => {
  const name = raw.normalize('NFC').trim()
  if (name === '') throw invalid('file', 'needs a file name')
  if (name.length > NAME_LENGTH) throw invalid('file', `has a name of more than ${NAME_LENGTH} characters`)
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(name)) throw invalid('file', 'has control characters in its name')
  return name
}

const parseAudience = (text: string | undefined, fallback: 'nobody' | 'everyone'): Audience => {
  if (text === undefined) return { everyone: fallback === 'everyone' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid('audience', 'is not JSON')
  }
  if (!Value.Check(Audience, value))
    throw invalid('audience', 'takes {"everyone":true|false,"groups":[id],"clients":[id or e-mail]}')
  return value
}
