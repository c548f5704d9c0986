import type { FastifyBaseLogger } from 'fastify'
import type { Audit } from '../audit/append.ts'
import type { FileRef } from '../audit/event.ts'
import { SealError } from '../crypto/errors.ts'
import type { Db } from '../db/schema.ts'
import { BlobMissingError, StorageTamperedError } from '../storage/store.ts'

/** What is wrong with a blob; undefined when the error says nothing about it (no descriptors left, an interrupted read). */
export const damageOf = (error: unknown): 'missing' | 'changed' | undefined => {
  if (error instanceof BlobMissingError) return 'missing'
  return error instanceof SealError || error instanceof StorageTamperedError ? 'changed' : undefined
}

/** Records once per file that its blob cannot be delivered. False: the file was deleted meanwhile, nothing is damaged. */
export const createDamage = ({ db, audit, log }: { db: Db; audit: Audit; log: FastifyBaseLogger }) => {
  const known = new Set<string>()

  return async (file: FileRef, reason: 'missing' | 'changed'): Promise<boolean> => {
    if (known.has(file.id)) return true
    const still = await db.write(async tx => {
      const row = await tx.selectFrom('files').select('id').where('id', '=', file.id).executeTakeFirst()
      if (!row) return false
      const before = await tx
        .selectFrom('audit_events')
        .select('seq')
        .where('file_id', '=', file.id)
        .where('kind', '=', 'file.damaged')
        .executeTakeFirst()
      if (!before) await audit.append(tx, { kind: 'file.damaged', actor: null, file, data: { reason } })
      return true
    })
    if (still) {
      known.add(file.id)
      log.error({ file: file.id, reason }, 'a stored file is damaged and cannot be delivered')
    }
    return still
  }
}

export type Damage = ReturnType<typeof createDamage>
