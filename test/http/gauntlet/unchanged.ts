import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestServer } from '../../server.ts'

/** Every row of every table as text, without what moves by itself: leases of jobs, and when a session was last used. */
export const snapshot = (server: TestServer): string => {
  const database = new DatabaseSync(join(server.dataDir, 'valise.sqlite'), { readOnly: true })
  try {
    const tables = database.prepare("select name from sqlite_master where type = 'table' order by name").all()
    return tables
      .map(({ name }) => {
        const rows = database.prepare(`select * from "${name}"`).all()
        const kept = rows
          .filter(row => !String(row.name).startsWith('job:'))
          .map(row => JSON.stringify({ ...row, last_seen_at: undefined }))
        return [name, ...kept.sort()].join('\n')
      })
      .join('\n\n')
  } finally {
    database.close()
  }
}

/** Runs `attack` and demands that the database holds afterwards what it held before. */
export const unchanged = async (server: TestServer, attack: () => Promise<unknown>): Promise<void> => {
  await server.app.accounts.settled()
  const before = snapshot(server)
  await attack()
  await server.app.accounts.settled()
  assert.equal(snapshot(server), before)
}
