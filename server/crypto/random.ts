import { randomBytes } from 'node:crypto'
import { fromBase64url, toBase64url } from './encoding.ts'

/** `n` fresh bytes. Anything that needs randomness takes one of these, so a test can replay a published vector. */
export type RandomBytes = (n: number) => Buffer

/** The operating system's generator, through OpenSSL. The only one to be used outside tests. */
export const systemRandom: RandomBytes = n => randomBytes(n)

/** A 22-character id: base64url of 16 random bytes. Names a thing; grants nothing. */
export function newId(random: RandomBytes): string {
  return toBase64url(random(16))
}

/** A 43-character secret: base64url of 32 random bytes (sessions, mail tokens, device cookies). */
export function newSecret(random: RandomBytes): string {
  return toBase64url(random(32))
}

/** Whether the text is the one spelling of a 16-byte id. */
export function isId(text: string): boolean {
  return fromBase64url(text, 16) !== undefined
}

/** Whether the text is the one spelling of a 32-byte secret. */
export function isSecret(text: string): boolean {
  return fromBase64url(text, 32) !== undefined
}
