import type { ErrorCode } from '../../contract/errors.ts'

type Words = { title: string; detail?: string }

/** What a refusal is called here; without a row the server's own title stands. A detail of the server's is always preferred. */
const byCode: Partial<Record<ErrorCode, Words>> = {
  invalid_request: { title: 'Please check what you entered' },
  invalid_token: {
    title: 'This link does not work any more',
    detail: 'It was used already, is too old, or was cut off. Ask for a new one.',
  },
  unauthenticated: { title: 'You are no longer signed in', detail: 'Sign in again to go on.' },
  invalid_credentials: {
    title: 'Address or password is wrong',
    detail: 'Check both, and that this is the right door: documents for you, or the team’s desk.',
  },
  forbidden: { title: 'Your account may not do this', detail: 'Ask an administrator of this service.' },
  setup_token_invalid: {
    title: 'This set-up link is not the right one',
    detail: 'Use the one the server printed in its terminal at the newest start.',
  },
  not_found: {
    title: 'This is not here',
    detail: 'It was deleted, is no longer shared with you, or the address is wrong.',
  },
  conflict: { title: 'That is not possible now' },
  too_large: { title: 'The file is too large for this service' },
  too_many_requests: { title: 'Too many attempts', detail: 'Wait a few minutes and try again.' },
  unavailable: { title: 'The service is busy', detail: 'Wait a moment and try again.' },
  internal: { title: 'Something went wrong on the server', detail: 'Tell the people who run this service.' },
}

const unexpected: Words = {
  title: 'Something went wrong on this page',
  detail: 'Load it again. If it happens again, tell the people who run this service.',
}
const offline: Words = {
  title: 'The service cannot be reached',
  detail: 'Check your connection and try again. Nothing was changed.',
}

export const problems = {
  byCode,
  unexpected,
  offline,
  /** A sentence of the server's in this language, if it is known. */
  say: (sentence: string): string | undefined => sentence,
  /** What the server says of a field: where it is shown beside the field, and where it stands alone. */
  field: (message: string): string => message,
  ofField: (where: string, message: string): string => `${where}: ${message}`,
}
