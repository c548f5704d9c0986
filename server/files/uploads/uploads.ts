import type { IncomingMessage } from 'node:http'
import type { Upload } from '../../../contract/uploads.ts'
import type { Keyring } from '../../crypto/keyring.ts'
import { newId, type RandomBytes } from '../../crypto/random.ts'
import { newDataKey, wrapKey } from '../../crypto/wrap.ts'
import type { Db } from '../../db/schema.ts'
import { AppError } from '../../errors.ts'
import { findingOf } from '../../inspect/finding.ts'
import { documentTypeOf } from '../../inspect/name.ts'
import { BlobMissingError, type BlobStore, StorageFullError } from '../../storage/store.ts'
import type { Accept, By } from '../accept.ts'
import { checkName, parseAudience } from '../arrival.ts'
import { resolveAudience } from '../audience.ts'
import type { createContent } from '../content.ts'
import { findFile } from '../find.ts'
import type { Removals } from '../removals.ts'
import { bodyOf } from './body.ts'
import { createFinish, endedAs } from './finish.ts'
import { createHashes } from './hashes.ts'
import type { Metadata } from './protocol.ts'
import { createReceive, tooMany } from './receive.ts'
import { createRows, LIFE, type UploadRow } from './rows.ts'
import { createWriters } from './writers.ts'

export type UploadsNeeds = {
  db: Db
  store: BlobStore
  keyring: Keyring
  accept: Accept
  removals: Removals
  content: ReturnType<typeof createContent>
  emailKey: (text: string) => string | undefined
  random: RandomBytes
  now: () => number
  config: { maxUpload: number; defaultAudience: 'nobody' | 'everyone' }
}

/** Where an upload stands. `expires_at`: milliseconds since 1970. */
export type Standing = { id: string; offset: number; size: number; expires_at: number }

