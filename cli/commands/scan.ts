import type { Db } from '../../server/db/schema.ts'
import { proveLimits } from '../../server/inspect/scanner.ts'
import { withMalware } from '../admin/malware.ts'
import { CliError, type Exit } from '../exit.ts'
import { startProgress } from '../progress.ts'
import { clean, note, say, sayJson } from '../terminal.ts'

type Options = { since?: string; json?: boolean }

/** `valise scan`: stored files against the scanner's signatures of today. Exit `refused` when it knew one of them. */
export const scanStored = async ({ since, json = false }: Options): Promise<Exit> => {
  const from = since === undefined ? 0 : timeOf(since)
  return withMalware(async ({ malware, db }, { clamd }) => {
    if (clamd === undefined) throw new CliError('usage', 'No scanner is set: VALISE_CLAMD_URL names one.')
    await proveLimits({ address: clamd }).catch((error: unknown) => {
      throw new CliError('unreachable', `The scanner: ${error instanceof Error ? error.message : ''}.`)
    })
    const { files } = await db.read
      .selectFrom('files')
      .select(eb => eb.fn.countAll<number>().as('files'))
      .where('status', '=', 'available')
      .where('uploaded_at', '>=', from)
      .executeTakeFirstOrThrow()
    const bar = startProgress({ label: 'files', total: Number(files) })
    const count = { clean: 0, hit: 0, unavailable: 0 }
    let done = 0
    for await (const { file, result } of malware.rescan(from)) {
      bar.to(++done)
      if (result.state === 'not_scanned') continue
      count[result.state] += 1
      if (result.state === 'clean') continue
      const about = { id: file.id, name: file.name, uploaded_at: new Date(file.uploaded_at).toISOString() }
      if (result.state === 'unavailable') {
        if (json) sayJson({ ...about, result: 'unavailable', problem: result.problem })
        else note(`${clean(file.name)} (${file.id}) could not be scanned: ${result.problem}.`)
        continue
      }
      const { signature } = result
      const downloads = await downloadsOf(db, file.id)
      if (json) sayJson({ ...about, result: 'hit', signature, downloads })
      else {
        say(`${clean(file.name)} (${file.id}): ${clean(signature)}. Withdrawn.`)
        if (downloads.length === 0) say('  Nobody had downloaded it.')
        for (const { email, first, complete } of downloads)
          say(`  Downloaded by ${clean(email)} from ${first} on${complete ? '' : ', not completely'}.`)
      }
    }
    bar.stop()
    if (!json) say(`${count.clean} clean, ${count.hit} withdrawn, ${count.unavailable} not scanned.`)
    if (count.hit > 0) return 'refused'
    return count.unavailable > 0 ? 'unreachable' : 'done'
  })
}

/** Who may still have it. */
const downloadsOf = async (db: Db, id: string) => {
  const rows = await db.read
    .selectFrom('deliveries')
    .innerJoin('accounts', 'accounts.id', 'deliveries.client_id')
    .select(['accounts.email', 'deliveries.first_download_at', 'deliveries.completed_at'])
    .where('deliveries.file_id', '=', id)
    .orderBy('deliveries.first_download_at')
    .execute()
  return rows.map(row => ({
    email: row.email,
    first: new Date(row.first_download_at).toISOString(),
    complete: row.completed_at !== null,
  }))
}

const timeOf = (text: string): number => {
  const at = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new CliError('usage', '--since takes a day like 2026-11-01, or an RFC 3339 time.')
  return at
}
