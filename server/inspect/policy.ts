/** `block` refuses the file, `warn` is shown to the sender before sending and kept with the file, `info` is worth knowing. */
export type Severity = 'block' | 'warn' | 'info'

type Row = {
  severity: Severity
  /** Whether `VALISE_INSPECT_POLICY` may set another severity for it. */
  overridable: boolean
  /** What is found, for the documentation. */
  what: string
  /** What the sender reads: what is wrong and what to do. `{count}` stands for how many. */
  message: string
}

const row = (severity: Severity, what: string, message: string): Row => ({
  severity,
  overridable: false,
  what,
  message,
})
const overridable = (severity: Severity, what: string, message: string): Row => ({
  ...row(severity, what, message),
  overridable: true,
})

const SAVE_AGAIN = 'Open it in Word, Excel or PowerPoint, save it as a new file and send that one.'
const UNUSUAL = `The file is not put together the way Office does it, so that different programs could see different contents in it. ${SAVE_AGAIN}`

/**
 * Every finding there is. The key is the code, or `code/variant` where one code has several severities or sentences;
 * a check names its row, so that severity and wording are decided here and nowhere else.
 */
export const policyTable = {
  type_not_allowed: row(
    'block',
    'a name that does not end in `.docx`, `.xlsx` or `.pptx` (after NFC and trimming), or that hides its ending with a trailing dot, a control character or a text direction override',
    'Only Word, Excel and PowerPoint documents (.docx, .xlsx, .pptx) can be sent. Save the document in one of these formats.',
  ),
  'zip_structure/not_office': row(
    'block',
    'bytes that are no ZIP archive from the first one on',
    'This is not a Word, Excel or PowerPoint document, although its name says so. Open the original and save it in the current format (.docx, .xlsx or .pptx).',
  ),
  zip_structure: row(
    'block',
    'bytes before, between or behind what the directory covers, an archive comment, wrong counts or offsets, several disks, not exactly one end record, zip64 records that disagree, a Unicode-path extra field',
    `The file is incomplete, or something was added to it after it was saved. ${SAVE_AGAIN}`,
  ),
  'zip_structure/tail': row(
    'info',
    'at most two bytes of line end or 64 KiB of zeros behind the archive',
    'A few empty bytes follow the document; Office ignores them. Nothing needs to be done.',
  ),
  'zip_structure/zip64': row(
    'info',
    'zip64 records that agree but are not needed',
    'The document was written in a form for very large files; Office reads it all the same. Nothing needs to be done.',
  ),
  zip_mismatch: row(
    'block',
    'a local header that differs from the directory, overlapping entries, data that does not match its size or CRC',
    `The file is damaged, or it was tampered with. ${SAVE_AGAIN}`,
  ),
  zip_names: row(
    'block',
    'duplicate names after case folding and slash canonicalisation, `..`, absolute names, mixed slashes, control characters, symbolic links, interleaved pieces',
    UNUSUAL,
  ),
  'zip_names/backslash': overridable(
    'warn',
    '`\\` as the only separator, as some Windows tools write',
    'The program that made this document separates folders in an outdated way; some programs may not open it. To be sure, open it in Office and save it again.',
  ),
  'zip_method/encrypted': row(
    'block',
    'an encrypted entry',
    'Part of the file is protected with an archive password, so it cannot be checked. Send the document without a password; Valise encrypts it anyway.',
  ),
  zip_method: row('block', 'a compression method other than stored and deflate', UNUSUAL),
  zip_bomb: row(
    'block',
    'over 10,000 entries, inflated over max(4 GiB, 2 × size), an XML part over 256 MiB, a ratio over 200 with more than 64 MiB inflated, or more relationships or content types than can be examined',
    'The file unpacks to far more than an ordinary document holds, so it cannot be checked. Split the document, or remove unused content, and send it again.',
  ),
  encrypted_document: row(
    'block',
    'an OLE container with an encrypted package',
    'The document is protected with a password, so it cannot be checked. Remove the password (File, Info, Protect) and send it again; Valise encrypts it anyway.',
  ),
  legacy_format: row(
    'block',
    'any other OLE container: an old `.doc`, `.xls` or `.ppt`',
    'This is a document in the old format of Office 97–2003, or another kind of file. Open it in Office and save it as .docx, .xlsx or .pptx; changing the name is not enough.',
  ),
  type_mismatch: row(
    'block',
    'not exactly one main part, or one whose content type or root element is not that of the name’s ending; conflicting content types',
    'What is inside the file is not what its name says. Open it in Office, save it as a Word, Excel or PowerPoint document and send that file.',
  ),
  'type_mismatch/template': row(
    'block',
    'a template, slide show or add-in',
    'This is a template or slide show, not a document. Open it in Office and save it as .docx, .xlsx or .pptx.',
  ),
  macros: row(
    'block',
    'a `macroEnabled` content type, `vbaProject`, `vbaData`, an Excel 4 macro sheet, a binary workbook',
    'The document contains macros (small programs), or is of a kind that can. Save it without macros, as .docx, .xlsx or .pptx.',
  ),
  xml_unsafe: row(
    'block',
    'a DTD or entity declaration, nesting deeper than 256, another encoding than UTF-8 or UTF-16',
    `The document contains constructs that Office never writes and that are used to attack programs. ${SAVE_AGAIN}`,
  ),
  xml_malformed: row(
    'block',
    'an XML part that is not well-formed, or whose tags, names or texts are larger than any program writes',
    `Part of the document is damaged. ${SAVE_AGAIN}`,
  ),
  inspection_failed: row(
    'block',
    'the inspection itself failed or ran into its limits of time or memory',
    'The document could not be checked. Try once more; if it happens again, save the document as a new file or ask your administrator.',
  ),
} as const satisfies Record<string, Row>

export type RowName = keyof typeof policyTable
type CodeOf<Name> = Name extends `${infer Code}/${string}` ? Code : Name
/** The stable code of a finding, as the API shows it. */
export type Code = CodeOf<RowName>

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