/** Uploads that outlive their connections. An account reaches its own and nobody else's, administrators too. */
export const createUploads = (needs: UploadsNeeds) => {
  const { db, store, keyring, accept, removals, random, now, config } = needs
  const rows = createRows({ db, removals, now })
  const hashes = createHashes()
  const receive = createReceive({ store, keyring, rows, hashes, random, now })
  const finish = createFinish({ ...needs, rows, defaultAudience: config.defaultAudience })
  const writers = createWriters()

  /** The row of an upload that goes on. Throws 404, 409 or 410. */
  const requireOpen = async (id: string, owner: string): Promise<UploadRow> => {
    const row = await rows.find(id, owner)
    if (!row) throw new AppError('not_found')
    if (row.ended !== null) throw endedAs(row)
    if (row.expires_at <= now()) throw expired()
    return row
  }

  const terminate = async (row: UploadRow): Promise<boolean> => {
    const ended = await db.write(async tx => {
      if (!(await rows.end(tx, row.id, 'terminated'))) return false
      await removals.letGo(tx, row.blob)
      return true
    })
    hashes.drop(row.id)
    await writers.end(row.id)
    if (ended) await removals.erase(row.blob)
    return ended
  }

  /** Runs `work` on what is in storage; when that is gone, so is the upload. */
  const onStored = async <T>(row: UploadRow, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof BlobMissingError)) throw error
      await terminate(row)
      throw new AppError('gone', { detail: 'What had arrived is no longer there. Send the file again.', cause: error })
    }
  }

  /** Connections that are gone keep nobody from closing the database, but work that they began goes on. */
  const underWay = new Set<Promise<unknown>>()
  const tracked = async <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work)
    try {
      return await work
    } finally {
      underWay.delete(work)
    }
  }

  const write = async (claimed: UploadRow, request: IncomingMessage, by: By): Promise<Standing> => {
    const { id, size } = claimed
    const writing = await writers.begin(id, claimed.epoch)
    const outcome = await onStored(claimed, async () => {
      try {
        return await receive(claimed, bodyOf(request, writing.signal), writing.isTaken)
      } finally {
        // Before anything waits for the writer to end, as ending the upload does.
        writing.done()
      }
    })
    if (outcome.state === 'open') return { id, size, ...outcome }
    await onStored(claimed, () => finish(claimed, by, outcome.sha256))
    return { id, size, offset: size, expires_at: now() + LIFE }
  }

  const append = async (id: string, offset: number, request: IncomingMessage, by: By): Promise<Standing> => {
    const owner = by.actor.id
    const row = await requireOpen(id, owner)
    if (offset + Number(request.headers['content-length'] ?? 0) > row.size) throw tooMany(row.size)
    if (row.offset === row.size && offset === row.size && row.size > 0) {
      request.resume()
      await onStored(row, () => finish(row, by))
      return { ...row, offset }
    }
    const claimed = await rows.claim(id, owner, offset)
    if (claimed) return write(claimed, request, by)
    const { offset: at } = await requireOpen(id, owner)
    throw new AppError('conflict', {
      detail: `The upload stands at byte ${at}, not at ${offset}. Continue from there.`,
    })
  }

  const standing = async (id: string, by: By): Promise<Standing> => {
    const owner = by.actor.id
    // Whose it is comes first: nobody else's question ends a request.
    if (!(await rows.find(id, owner))) throw new AppError('not_found')
    await writers.end(id)
    const row = await rows.find(id, owner)
    if (!row) throw new AppError('not_found')
    if (row.ended === 'file') {
      if (await findFile(db.read, id, owner)) return { ...row, offset: row.size }
      throw new AppError('gone', { detail: 'The file that this upload became was deleted. Send it again.' })
    }
    if (row.ended !== null) throw endedAs(row)
    if (row.expires_at <= now()) throw expired()
    if (row.offset === row.size && row.size > 0) await onStored(row, () => finish(row, by))
    return row
  }

  return {
    /** Resolves with a new upload of `size` bytes. Throws AppError 400, 413, 422, 429, 507. */
    create: async (size: number, { filename, audience, sha256 }: Metadata, by: By): Promise<Standing> => {
      const id = newId(random)
      const name = checkName(filename, 'filename')
      if (documentTypeOf(name) === null) throw await accept.refuse({ id, name }, [findingOf('type_not_allowed')], by)
      await resolveAudience(db.read, parseAudience(audience, config.defaultAudience), needs)
      const free = await store.freeSpace()
      if (free !== undefined && free < size) throw new StorageFullError()
      const kek = keyring.keyFor('valise/kek/v1')
      const created_at = now()
      const expires_at = created_at + LIFE
      await rows.insert({
        id,
        owner: by.actor.id,
        name,
        size,
        offset: 0,
        sha256: sha256 ?? null,
        audience: audience ?? null,
        wrap: wrapKey({ kek, fileId: id, dataKey: newDataKey(random), random }),
        kek_id: kek.id,
        blob: newId(random),
        header: null,
        tail: null,
        epoch: 0,
        created_at,
        expires_at,
        ended: null,
        problem: null,
      })
      return { id, size, offset: 0, expires_at }
    },

    /**
     * Takes the body of `request` from `offset` on, whoever wrote before: an older request that still runs is fenced. With the
     * last byte the file is judged, and the answer waits for that. Throws AppError 400, 404, 409, 410, 413, 422.
     */
    append: (id: string, offset: number, request: IncomingMessage, by: By): Promise<Standing> =>
      tracked(append(id, offset, request, by)),

    /**
     * Where the upload stands. A request that still writes (its connection is most likely dead) is ended first, with its full
     * segments kept; one that has all its bytes becomes a file first. Throws AppError 404, 410 and as `append`.
     */
    standing: (id: string, by: By): Promise<Standing> => tracked(standing(id, by)),

    /** Ends an upload; nothing of it is left. Throws AppError 404, 409 when it is a file, 410 when it had ended. */
    terminate: async (id: string, by: By): Promise<void> => {
      const row = await requireOpen(id, by.actor.id)
      if (!(await terminate(row))) throw endedAs((await rows.find(id, by.actor.id)) ?? { ended: null, problem: null })
    },

    list: async ({ actor }: By): Promise<Upload[]> =>
      (await rows.open(actor.id)).map(({ expires_at, ...row }) => ({
        ...row,
        expires_at: new Date(expires_at).toISOString(),
      })),

    /** Ends what expired; its blobs go with the next sweep. */
    expire: rows.expire,

    /** Resolves when nothing is under way any more; no new request may come. */
    settled: async (): Promise<void> => void (await Promise.allSettled(underWay)),
  }
}

export type Uploads = ReturnType<typeof createUploads>

const expired = (): AppError =>
  new AppError('gone', { detail: 'This upload was not finished within 24 hours, and is gone. Send the file again.' })
