import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { Problem } from '../../../contract/errors.ts'
import { createSha256, sameBytes } from '../../crypto/hash.ts'
import type { Keyring } from '../../crypto/keyring.ts'
import type { Db } from '../../db/schema.ts'
import { AppError, invalid, toProblem } from '../../errors.ts'
import type { Accept, By } from '../accept.ts'
import { parseAudience } from '../arrival.ts'
import { type createContent, plaintextChunks } from '../content.ts'
import type { Removals } from '../removals.ts'
import { dataKeyOf } from './receive.ts'
import type { Rows, UploadRow } from './rows.ts'

type Needs = {
  db: Db
  rows: Rows
  accept: Accept
  removals: Removals
  keyring: Keyring
  content: ReturnType<typeof createContent>
  defaultAudience: 'nobody' | 'everyone'
}

/**
 * Makes a file of an upload whose bytes are all there, or refuses it. Whoever asks while it is being judged gets the same
 * answer: it is judged once.
 */
export const createFinish = ({ db, rows, accept, removals, keyring, content, defaultAudience }: Needs) => {
  const judging = new Map<string, Promise<void>>()

  /** Of the blob as it is stored: every segment is opened, as for its recipient. */
  const hashOf = async (row: UploadRow): Promise<Buffer> => {
    const opened = await content.openWithKey({ ...row, dataKey: dataKeyOf(keyring, row) })
    try {
      const hash = createSha256()
      for await (const chunk of plaintextChunks(opened)) hash.update(chunk)
      return hash.digest()
    } finally {
      await opened.close()
    }
  }

  const refuse = async (row: UploadRow, error: AppError): Promise<void> => {
    const ended = await db.write(async tx => {
      if (!(await rows.end(tx, row.id, 'refused', JSON.stringify(toProblem(error))))) return false
      await removals.letGo(tx, row.blob)
      return true
    })
    if (ended) await removals.erase(row.blob)
  }

  const judge = async (row: UploadRow, by: By, known: Buffer | undefined): Promise<void> => {
    const sha256 = known ?? (await hashOf(row))
    try {
      if (row.sha256 !== null && !sameBytes(row.sha256, sha256)) throw otherBytes()
      await accept.accept(
        { id: row.id, name: row.name, size: row.size, sha256, blob: row.blob, dataKey: dataKeyOf(keyring, row) },
        {
          ...by,
          audience: parseAudience(row.audience ?? undefined, defaultAudience),
          also: async tx => {
            if (!(await rows.end(tx, row.id, 'file'))) throw hasEnded()
          },
        },
      )
    } catch (error) {
      // Anything else (a full machine, a session that ended, a recipient who is gone) can be put right before it expires.
      if (error instanceof AppError && (error.code === 'file_refused' || error.code === 'invalid_request'))
        await refuse(row, error)
      throw error
    }
  }

  /** Resolves once it is a file. Throws AppError 422 `file_refused` with findings, 400 for another SHA-256, and as `accept`. */
  return (row: UploadRow, by: By, sha256?: Buffer): Promise<void> => {
    const running = judging.get(row.id)
    if (running) return running
    const work = judge(row, by, sha256).finally(() => judging.delete(row.id))
    judging.set(row.id, work)
    return work
  }
}

const hasEnded = () => new AppError('gone', { detail: 'This upload has ended. Send the file again.' })

const otherBytes = (): AppError =>
  invalid('sha256', 'is not that of the bytes that arrived; nothing was kept. Send the file again.')

const Stored = Type.Partial(Problem)

/** What a request gets that comes after the end. */
export const endedAs = ({ ended, problem }: Pick<UploadRow, 'ended' | 'problem'>): AppError => {
  if (ended === 'file')
    return new AppError('conflict', { detail: 'This upload is a file now, and files never change.' })
  if (ended !== 'refused' || problem === null) return hasEnded()
  const { detail, findings, errors } = Value.Parse(Stored, JSON.parse(problem))
  return new AppError('gone', { detail, findings, errors })
}
