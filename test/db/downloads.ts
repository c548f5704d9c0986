import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAudit } from '../../server/audit/append.ts'
import type { Db } from '../../server/db/schema.ts'
import { openSqlite } from '../../server/db/sqlite.ts'
import { clientId, fileId, fill, idOf } from './filling.ts'

/** A database with one file that client 0 may see, whose clock stands still until told. Gone when the test ends. */
export const openDownloads = async (t: { after: (fn: () => Promise<void>) => void }) => {
  const folder = await mkdtemp(join(tmpdir(), 'valise-downloads-'))
  const path = join(folder, 'valise.sqlite')
  await (await openSqlite(path)).close()
  fill(path, { files: 1, clients: 4, groups: 1, uploaders: 2, analyze: false })
  const real = await openSqlite(path)
  t.after(async () => {
    await real.close()
    await rm(folder, { recursive: true })
  })
  const clock = { now: Date.UTC(2026, 0, 1) }
  const db: Db = { ...real, now: async () => clock.now }
  const client = clientId(0)
  const session = idOf('session')
  await db.write(async tx => {
    await tx
      .insertInto('sessions')
      .values({
        id: session,
        sid_hash: randomBytes(32),
        account_id: client,
        epoch: 0,
        created_at: clock.now,
        last_seen_at: clock.now,
        expires_at: clock.now + 365 * 86_400_000,
        user_agent: '',
        ip: '',
      })
      .execute()
  })
  return {
    db,
    clock,
    client,
    session,
    file: fileId(0),
    audit: createAudit({ random: randomBytes, now: () => clock.now }),
    /** A link of an hour and a download by it, with so many bytes sent, last just now. */
    download: async (name: string, sent = 0, single = false): Promise<{ download: string; link: string }> => {
      const [download, link] = [idOf(`download ${name}`), idOf(`link ${name}`)]
      const common = { client_id: client, file_id: fileId(0) }
      await db.write(async tx => {
        await tx
          .insertInto('links')
          .values({
            ...common,
            id: link,
            epoch: 0,
            created_at: clock.now,
            expires_at: clock.now + 3_600_000,
            single_use: single ? 1 : 0,
          })
          .execute()
        await tx
          .insertInto('downloads')
          .values({
            ...common,
            id: download,
            link_id: link,
            session_id: session,
            started_at: clock.now,
            last_at: clock.now,
            ranges: JSON.stringify(sent ? [[0, sent]] : []),
            bytes_sent: sent,
            stream: 1,
          })
          .execute()
      })
      return { download, link }
    },
  }
}

export type Downloads = Awaited<ReturnType<typeof openDownloads>>
