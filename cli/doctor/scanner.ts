import type { Config } from '../../server/config.ts'
import { proveLimits } from '../../server/inspect/scanner.ts'
import type { Installation } from '../../server/installation.ts'
import { hint, type Line, mend, ok, reason } from './line.ts'

/** The malware scanner answers and owns up to its limits; how many files wait for it. */
export const checkScanner = async ({ db }: Installation, { clamd }: Config): Promise<Line[]> => {
  const { waiting } = await db.read
    .selectFrom('scans')
    .select(eb => eb.fn.countAll<number>().as('waiting'))
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow()
  const wait =
    Number(waiting) > 0 ? [hint('scanner', `${waiting} files wait for it, and cannot be downloaded until then`)] : []
  if (clamd === undefined)
    return [hint('scanner', 'none is set: files are not scanned for malware (VALISE_CLAMD_URL)'), ...wait]
  try {
    await proveLimits({ address: clamd, silence: 30_000 })
  } catch (error) {
    return [mend('scanner', reason(error)), ...wait]
  }
  return [ok('scanner', 'answers, and says so when a file is beyond its limits'), ...wait]
}
