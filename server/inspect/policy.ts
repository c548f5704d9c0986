import { type Code, policyTable, type Row, type RowName, type Severity } from './rows.ts'

/** Severities set by the operator, by code. Rows that are not overridable ignore it. */
export type InspectPolicy = Readonly<Partial<Record<Code, Severity>>>

const isRowName = (name: string): name is RowName => Object.hasOwn(policyTable, name)

/** The names of all rows, in the order of the table. */
export const rowNames = (): RowName[] => Object.keys(policyTable).filter(isRowName)

const isCode = (text: string): text is Code => Object.keys(policyTable).some(name => name.split('/', 1)[0] === text)

/** `zip_structure/tail` → `zip_structure`. */
export const codeOf = (name: RowName): Code => {
  const [code = ''] = name.split('/', 1)
  if (!isCode(code)) throw new TypeError(`no code in ${name}`)
  return code
}

/** The row's severity under this policy. */
export const severityOf = (name: RowName, policy: InspectPolicy): Severity => {
  const { severity, overridable: mayChange }: Row = policyTable[name]
  return (mayChange ? policy[codeOf(name)] : undefined) ?? severity
}

/** The codes that `VALISE_INSPECT_POLICY` may name. */
export const overridableCodes = (): Code[] => [
  ...new Set(
    rowNames()
      .filter(name => policyTable[name].overridable)
      .map(codeOf),
  ),
]

const isSeverity = (text: string): text is Severity => text === 'block' || text === 'warn' || text === 'info'

/**
 * Reads `VALISE_INSPECT_POLICY`: `code=severity` separated by commas or white space, as in `embedded_ole=block`.
 * Every mistake is told at once; the policy holds what was understood.
 */
export const parsePolicy = (text: string): { policy: InspectPolicy; mistakes: string[] } => {
  const policy: Partial<Record<Code, Severity>> = {}
  const mistakes: string[] = []
  const allowed = overridableCodes()
  for (const item of text.split(/[\s,]+/).filter(Boolean)) {
    const [code = '', severity = '', ...rest] = item.split('=')
    if (rest.length > 0 || severity === '') mistakes.push(`"${item}" is not of the form code=severity`)
    else if (!isCode(code)) mistakes.push(`"${code}" is not a code of the inspection`)
    else if (!allowed.includes(code)) mistakes.push(`the severity of "${code}" cannot be changed`)
    else if (!isSeverity(severity)) mistakes.push(`"${severity}" is not a severity: block, warn or info`)
    else if (policy[code] !== undefined) mistakes.push(`"${code}" is set twice`)
    else policy[code] = severity
  }
  return { policy, mistakes }
}
