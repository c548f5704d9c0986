import { codeOf, type InspectPolicy, severityOf } from './policy.ts'
import { type Code, policyTable, type RowName, type Severity } from './rows.ts'

export type DocumentType = 'docx' | 'xlsx' | 'pptx'

/** One thing found. `where` is a part name (`word/document.xml`), or `''` for the file as a whole. */
export type Finding = { code: Code; severity: Severity; where: string; message: string }

/** `type` is null where the file is none of the three, or not known well enough to say. */
export type Verdict = { verdict: 'accept' | 'refuse'; type: DocumentType | null; findings: Finding[] }

/** Tells that a row of the policy table applies. With `count`, repeated reports of one row and place add up. */
export type Report = (row: RowName, where: string, count?: number) => void

/** Ends the inspection at once with one blocking row: what follows could not be read reliably. */
export class Refusal extends Error {
  readonly row: RowName
  readonly where: string
  constructor(row: RowName, where = '') {
    super(`${row} ${where}`)
    this.name = 'Refusal'
    this.row = row
    this.where = where
  }
}

/** Most places kept per row, and most findings kept in all (blocking ones first). */
const PLACES = 20
const FINDINGS = 200
/** Names come from the file and go to people: no control or direction characters, and not without end. */
const MAX_WHERE = 300

const printable = (where: string): string =>
  where.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu, '\ufffd').slice(0, MAX_WHERE)

/** One finding outside of an inspection, under the table's own severity. */
export const findingOf = (row: RowName, where = ''): Finding => {
  const { severity, message } = policyTable[row]
  return { code: codeOf(row), severity, where: printable(where), message }
}

const RANK: Record<Severity, number> = { block: 0, warn: 1, info: 2 }

/** Collects reports under a policy; each row and place once, bounded, blocking findings first. */
export const collectFindings = (policy: InspectPolicy): { report: Report; findings: () => Finding[] } => {
  const rows = new Map<RowName, Map<string, number>>()
  return {
    report: (row, where, count = 1) => {
      const places = rows.get(row) ?? new Map<string, number>()
      rows.set(row, places)
      const place = printable(where)
      if (places.has(place) || places.size < PLACES) places.set(place, (places.get(place) ?? 0) + count)
    },
    findings: () =>
      [...rows]
        .flatMap(([row, places]) =>
          [...places].map(([where, count]) => ({
            code: codeOf(row),
            severity: severityOf(row, policy),
            where,
            message: policyTable[row].message.replaceAll('{count}', String(count)),
          })),
        )
        .sort((a, b) => RANK[a.severity] - RANK[b.severity])
        .slice(0, FINDINGS),
  }
}
