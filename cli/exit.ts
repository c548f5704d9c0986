import type { ErrorCode } from '../contract/errors.ts'

/** How a command can end. Scripts read the code; `docs/command-line.md` has the same table and a test compares. */
export const exits = {
  done: { code: 0, meaning: 'Done' },
  refused: {
    code: 1,
    meaning: 'Refused or disproved: a file that inspection refuses, bytes that are not those sent, something to mend',
  },
  usage: { code: 2, meaning: 'The command line, a setting or a file on this machine is at fault' },
  sign_in: { code: 3, meaning: 'Sign in first, or the address or password is wrong' },
  forbidden: { code: 4, meaning: 'This account may not do that' },
  not_found: { code: 5, meaning: 'No such file, person, group or key' },
  unreachable: { code: 6, meaning: 'Trouble with the network or the server; trying again may help' },
  throttled: { code: 7, meaning: 'Too many requests; wait as long as it says' },
  conflict: { code: 8, meaning: 'In the way: something exists already, or a server is at work' },
  bug: { code: 9, meaning: 'Something unexpected; please report it' },
} as const satisfies Record<string, { code: number; meaning: string }>

export type Exit = keyof typeof exits

/** How a command ends when the server refused with this code. */
export const exitOf: Record<ErrorCode, Exit> = {
  invalid_request: 'usage',
  invalid_token: 'usage',
  unauthenticated: 'sign_in',
  invalid_credentials: 'sign_in',
  email_not_verified: 'forbidden',
  forbidden: 'forbidden',
  cross_site: 'forbidden',
  signup_closed: 'forbidden',
  setup_token_invalid: 'forbidden',
  not_found: 'not_found',
  method_not_allowed: 'unreachable',
  conflict: 'conflict',
  gone: 'not_found',
  unsupported_version: 'unreachable',
  too_large: 'refused',
  unsupported_media_type: 'unreachable',
  range_not_satisfiable: 'unreachable',
  wrong_host: 'usage',
  file_refused: 'refused',
  unknown_recipient: 'not_found',
  too_many_requests: 'throttled',
  internal: 'unreachable',
  unavailable: 'unreachable',
  storage_full: 'unreachable',
}

/** Ends a command: one or two sentences for the person at the terminal, without secrets. */
export class CliError extends Error {
  readonly exit: Exit
  constructor(exit: Exit, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CliError'
    this.exit = exit
  }
}

/** Of several files the gravest counts: a script that sends ten must notice the one that failed. */
export const worst = (ends: readonly Exit[]): Exit =>
  ends.reduce((a, b) => (exits[b].code > exits[a].code ? b : a), 'done')
