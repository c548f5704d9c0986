import type { FastifyBaseLogger } from 'fastify'
import type { Actor } from '../accounts/policy.ts'
import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import type { Db } from '../db/schema.ts'
import { fileRef } from './sql.ts'
import type { LinkClaims } from './token.ts'

/**
 * Records that somebody known tried a token of ours that does not work for them: counted per account (formats.md), and
 * beside the answer, which must not take longer for a real token than for a forged one.
 */
export const createRefuse = ({ db, audit, log }: { db: Db; audit: Audit; log: FastifyBaseLogger }) => {
  const writing = new Set<Promise<void>>()

  const record = async (actor: Actor, who: Who, { linkId, clientId }: LinkClaims): Promise<void> => {
    const at = await db.now()
    await db.write(async tx => {
      const link = await tx
        .selectFrom('links')
        .innerJoin('files', 'files.id', 'links.file_id')
        .select([
          'files.id',
          'files.name',
          'files.sha256',
          'files.uploaded_by',
          'links.expires_at',
          'links.revoked_at',
          'links.spent_at',
        ])
        .where('links.id', '=', linkId)
        .executeTakeFirst()
      // The file is gone, and with it everything that could be said.
      if (!link) return
      const reason =
        clientId !== actor.id
          ? 'not_theirs'
          : link.revoked_at !== null
            ? 'revoked'
            : link.spent_at !== null
              ? 'spent'
              : link.expires_at <= at
                ? 'expired'
                : 'withdrawn'
      await audit.refused(tx, {
        kind: 'file.download_refused',
        actor: who,
        account: actor.id,
        file: fileRef(link),
        data: { link: linkId, reason },
      })
    })
  }

  return {
    refuse: (actor: Actor, who: Who, claims: LinkClaims): void => {
      const done = record(actor, who, claims)
        .catch((error: unknown) => log.error({ err: error }, 'a refused download was not recorded'))
        .finally(() => writing.delete(done))
      writing.add(done)
    },
    /** Resolves when what is on its way has been written. */
    settled: async (): Promise<void> => {
      await Promise.all(writing)
    },
  }
}

export type Refusals = ReturnType<typeof createRefuse>
