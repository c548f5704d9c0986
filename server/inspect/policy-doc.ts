import { codeOf, rowNames } from './policy.ts'
import { policyTable } from './rows.ts'

const INTRODUCTION = `# What the inspection finds

Every file is taken apart before anyone can download it. Each thing found has a \`code\`, a severity, the part of the file in
which it stands, and a sentence for the sender. **block**: the file is refused. **warn**: it is accepted, shown to the sender
before sending, and kept with the file. **info**: worth knowing. What is delivered is byte for byte what was uploaded.

Where the last column of the table says yes, \`VALISE_INSPECT_POLICY\` sets another severity for the code, as in
\`VALISE_INSPECT_POLICY=zip_names=block\`; several are separated by commas.
`

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** `docs/inspection.md`, made from the policy table so that it cannot drift. */
export const policyMarkdown = (): string => {
  const lines = rowNames().map(name => {
    const { severity, what, overridable } = policyTable[name]
    return `| \`${codeOf(name)}\` | ${severity} | ${cell(what)} | ${overridable ? 'yes' : ''} |`
  })
  const sentences = rowNames().map(name => `| \`${codeOf(name)}\` | ${cell(policyTable[name].message)} |`)
  return [
    INTRODUCTION,
    '| code | severity | what is found | may be set |',
    '|---|---|---|---|',
    ...lines,
    '',
    '## What the sender reads',
    '',
    '| code | sentence |',
    '|---|---|',
    ...sentences,
    '',
  ].join('\n')
}
