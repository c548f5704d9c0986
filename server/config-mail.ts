import type { Parse } from './config-types.ts'
import { parseSender } from './mail/compose.ts'
import { parseSmtpUrl } from './mail/smtp-url.ts'

/** As the mailer will read it: a mistake found only at the first mail would be found too late. */
export const relay: Parse<URL> = text => {
  if (!URL.canParse(text)) throw new Error('smtp://user:password@host:port or smtps://…')
  const url = new URL(text)
  try {
    parseSmtpUrl(url)
  } catch (error) {
    throw new Error(`smtp://user:password@host:port or smtps://… (${error instanceof Error ? error.message : ''})`)
  }
  return url
}

/** `Name <address>` or an address. */
export const sender: Parse<string> = text => {
  try {
    parseSender(text)
  } catch {
    throw new Error('an address, or Name <address>')
  }
  return text
}
