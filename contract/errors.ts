import { Type } from 'typebox'
import { Answer, type Static } from './wire.ts'

/**
 * Every error an answer can carry. `code` is what programs read and never changes its meaning; `docs/errors.md` explains
 * each and a test ties the two together.
 */
export const errorTable = {
  invalid_request: { status: 400, title: 'The request is not understood' },
  invalid_token: { status: 400, title: 'This link from the mail does not work' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  invalid_credentials: { status: 401, title: 'Address or password is wrong' },
  email_not_verified: { status: 403, title: 'Verify the e-mail address first' },
  forbidden: { status: 403, title: 'This account may not do that' },
  cross_site: { status: 403, title: 'The request came from another site' },
  signup_closed: { status: 403, title: 'Sign-up is not open for this address' },
  setup_token_invalid: { status: 403, title: 'The set-up token is wrong' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'That is in the way of something that exists' },
  gone: { status: 410, title: 'That has ended' },
  unsupported_version: { status: 412, title: 'Another version of the protocol is needed' },
  too_large: { status: 413, title: 'Too large' },
  unsupported_media_type: { status: 415, title: 'This content type is not accepted here' },
  range_not_satisfiable: { status: 416, title: 'The range is outside the file' },
  wrong_host: { status: 421, title: 'This server does not answer to that host name' },
  file_refused: { status: 422, title: 'The file was refused' },
  unknown_recipient: { status: 422, title: 'A recipient has no account here' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on the server' },
  unavailable: { status: 503, title: 'Not available right now' },
  storage_full: { status: 507, title: 'The server has no space left' },
} as const

export type ErrorCode = keyof typeof errorTable

export const Finding = Answer(
  {
    code: Type.String(),
    severity: Type.Union([Type.Literal('block'), Type.Literal('warn'), Type.Literal('info')]),
    where: Type.String({ description: 'Part of the document, or empty' }),
    message: Type.String({ description: 'A sentence that says what it is and what to do' }),
  },
  'Finding',
)
export type Finding = Static<typeof Finding>

/** RFC 9457. */
export const Problem = Answer(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String(),
    detail: Type.Optional(Type.String()),
    instance: Type.Optional(Type.String({ description: 'Id under which the log has more, for unexpected errors' })),
    errors: Type.Optional(Type.Array(Answer({ where: Type.String(), message: Type.String() }))),
    findings: Type.Optional(Type.Array(Finding)),
  },
  'Problem',
)
export type Problem = Static<typeof Problem>
