import { type ErrorCode, errorTable, type Finding, type Problem } from '../contract/errors.ts'

/** What an AppError may add to the table's row. */
type Extra = {
  detail?: string
  errors?: { where: string; message: string }[]
  findings?: Finding[]
  headers?: Record<string, string>
  cause?: unknown
}

/**
 * An answer that is not a success, thrown anywhere in a feature and turned into RFC 9457 by `toProblem`. `detail` is read by
 * people: it says what to do, and holds nothing that another account may not know.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly extra: Extra
  constructor(code: ErrorCode, extra: Extra = {}) {
    super(extra.detail ?? errorTable[code].title, { cause: extra.cause })
    this.name = 'AppError'
    this.code = code
    this.extra = extra
  }
}

/** Shorthand for the commonest 400: `where` is the field or parameter. */
export const invalid = (where: string, message: string): AppError =>
  new AppError('invalid_request', { detail: `${where}: ${message}`, errors: [{ where, message }] })

/** `Retry-After` in whole seconds, at least 1. */
export const retryAfter = (seconds: number): Record<string, string> => ({
  'retry-after': String(Math.max(1, Math.ceil(seconds))),
})

/** The body of an answer for an AppError. */
export const toProblem = (error: AppError): Problem & { code: ErrorCode } => {
  const { status, title } = errorTable[error.code]
  const { detail, errors, findings } = error.extra
  return { type: `urn:valise:problem:${error.code}`, title, status, code: error.code, detail, errors, findings }
}

/** What an error of a capability means to whoever asked (`map-error.ts`); undefined for bugs. */
export type ErrorMapper = (error: unknown) => AppError | undefined
