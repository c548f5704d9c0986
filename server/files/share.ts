import type { Audience } from '../../contract/files.ts'
import type { Audit } from '../audit/append.ts'
import type { Actor as Who } from '../audit/event.ts'
import type { Db, Tx } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { describeSubjects, replaceGrants, resolveAudience } from './audience.ts'
import { findFile } from './find.ts'

type Needs = { db: Db; audit: Audit; emailKey: (text: string) => string | undefined; now: () => number }

type Giving = { audit: Audit; file: NonNullable<Awaited<ReturnType<typeof findFile>>>; subjects: string[]; who: Who }

/** Makes these subjects a file's audience; every grant given or withdrawn is its own event. */
export const giveTo = async (tx: Tx, { audit, file: found, subjects, who }: Giving): Promise<void> => {
  const { added, removed } = await replaceGrants(tx, found, subjects)
  const file = { id: found.id, owner: found.uploaded_by, name: found.name, sha256: found.sha256 }
  for (const data of await describeSubjects(tx, added))
    await audit.append(tx, { kind: 'file.shared', actor: who, file, data })
  for (const data of await describeSubjects(tx, removed))
    await audit.append(tx, { kind: 'file.withdrawn', actor: who, file, data })
}

/** Replaces a file's audience. Acts on the next request and ends running streams. */
export const createShare =
  ({ db, audit, emailKey, now }: Needs) =>
  (id: string, owner: string | undefined, audience: Audience, who: Who): Promise<void> =>
    db.write(async tx => {
      const file = await findFile(tx, id, owner)
      if (!file) throw new AppError('not_found')
      const subjects = await resolveAudience(tx, audience, { emailKey, now })
      await giveTo(tx, { audit, file, subjects, who })
    })
