/** `block` refuses the file, `warn` is shown to the sender before sending and kept with the file, `info` is worth knowing. */
export type Severity = 'block' | 'warn' | 'info'

export type Row = {
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
    'bytes before, between or behind what the directory covers, a comment of the archive or of an entry, wrong counts or offsets, several disks, not exactly one end record, zip64 records that disagree, a Unicode-path extra field',
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
    'a local header that differs from the directory, stored data whose size only follows it, overlapping entries, data that does not match its size or CRC',
    `The file is damaged, or it was tampered with. ${SAVE_AGAIN}`,
  ),
  zip_names: row(
    'block',
    'duplicate names after case folding and slash canonicalisation, `..`, absolute names, mixed slashes, control characters, needless percent-encoding, dots or spaces at an end, letters beyond ASCII without the UTF-8 flag, symbolic links, devices, parts with the attributes of a directory, interleaved pieces',
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
  zip_method: row(
    'block',
    'a compression method other than stored and deflate, a version of ZIP that there is not',
    UNUSUAL,
  ),
  zip_bomb: row(
    'block',
    'over 10,000 entries, inflated over max(4 GiB, 2 × size), an XML part over 256 MiB, a ratio over 200 with more than 64 MiB inflated, more relationships or content types than can be examined, embedded files too large or nested too deep to be examined',
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
    'not exactly one main part, or one whose content type or root element is not that of the name’s ending; conflicting content types, or one for a name that is none',
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
  activex: row(
    'block',
    'an ActiveX part or control',
    'The document contains ActiveX controls, which run programs on the reader’s computer. Remove them (Developer, Design Mode) and save it again.',
  ),
  dde: row(
    'block',
    'a DDE or DDEAUTO field (also split over runs, nested, or built by QUOTE), a `ddeLink`, a formula of the form `=program|…`',
    'The document contains a link that can start programs on the reader’s computer (DDE). Remove it, or paste the values without the link, and save it again.',
  ),
  external_code: row(
    'block',
    'a template, OLE object, frame, subdocument, mail merge source, or a relationship of a kind unknown to us, or a field INCLUDEPICTURE, INCLUDETEXT, IMPORT, LINK, RD or DATABASE, that leads to http, a file server or a protocol handler',
    'The document fetches part of its contents from another place as soon as it is opened. Break the link (File, Info, Edit Links to Files) so that the contents are in the document itself.',
  ),
  'external_code/local': row(
    'warn',
    'the same with a local or relative target',
    'The document refers to a file on your computer that the recipient does not have. If it should be part of the document, embed it instead of linking it.',
  ),
  external_template: row(
    'info',
    'an attached template with a local or relative path',
    'The document remembers the template it was made from. The recipient sees its path but needs nothing from it.',
  ),
  'external_workbook/local': overridable(
    'warn',
    'a linked workbook with a local or relative path',
    'Cells refer to another workbook, which the recipient does not have; they see the last values and the path. To avoid questions, break the links (Data, Edit Links).',
  ),
  external_workbook: row(
    'block',
    'a linked workbook over http or on a file server',
    'Cells refer to a workbook on another computer, which opening the document would contact. Break the links (Data, Edit Links) and save it again.',
  ),
  external_image: overridable(
    'warn',
    'an image over http or https',
    'A picture is loaded from the internet when the document is opened; whoever runs that server learns of it. Insert the picture into the document instead.',
  ),
  'external_image/unc': row(
    'block',
    'an image on a file server, or by another protocol',
    'A picture is loaded from a file server, to which opening the document would reveal the reader’s sign-in. Insert the picture into the document instead.',
  ),
  'external_image/local': row(
    'info',
    'an image with a local or relative path',
    'A picture is linked to a file on your computer; the recipient may see an empty frame. Insert the picture into the document if it matters.',
  ),
  external_media: row(
    'warn',
    'audio or video over http or https',
    'A sound or video is loaded from the internet when it is played; whoever runs that server learns of it.',
  ),
  'external_media/unc': row(
    'block',
    'audio or video on a file server, or by another protocol',
    'A sound or video is loaded from a file server, to which this would reveal the reader’s sign-in. Insert it into the document instead.',
  ),
  'external_media/local': row(
    'info',
    'audio or video with a local or relative path',
    'A sound or video is linked to a file on your computer, which the recipient does not have. Insert it into the document if it matters.',
  ),
  hyperlink: row(
    'info',
    'a link to http, https, mailto, or beside the document',
    'Links to web pages, mail addresses or other files: {count}.',
  ),
  hyperlink_unsafe: overridable(
    'warn',
    'a link to `file:`, a file server, `javascript:` or an unlisted scheme',
    'A link leads to a file on a computer or server, or to a program, rather than to a web page. It will hardly work for the recipient; check whether it is meant.',
  ),
  'hyperlink_unsafe/program': row(
    'block',
    'a link to `vbscript:`, `data:`, `mhtml:`, `search-ms:` or `ms-…:`, except the Office form `ofe|u|http`',
    'A link starts a program on the reader’s computer instead of opening a web page. Remove the link and save the document again.',
  ),
  active_content: row(
    'block',
    '`ppaction://program` or `ppaction://macro`, also on hover; a remote data connection refreshed when the workbook is opened',
    'The document starts a program, or fetches data from another computer, without the reader’s doing. Remove that action or connection and save it again.',
  ),
  'active_content/ribbon': row(
    'warn',
    'customUI with `onLoad`',
    'The document changes Office’s menus and names a macro for them, which is not in it. Nothing happens, but recipients may see an error.',
  ),
  'active_content/formula': row(
    'warn',
    'a formula with WEBSERVICE, RTD or IMAGE',
    'A formula fetches something from the internet or from a program when the workbook is calculated. If the values are enough, paste them instead.',
  ),
  'active_content/connection': overridable(
    'warn',
    'a data connection, web query or Power Query',
    'The workbook has a connection to a data source, with its address. If the values are enough, remove the connection (Data, Queries & Connections).',
  ),
  'active_content/chunk': row(
    'block',
    'an altChunk that is RTF, MHT or a document as one XML file, or HTML with script or references to elsewhere',
    'A passage was put into the document in another format (RTF or a web page) that can carry programs or links of its own. Open the document in Word and save it as a new file.',
  ),
  embedded_ole: overridable(
    'warn',
    'an embedded OLE object',
    'An object of another program is embedded in the document, and the recipient can open it with all that is in it. If a picture of it is enough, paste it as a picture.',
  ),
  embedded_executable: row(
    'block',
    'an embedded program, script or shortcut, by name or by its first bytes; an OLE object that cannot be read; an object of Equation Editor 3.0',
    'A program, a shortcut or an object that cannot be checked is embedded in the document. Remove it; old equations can be converted to new ones in Word.',
  ),
  hidden_part: row(
    'warn',
    'a part to which no relationship leads',
    'The file contains something that Office does not show. To be rid of it, open the document in Office and save it as a new file.',
  ),
  'hidden_part/executable': row(
    'block',
    'such a part that starts as a program or script does',
    'A program is hidden in the file. Open the document in Office, save it as a new file and send that one.',
  ),
  leak_changes: row(
    'warn',
    'tracked changes',
    'Tracked changes that the recipient can read: {count}. To avoid that, accept or reject them all (Review) and save the document.',
  ),
  leak_comments: row(
    'warn',
    'comments',
    'Comments that the recipient can read: {count}. If they are not meant for them, delete them (Review) and save the document.',
  ),
  'leak_hidden/sheets': row(
    'warn',
    'hidden sheets',
    'Hidden sheets that the recipient can show: {count}. Delete what is not meant for them; hiding does not protect it.',
  ),
  'leak_hidden/rows': row(
    'warn',
    'hidden rows or columns',
    'Hidden rows or groups of columns that the recipient can show: {count}. Delete what is not meant for them; hiding does not protect it.',
  ),
  'leak_hidden/slides': row(
    'warn',
    'hidden slides',
    'A hidden slide that the recipient can show. Delete it if it is not meant for them; hiding does not protect it.',
  ),
  'leak_hidden/text': row(
    'warn',
    'hidden text',
    'Passages of hidden text that the recipient can show: {count}. Delete what is not meant for them; hiding does not protect it.',
  ),
  leak_notes: row(
    'info',
    'speaker notes',
    'Slides with speaker notes, which the recipient can read: {count}. Delete the notes if they are not meant for them.',
  ),
  leak_author: row(
    'info',
    'names of author, company, manager or last editor',
    'The document names its author, the last person who changed it, or their company. To remove that, use File, Info, Inspect Document.',
  ),
  xml_unsafe: row(
    'block',
    'a DTD or entity declaration, nesting deeper than 256, another encoding than UTF-8 or UTF-16, foreign elements where parts are named and related, a field whose pieces stand in alternatives or foreign elements, an attribute that matters given twice',
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
  malware: row(
    'block',
    'a hit of the malware scanner (`VALISE_CLAMD_URL`)',
    'The malware scanner knows this content as harmful. Do not open the file or pass it on; tell whoever looks after your computers.',
  ),
  scan_unavailable: row(
    'warn',
    'the malware scanner is configured and did not answer, or the file is beyond its limits: the file stays pending',
    'The malware scanner could not look at this file yet, and until it has nobody can download it. It is asked again by itself; after a day an administrator can decide.',
  ),
} as const satisfies Record<string, Row>

export type RowName = keyof typeof policyTable
type CodeOf<Name> = Name extends `${infer Code}/${string}` ? Code : Name
/** The stable code of a finding, as the API shows it. */
export type Code = CodeOf<RowName>
