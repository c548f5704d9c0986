import { domainToASCII } from 'node:url'

/** `email` as people read it (NFC); `key` the one form that all spellings of one mailbox share. */
export type Address = { email: string; key: string }

/** Unassigned, control, format, private and lone-surrogate code points, white space, and what shows as nothing. */
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u
/** RFC 5322 dot-atom, with the letters RFC 6531 adds. Quoted local parts would be a second spelling of one mailbox. */
const LOCAL = /^[\p{L}\p{N}\p{M}\p{S}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}\p{M}\p{S}!#$%&'*+/=?^_`{|}~-]+)*$/u
const TYPED_DOMAIN = /^[\p{L}\p{N}\p{M}.-]+$/u
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
/** RFC 5321 section 4.5.3.1, in octets. */
const MOST = 254
const MOST_LOCAL = 64

/**
 * Reads an e-mail address. Two addresses have one `key` only if they are one mailbox: case does not count, an IDN and its
 * `xn--` form are the same, a plus-tag makes another mailbox. Whatever looks like another address without being it
 * (compatibility forms, invisible characters, letters whose case folding is ambiguous such as ı and ß) is refused, with a
 * sentence for the person who typed it.
 */
export const parseAddress = (text: string): Address | { reason: string } => {
  if (text.length > MOST || !text.isWellFormed() || UNSEEN.test(text)) {
    return { reason: 'must not be longer than 254 characters, nor contain spaces or invisible characters' }
  }
  const email = text.normalize('NFC')
  if (email !== email.normalize('NFKC'))
    return { reason: 'contains a character that stands for another; write it plainly' }
  const [typed = '', domainTyped = '', ...more] = email.split('@')
  if (more.length > 0 || !LOCAL.test(typed)) return { reason: 'must look like name@example.com' }
  const local = typed.toLowerCase()
  if (local !== local.toUpperCase().toLowerCase() || local !== local.normalize('NFKC')) {
    return { reason: 'contains a letter whose capital form is ambiguous before the @' }
  }
  const domain = toDomain(domainTyped)
  if (domain === undefined) return { reason: 'must have a domain like example.com after the @' }
  if (Buffer.byteLength(local) > MOST_LOCAL) return { reason: 'has more than 64 bytes before the @' }
  const key = `${local}@${domain}`
  if (Buffer.byteLength(key) > MOST) return { reason: 'is longer than 254 bytes' }
  return { email, key }
}

/** The `key` of an address, or undefined for what is none. */
export const emailKeyOf = (text: string): string | undefined => {
  const address = parseAddress(text)
  return 'key' in address ? address.key : undefined
}

/** Lower-case ASCII by UTS 46, or undefined. `domainToASCII` would also take IP addresses and percent signs. */
const toDomain = (typed: string): string | undefined => {
  if (!TYPED_DOMAIN.test(typed)) return undefined
  const labels = domainToASCII(typed).toLowerCase().split('.')
  if (!labels.every(label => LABEL.test(label)) || /^\d+$/.test(labels.at(-1) ?? '')) return undefined
  return labels.join('.')
}
