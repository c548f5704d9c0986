import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import type { Db } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Running } from './running.ts'
import { fileRef } from './sql.ts'

/** Ends one of the client's own live links, and what it is sending just now. Throws 404 for any other id. */
export const createRevoke =
  ({ db, audit, running }: { db: Db; audit: Audit; running: Running }) =>
  async (clientId: string, who: Who, linkId: string): Promise<void> => {
    const at = await db.now()
    await db.write(async tx => {
      const link = await tx
        .updateTable('links')
        .set({ revoked_at: at })
        .where('id', '=', linkId)
        .where('client_id', '=', clientId)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', at)
        .returning('file_id')
        .executeTakeFirst()
      if (!link) throw new AppError('not_found')
      const file = await tx
        .selectFrom('files')
        .select(['id', 'uploaded_by', 'name', 'sha256'])
        .where('id', '=', link.file_id)
        .executeTakeFirstOrThrow()
      await audit.append(tx, { kind: 'link.revoked', actor: who, file: fileRef(file), data: { link: linkId } })
    })
    running.stopLink(linkId, 'withdrawn')
  }
