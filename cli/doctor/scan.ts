import { createAudit } from '../../server/audit/append.ts'
import { systemRandom } from '../../server/crypto/random.ts'
import { createContent } from '../../server/files/content.ts'
import { type Scanned, scanFiles } from '../../server/files/scan.ts'
import type { Installation } from '../../server/installation.ts'
import { createDamage, damageOf } from '../../server/links/damage.ts'
import { createLog } from '../../server/log.ts'
import { startProgress } from '../progress.ts'
import { type Line, mend, ok, reason } from './line.ts'

/**
 * Opens every stored file to its last byte. What no client could get any more is recorded as `file.damaged`, once per file; a
 * failure that says nothing about the file (a disk that does not answer) is told and not recorded.
 */
export const scan = async (installation: Installation): Promise<Line[]> => {
  const { db, store, keyring } = installation
  const audit = createAudit({ random: systemRandom, now: Date.now })
  const recordDamage = createDamage({ db, audit, log: createLog('silent') })
  const { open } = createContent({ store, keyring })
  const { files, bytes } = await db.read
    .selectFrom('files')
    .select(eb => [eb.fn.countAll<number>().as('files'), eb.fn.sum<number>('size').as('bytes')])
    .executeTakeFirstOrThrow()
  const bar = startProgress({ label: `${files} files`, total: Number(bytes ?? 0) })
  const lines: Line[] = []
  let scanned = 0
  let done = 0
  for await (const file of scanFiles({ db, open })) {
    scanned += 1
    done += file.size
    bar.to(done)
    const line = await judge(file, recordDamage)
    if (line) lines.push(line)
  }
  bar.stop()
  return lines.length > 0 ? lines : [ok('scan', `${scanned} files opened to the last byte, all as uploaded`)]
}

const judge = async (
  { id, owner, name, sha256, problem }: Scanned,
  recordDamage: ReturnType<typeof createDamage>,
): Promise<Line | undefined> => {
  if (problem === undefined) return undefined
  const damage = problem === 'changed' ? 'changed' : damageOf(problem)
  if (!damage) return mend('scan', `${name} (${id}) could not be read this time: ${reason(problem)}`)
  // Deleted since it was read: then nothing is damaged.
  if (!(await recordDamage({ id, owner, name, sha256 }, damage))) return undefined
  return mend('scan', `${name} (${id}) is ${damage} in storage: restore its blob from the backup, or send it again`)
}
