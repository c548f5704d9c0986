import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Value } from 'typebox/value'
import { Audience } from '../../contract/files.ts'
import type { Actor } from '../accounts/policy.ts'
import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import type { Keyring } from '../crypto/keyring.ts'
import { newId, type RandomBytes } from '../crypto/random.ts'
import { wrapKey } from '../crypto/wrap.ts'
import type { Db, Tx } from '../db/schema.ts'
import { AppError, invalid } from '../errors.ts'
import type { Verdict } from '../inspect/finding.ts'
import { documentTypeOf } from '../inspect/name.ts'
import type { Source } from '../inspect/source.ts'
import type { BlobStore } from '../storage/store.ts'
import { describeSubjects, replaceGrants, resolveAudience } from './audience.ts'
import { type createContent, plaintextSource } from './content.ts'
import { receiveForm, tooLarge } from './multipart.ts'
import type { Removals } from './removals.ts'
import { type SealedUpload, sealStream } from './seal.ts'
import { termsOf } from './terms.ts'

const NAME_LENGTH = 255

export type UploadNeeds = {
  db: Db
  store: BlobStore
  content: ReturnType<typeof createContent>
  keyring: Keyring
  audit: Audit
  removals: Removals
  inspect: (name: string, source: Source) => Promise<Verdict>
  emailKey: (text: string) => string | undefined
  random: RandomBytes
  now: () => number
  config: { maxUpload: number; defaultAudience: 'nobody' | 'everyone' }
}

type Arrived = SealedUpload & { id: string; name: string }

/**
 * One upload from socket to row: name, sealed bytes, durable blob, verdict, and only then a file anybody can see. Whatever
 * fails on the way leaves no row and no blob; a process that dies leaves a row in `blob_removals` for the sweep.
 */
export const createUpload = (needs: UploadNeeds) => {
  const { db, store, content, audit, removals, random, config } = needs

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

  /** The verdict over the sealed bytes, as they will be delivered. */
  const judge = async (arrived: Arrived): Promise<Verdict> => {
    const opened = await content.openWithKey(arrived)
    try {
      return await needs.inspect(arrived.name, plaintextSource(opened))
    } finally {
      await opened.close()
    }
  }

  /** Rows of an accepted file, its audience and its events, in the caller's transaction. */
  const record = async (tx: Tx, { arrived, verdict, actor, who, audience }: Accepted): Promise<void> => {
    await requireLive(tx, actor, needs.now())
    const { id, name, size, sha256, blob, dataKey } = arrived
    if (verdict.type === null) throw new Error('An accepted file has a type')
    const kek = needs.keyring.keyFor('valise/kek/v1')
    const uploaded_at = needs.now()
    const file = { id, owner: actor.id, name, sha256 }
    const wrap = wrapKey({ kek, fileId: id, dataKey, random })
    const findings = JSON.stringify(verdict.findings)
    await tx
      .insertInto('files')
      .values({
        id,
        name,
        type: verdict.type,
        size,
        sha256,
        status: 'available',
        uploaded_by: actor.id,
        uploaded_at,
        expires_at: null,
        findings,
        wrap,
        kek_id: kek.id,
        blob,
      })
      .execute()
    for (const term of termsOf(name))
      await tx.insertInto('file_terms').values({ term, file_id: id, uploaded_at }).execute()
    const codes = [...new Set(verdict.findings.map(finding => finding.code))]
    await audit.append(tx, {
      kind: 'file.uploaded',
      actor: who,
      file,
      data: { type: verdict.type, size, findings: codes },
    })
    const subjects = await resolveAudience(tx, audience, needs)
    const { added } = await replaceGrants(tx, { id, uploaded_at }, subjects)
    for (const grant of await describeSubjects(tx, added))
      await audit.append(tx, { kind: 'file.shared', actor: who, file, data: grant })
    await removals.kept(tx, blob)
  }

  const refuse = async (
    arrived: { id: string; name: string; size?: number; sha256?: Buffer },
    findings: Verdict['findings'],
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

  /** Resolves with the id of the new file. Throws AppError 400, 413, 422, 507 and what storage and database throw. */
  return async (request: IncomingMessage, by: By): Promise<string> => {
    const maxForm = config.maxUpload + FORM_OVERHEAD
    if (Number(request.headers['content-length'] ?? 0) > maxForm) throw tooLarge(config.maxUpload)
    const form = await receiveForm(request, {
      maxFile: config.maxUpload,
      maxForm,
      onDiscard: discard,
      onFile: async (raw, stream) => {
        const name = checkName(raw)
        // The name alone can refuse; then not a byte is kept.
        if (documentTypeOf(name) === null) {
          const { findings } = await needs.inspect(name, { size: 0, read: async () => new Uint8Array(0) })
          throw await refuse({ id: newId(random), name }, findings, by)
        }
        return seal(name, stream)
      },
    })
    const arrived = form.file
    try {
      const audience = parseAudience(form.audience, config.defaultAudience)
      await arrived.writer.commit()
      const verdict = await judge(arrived)
      if (verdict.verdict !== 'accept') throw await refuse(arrived, verdict.findings, by)
      await db.write(tx => record(tx, { arrived, verdict, audience, ...by }))
      return arrived.id
    } catch (error) {
      await discard(arrived)
      throw error
    }
  }
}

export type By = { actor: Actor; who: Who }
type Accepted = By & { arrived: Arrived; verdict: Verdict; audience: Audience }

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
