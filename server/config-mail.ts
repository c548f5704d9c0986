import type { Parse } from './config-types.ts'
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

/**
 * One mailbox: an address alone, or after a name in angle brackets. All of these are what `parseSender` reads as one address
 * (a test compares); its parser is too large to be loaded for every command that reads the settings.
 */
const ADDRESS = String.raw`[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}\p{Cf}]{1,253}`
const NAME = String.raw`(?:[^@<>()[\]\\,;:"\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+|"[^@<>\\"\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+")`
const SENDER = new RegExp(`^(?:${ADDRESS}|(?:${NAME} ?)?<${ADDRESS}>)$`, 'u')

export const sender: Parse<string> = text => {
  if (!SENDER.test(text)) throw new Error('an address, or Name <address>')
  return text
}
