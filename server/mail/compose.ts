import { domainToASCII } from 'node:url'
import addressparser from 'nodemailer/lib/addressparser'
import { type Mail, PermanentMailError } from './deliver.ts'

/** Who the mails are from, as parsed once from the settings. */
export type Sender = { name: string; address: string; domain: string }

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
/**
 * One plain mailbox. Quoted local parts, comments, lists and routes are legal in RFC 5322 and refused here: a parser on the
 * way that reads them differently would send the token to somebody else.
 */
const MAILBOX = /^[^\s@<>()[\]\\,;:"]{1,64}@([^\s@<>()[\]\\,;:"]{1,253})$/u

/** Reads `Name <address>` or `address`. Throws when it is not exactly one mailbox. */
export const parseSender = (from: string): Sender => {
  const [sender, ...others] = addressparser(from)
  const domain = MAILBOX.exec(sender?.address ?? '')?.[1]
  if (CONTROL.test(from) || !sender?.address || others.length > 0 || domain === undefined)
    throw new Error('The sender of mails must be one address, such as "Valise <valise@example.org>"')
  return { name: sender.name, address: sender.address, domain: domainToASCII(domain) || domain }
}

/**
 * What nodemailer builds the mail from. Refuses what could become a second header or a second recipient: the library folds
 * and encodes too, but a mail with such content is not ours in the first place.
 */
export const compose = (mail: Mail, sender: Sender) => {
  if (CONTROL.test(mail.to) || !MAILBOX.test(mail.to)) throw new PermanentMailError('the recipient is not one mailbox')
  if (CONTROL.test(mail.subject)) throw new PermanentMailError('the subject is not one line')
  if (!/^[A-Za-z0-9_-]+$/.test(mail.id)) throw new PermanentMailError('the mail id is malformed')
  return {
    // Stated apart from the headers, so that no parser decides who gets the mail.
    envelope: { from: sender.address, to: [mail.to] },
    from: { name: sender.name, address: sender.address },
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: `<${mail.id}@${sender.domain}>`,
    // RFC 3834: no holiday replies to a machine.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    // Content never names a file or an address for the library to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
