import type { Finding } from '../../contract/errors.ts'
import type { Code } from './rows.ts'

/**
 * What of the findings concerns whoever receives the file, in words for them: what may happen on their computer. The rest is
 * between the sender and the document, above all what its author may have forgotten in it.
 */
const sentences = {
  external_image:
    'When you open this document, a picture may be loaded from the internet; whoever runs that server can learn that you did. In Protected View nothing is loaded.',
  external_media: 'A sound or video in this document is loaded from the internet when you play it.',
  external_workbook:
    'Some cells refer to another workbook. You need not update them: the last values are in the document.',
  hyperlink_unsafe:
    'A link in this document leads to a file or a program rather than to a web page. Do not follow it unless you expect it.',
  embedded_ole:
    'This document contains an object of another program. Open that object only if you expect it from the sender.',
  active_content:
    'This document can fetch data from other places. If Office asks whether to allow it, say no unless the sender told you otherwise.',
  malware: 'The malware scanner stopped this document. Do not open copies of it that you may have.',
  scan_unavailable: 'This document is still being checked for malware. You can download it once that is done.',
} satisfies Partial<Record<Code, string>>

const words = new Map<string, string>(Object.entries(sentences))

/** Once per code. */
export const forRecipient = (findings: readonly Finding[]): Finding[] => {
  const codes = new Set(findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code))
  return [...codes].flatMap(code => {
    const message = words.get(code)
    const severity = findings.find(finding => finding.code === code)?.severity ?? 'warn'
    return message === undefined ? [] : [{ code, severity, where: '', message }]
  })
}
