import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAudit } from '../server/audit/append.ts'
import { openSqlite } from '../server/db/sqlite.ts'

export const ana = { id: 'AnaAnaAnaAnaAnaAnaAnaA', role: 'ops', email: 'ana@example.com', name: 'Ana' } as const
export const omar = { id: 'OmarOmarOmarOmarOmarOA', role: 'ops', email: 'omar@example.com', name: 'Omar' } as const
export const bob = { id: 'BobBobBobBobBobBobBobA', role: 'client', email: 'bob@example.com', name: 'Bob' } as const

/** A file of `owner`; `n` tells several apart. */
export const fileOf = (owner: { id: string }, n = 0) => ({
  id: `File${String(n).padStart(17, '0')}A`,
  owner: owner.id,
  name: `Report ${n}.docx`,
  sha256: Buffer.alloc(32, n),
})

/** An empty audit log in a database of its own, with a clock that stands still until told. Gone when the test ends. */
export const openAuditLog = async (t: { after: (fn: () => Promise<void>) => void }) => {
  const folder = await mkdtemp(join(tmpdir(), 'audit-'))
  const path = join(folder, 'valise.db')
  const db = await openSqlite(path)
  t.after(async () => {
    await db.close()
    await rm(folder, { recursive: true })
  })
  const clock = { now: Date.UTC(2026, 0, 1) }
  return { db, path, clock, audit: createAudit({ random: randomBytes, now: () => clock.now }) }
}
