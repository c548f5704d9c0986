import { createBlobSealer } from '../../crypto/blob.ts'
import { createSha256 } from '../../crypto/hash.ts'
import type { Keyring } from '../../crypto/keyring.ts'
import type { RandomBytes } from '../../crypto/random.ts'
import { HEADER_LENGTH, SEGMENT_LENGTH, SEGMENT_PLAIN_LENGTH, sealedLength } from '../../crypto/segments.ts'
import { openTail, sealTail, TAIL_OVERHEAD } from '../../crypto/tail.ts'
import { unwrapKey } from '../../crypto/wrap.ts'
import { AppError } from '../../errors.ts'
import { BlobExistsError, type BlobStore, type BlobWriter } from '../../storage/store.ts'
import { createSealing } from '../sealing.ts'
import type { Hashes } from './hashes.ts'
import { fenced, type Rows, type UploadRow } from './rows.ts'

/** Milliseconds of a long request after which what has arrived is made durable, so that a kill costs no more than that. */
const KEEP_EVERY = 2000

type Needs = { store: BlobStore; keyring: Keyring; rows: Rows; hashes: Hashes; random: RandomBytes; now: () => number }

/** What a request has made of an upload. `sha256` is missing when its state was lost on the way. */
export type Outcome =
  | { state: 'open'; offset: number; expires_at: number }
  | { state: 'whole'; sha256: Buffer | undefined }

/** The key of an upload that goes on. Throws 410 for one that has ended. */
export const dataKeyOf = (keyring: Keyring, { id, wrap }: Pick<UploadRow, 'id' | 'wrap'>) => {
  if (wrap === null) throw new AppError('gone')
  return unwrapKey({ keyById: keyId => keyring.keyById('valise/kek/v1', keyId), fileId: id, wrap })
}

/**
 * Takes the bytes of one request into an upload it has claimed. A body that ends normally has all its bytes durable in the
 * end: full segments in storage, the rest as the row's sealed tail. One that is cut off keeps its full segments. A position is
 * sealed again only where the row never vouched for it: after a process died, or lost the upload to another request.
 */
export const createReceive = ({ store, keyring, rows, hashes, random, now }: Needs) => {
  const isWhole = async ({ blob, size }: UploadRow): Promise<boolean> => {
    const reader = await store.open(blob).catch(() => undefined)
    await reader?.close()
    return reader?.size === sealedLength(size)
  }

  const begin = (row: UploadRow) => {
    const dataKey = dataKeyOf(keyring, row)
    const began = (row.offset - tailLength(row)) / SEGMENT_PLAIN_LENGTH
    const sealer = createBlobSealer({
      dataKey,
      fileId: row.id,
      random,
      resume: row.header && began > 0 ? { header: row.header, sealedSegments: began } : undefined,
    })
    const hash = began === 0 ? createSha256() : hashes.take(row.id, began)
    let opening: Promise<BlobWriter> | undefined
    const open = (): Promise<BlobWriter> => {
      opening ??= store.resume(row.blob, began === 0 ? 0 : HEADER_LENGTH + began * SEGMENT_LENGTH)
      return opening
    }
    const sealing = createSealing({
      sealer,
      hash,
      fresh: began === 0,
      write: async pieces => (await open()).write(pieces),
      onProgress: async () => {},
    })
    const tail =
      row.tail && openTail({ dataKey, fileId: row.id, offset: began * SEGMENT_PLAIN_LENGTH, bytes: row.tail })

    let kept = began
    return {
      sealer,
      sealing,
      tail,
      hash,
      hasMore: () => sealer.sealedSegments > kept,
      commit: async () => (await open()).commit(),
      /** Lets go of the storage, a write that has only just begun included. */
      close: async () => {
        const writer = await opening?.catch(() => undefined)
        await writer?.leave()
      },
      /** What is in storage becomes what the row vouches for; after a request that ended normally, with the rest as tail. */
      keep: async (withTail: boolean): Promise<number> => {
        await sealing.settle()
        const segments = sealer.sealedSegments
        if (segments > kept) await (await open()).sync()
        const at = segments * SEGMENT_PLAIN_LENGTH
        const place = { dataKey, fileId: row.id, offset: at, plaintext: sealer.pending(), random }
        const expiresAt = await rows.keep(row, {
          offset: withTail ? sealer.plainLength : at,
          header: segments > 0 ? sealer.header : null,
          tail: withTail ? sealTail(place) : null,
        })
        kept = segments
        return expiresAt
      },
    }
  }

  /** `isTaken`: another request has claimed the upload since. */
  return async (row: UploadRow, body: AsyncIterable<Uint8Array>, isTaken: () => boolean): Promise<Outcome> => {
    const { sealer, sealing, tail, hash, hasMore, commit, close, keep } = begin(row)
    const fill = async () => {
      if (tail) await sealing.push(tail)
      let keptAt = now()
      for await (const chunk of body) {
        if (sealer.plainLength + chunk.length > row.size) throw tooMany(row.size)
        await sealing.push(chunk)
        if (now() - keptAt < KEEP_EVERY || !hasMore()) continue
        await keep(false)
        keptAt = now()
      }
    }
    const whole = async (sha256: Buffer | undefined): Promise<Outcome> => {
      await rows.keep(row, { offset: row.size, header: null, tail: null })
      return { state: 'whole', sha256 }
    }
    try {
      await fill().catch(async error => {
        // Whoever took it over begins where the row says, and drops the rest.
        if (isTaken()) throw error
        // Without a new full segment the row stands as it is, its tail included.
        if (hasMore()) await keep(false)
        hashes.put(row.id, sealer.sealedSegments, hash)
        throw error
      })
      if (sealer.plainLength < row.size) {
        const expires_at = sealer.plainLength > row.offset ? await keep(true) : row.expires_at
        hashes.put(row.id, sealer.sealedSegments, hash)
        return { state: 'open', offset: sealer.plainLength, expires_at }
      }
      await sealing.finish()
      await commit()
      return await whole(hash?.digest())
    } catch (error) {
      if (!(error instanceof BlobExistsError)) throw error
      // Committed by a request that died, or lost the upload, before it could say so: the bytes are all there.
      if (!(await isWhole(row))) throw fenced()
      return await whole(undefined)
    } finally {
      await close()
    }
  }
}

const tailLength = ({ tail }: Pick<UploadRow, 'tail'>): number => (tail === null ? 0 : tail.length - TAIL_OVERHEAD)

/** `size`: bytes announced. */
export const tooMany = (size: number): AppError =>
  new AppError('too_large', { detail: `This upload announced ${size} bytes, and these are more.` })
