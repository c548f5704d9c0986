import { type Finding, findingOf, type Verdict } from '../inspect/finding.ts'
import type { Scan, Scanner } from '../inspect/scanner.ts'
import type { Source } from '../inspect/source.ts'
import { createTurns } from '../limits/turns.ts'
import { type createContent, plaintextChunks, plaintextSource } from './content.ts'
import type { DataKey } from './seal.ts'

/** Inspections of one account at a time (inspection.md): nobody's hostile files take the workers from the others. */
const PER_ACCOUNT = 2

type Needs = {
  content: ReturnType<typeof createContent>
  inspect: (name: string, source: Source) => Promise<Verdict>
  scanner: Scanner
}

type Sealed = { id: string; name: string; size: number; blob: string; dataKey: DataKey }

/** The verdict of the inspection, with what the malware scanner found in it, and that the scanner was or was not there. */
export type Judged = Verdict & { scan: Scan }

/** Judges the sealed bytes as they will be delivered: structure and malware at the same time. */
export const createJudge = ({ content, inspect, scanner }: Needs) => {
  const inTurn = createTurns(PER_ACCOUNT)

  const judge = async (file: Sealed): Promise<Judged> => {
    const opened = await content.openWithKey(file)
    const stop = new AbortController()
    try {
      const scanning = scanner(() => plaintextChunks(opened), stop.signal)
      // Awaited below, unless the inspection fails first.
      scanning.catch(() => {})
      const verdict = await inspect(file.name, plaintextSource(opened))
      if (verdict.verdict === 'refuse') return { ...verdict, scan: { state: 'not_scanned' } }
      const scan = await scanning
      return { ...verdict, ...withScan(verdict, scan), scan }
    } finally {
      stop.abort()
      await opened.close()
    }
  }

  return (file: Sealed, account: string): Promise<Judged> => inTurn(account, () => judge(file))
}

const withScan = (verdict: Verdict, scan: Scan): Pick<Verdict, 'verdict' | 'findings'> => {
  const and = (finding: Finding) => [finding, ...verdict.findings]
  if (scan.state === 'hit') return { verdict: 'refuse', findings: and(findingOf('malware', scan.signature)) }
  if (scan.state === 'unavailable') return { verdict: 'accept', findings: and(findingOf('scan_unavailable')) }
  return verdict
}
