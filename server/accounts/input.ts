import type { Passwords } from '../crypto/password.ts'
import { invalid } from '../errors.ts'
import { type Address, parseAddress } from './address.ts'

/** Directional controls reorder what stands around them: a name could make a mail or a page say something else. */
const REORDERING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u

/** The address in a request's `email`. Throws 400 with the reason. */
export const addressOf = (text: string, where = 'email'): Address => {
  const address = parseAddress(text)
  if ('reason' in address) throw invalid(where, address.reason)
  return address
}

/** A name of a person or group in the one form it is kept in: NFC, single spaces, none at the ends. Throws 400. */
export const nameOf = (text: string): string => {
  if (!text.isWellFormed() || REORDERING.test(text) || CONTROL.test(text)) {
    throw invalid('name', 'contains a character that cannot be shown')
  }
  const name = text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim()
  if (name === '') throw invalid('name', 'is empty')
  return name
}

/** The form that tells whether two groups would look alike to the people who choose between them. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase()

/** Throws 400 with the reason when a new password is too weak to guard anything. */
export const checkNewPassword = (passwords: Passwords, password: string, personal: readonly string[]): void => {
  const reason = passwords.weakness(password, personal)
  if (reason !== undefined) throw invalid('password', reason)
}
