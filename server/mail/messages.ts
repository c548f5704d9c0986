import type { Message } from './deliver.ts'
import { letter, type Writing } from './letter.ts'

/**
 * Mails about accounts, one pure function each. All of them may reach an address whose owner never asked for anything, so none
 * contains text that its requester chose: no names, no file names, no notes (formats.md, "Mail tokens"). Tokens stand in the
 * URL's fragment, which browsers send to nobody.
 */

/** `token`: base64url. `until`: milliseconds since 1970. */
type TokenMail = Writing & { token: string; until: number }

/** To an address that signed up: the page asks for the password chosen then, so a stranger's sign-up stays a stranger's. */
export const verification = ({ token, until, ...writing }: TokenMail): Message =>
  letter(writing, ({ words, host, page, moment }) => {
    const { subject, why, how, action, otherwise } = words.verification
    const link = { label: action, href: page(`verify#${checked(token)}`) }
    return { subject: subject(host), parts: [why(host), how, link, words.once(moment(until)), otherwise] }
  })

/** To an address that signed up and already has an account: only its owner learns that it has. */
export const alreadyRegistered = (writing: Writing): Message =>
  letter(writing, ({ words, host, page }) => {
    const { subject, why, action, forgot } = words.alreadyRegistered
    const link = { label: action, href: page('sign-in') }
    return { subject: subject(host), parts: [why(host), link, forgot, words.notYou] }
  })

export const passwordReset = ({ token, until, ...writing }: TokenMail): Message =>
  letter(writing, ({ words, host, page, moment }) => {
    const { subject, why, action, ends, otherwise } = words.reset
    const link = { label: action, href: page(`reset#${checked(token)}`) }
    return { subject: subject(host), parts: [why(host), link, `${words.once(moment(until))} ${ends}`, otherwise] }
  })

export const invitation = ({ token, until, role, ...writing }: TokenMail & { role: 'ops' | 'client' }): Message =>
  letter(writing, ({ words, host, page, moment }) => {
    const { subject, how, action, otherwise, ...why } = words.invitation
    const link = { label: action, href: page(`invitation#${checked(token)}`) }
    return { subject: subject(host), parts: [why[role](host), how, link, words.once(moment(until)), otherwise] }
  })

/** For an owner whose address is being guessed at from elsewhere, so that signing in there is slowed down. */
export const signInLink = ({ token, until, ...writing }: TokenMail): Message =>
  letter(writing, ({ words, host, page, moment }) => {
    const { subject, why, action, otherwise } = words.signIn
    const link = { label: action, href: page(`sign-in#/mail/${checked(token)}`) }
    return { subject: subject(host), parts: [why(host), link, words.once(moment(until)), otherwise] }
  })

/** To the sender of a file that the malware scanner knows. `refused`: before anybody could fetch it; it is gone. */
export const malwareFound = ({ refused, at, ...writing }: Writing & { refused: boolean; at: number }): Message =>
  letter(writing, ({ words, host, page, moment }) => {
    const { subject, why, advice, action, ...became } = words.malware
    const link = { label: action, href: page('ops') }
    const what = refused ? became.refused : became.withdrawn
    return { subject: subject(host), parts: [why(host, moment(at)), what, advice, link] }
  })

/** Anything else than base64url would have to be escaped differently in each of the two forms of a mail. */
const checked = (token: string): string => {
  if (!/^[A-Za-z0-9_-]+$/.test(token)) throw new TypeError('A mail token is base64url')
  return token
}
