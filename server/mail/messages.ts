import type { Message } from './deliver.ts'
import { layout, type Part } from './layout.ts'

/**
 * Every mail there is, one pure function each. All of them may reach an address whose owner never asked for anything, so none
 * contains text that its requester chose: no names, no file names, no notes (formats.md, "Mail tokens"). Tokens stand in the
 * URL's fragment, which browsers send to nobody.
 */

/** `publicUrl`: as configured, never taken from a request. `token`: base64url. `until`: milliseconds since 1970. */
type TokenMail = { publicUrl: string; token: string; until: number }

/** To an address that signed up: the page asks for the password chosen then, so a stranger's sign-up stays a stranger's. */
export const verification = ({ publicUrl, token, until }: TokenMail): Message =>
  letter(publicUrl, 'Verify your address for', [
    `Someone, presumably you, signed up at ${hostOf(publicUrl)} with this e-mail address.`,
    'To finish, open this page and enter the password that was chosen at that sign-up.',
    { label: 'Verify this address', href: pageOf(publicUrl, `verify#${checked(token)}`) },
    once(until),
    'If it was not you, do nothing: without this step there is no account. Never verify a sign-up that is not yours.',
  ])

/** To an address that signed up and already has an account: only its owner learns that it has. */
export const alreadyRegistered = ({ publicUrl }: { publicUrl: string }): Message =>
  letter(publicUrl, 'You already have an account at', [
    `Someone, presumably you, signed up at ${hostOf(publicUrl)} with this e-mail address. It has an account there already, and nothing was changed.`,
    { label: 'Sign in', href: pageOf(publicUrl, 'sign-in') },
    'If you do not remember the password, ask for a new one on that page.',
    'If it was not you, you need to do nothing.',
  ])

export const passwordReset = ({ publicUrl, token, until }: TokenMail): Message =>
  letter(publicUrl, 'Choose a new password for', [
    `Someone, presumably you, asked for a new password for your account at ${hostOf(publicUrl)}.`,
    { label: 'Choose a new password', href: pageOf(publicUrl, `reset#${checked(token)}`) },
    `${once(until)} Using it ends every session of the account.`,
    'If it was not you, do nothing: your password stays as it is.',
  ])

export const invitation = ({ publicUrl, token, until, role }: TokenMail & { role: 'ops' | 'client' }): Message =>
  letter(publicUrl, 'You are invited to', [
    role === 'client'
      ? `You are invited to receive documents at ${hostOf(publicUrl)}.`
      : `You are invited to hand over documents at ${hostOf(publicUrl)}, as a member of its team.`,
    'Open this page to choose a password.',
    { label: 'Accept the invitation', href: pageOf(publicUrl, `invitation#${checked(token)}`) },
    once(until),
    'If you do not expect an invitation, ask the person you think it comes from by other means, or do nothing.',
  ])

/** For an owner whose address is being guessed at from elsewhere, so that signing in there is slowed down. */
export const signInLink = ({ publicUrl, token, until }: TokenMail): Message =>
  letter(publicUrl, 'Sign in to', [
    `Someone, presumably you, asked for a link to sign in at ${hostOf(publicUrl)}. The page asks for your password as well.`,
    { label: 'Sign in', href: pageOf(publicUrl, `sign-in#/mail/${checked(token)}`) },
    once(until),
    'If it was not you, do nothing: nobody can sign in without this link and your password. If it happens often, choose a new password.',
  ])

/** To the sender of a file that the malware scanner knows. `refused`: before anybody could fetch it; it is gone. */
export const malwareFound = ({
  publicUrl,
  refused,
  at,
}: {
  publicUrl: string
  refused: boolean
  at: number
}): Message =>
  letter(publicUrl, 'A file was stopped by the malware scanner at', [
    `The malware scanner at ${hostOf(publicUrl)} knows the content of a file that you uploaded on ${moment(at)} as harmful.`,
    refused
      ? 'Nobody has been able to fetch it. It was refused, and nothing of it was kept.'
      : 'It could be fetched until now, and cannot be any more. An administrator decides what becomes of it.',
    'Do not open that document. Have the computer it comes from looked at before you send another version.',
    { label: 'See your files', href: pageOf(publicUrl, 'ops') },
  ])

/** A mail of this service: `subject` is followed by its host, the text by who it is from. */
export const letter = (publicUrl: string, subject: string, parts: readonly Part[]): Message =>
  layout(`${subject} ${hostOf(publicUrl)}`, [
    ...parts,
    `Sent by the document delivery service at ${hostOf(publicUrl)}. Replies to this address are not read.`,
  ])

const hostOf = (publicUrl: string): string => new URL(publicUrl).host

export const pageOf = (publicUrl: string, page: string): string => `${publicUrl.replace(/\/+$/, '')}/${page}`

/** Anything else than base64url would have to be escaped differently in each of the two forms of a mail. */
const checked = (token: string): string => {
  if (!/^[A-Za-z0-9_-]+$/.test(token)) throw new TypeError('A mail token is base64url')
  return token
}

const once = (until: number): string => `The link works once, until ${moment(until)}.`

export const moment = (milliseconds: number): string =>
  `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(milliseconds)} UTC`
