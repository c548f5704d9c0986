import { SealError, UnknownKeyError } from './crypto/errors.ts'
import { BusyError } from './crypto/lanes.ts'
import { AppError, type ErrorMapper, retryAfter } from './errors.ts'
import { InspectorBusy } from './inspect/pool.ts'
import { StorageFullError } from './storage/store.ts'

/** SQLite's primary result codes (sqlite.org/rescode.html). */
const SQLITE_BUSY = 5
const SQLITE_FULL = 13

/** What errors of the machines in the basement mean to whoever asked; anything else stays a bug. */
export const mapError: ErrorMapper = error => {
  if (error instanceof BusyError)
    return new AppError('unavailable', {
      detail: 'Many people are signing in; try again in a moment.',
      headers: retryAfter(2),
      cause: error,
    })
  if (error instanceof InspectorBusy) {
    return new AppError('unavailable', {
      detail: 'Many files are being inspected; send it again in a moment.',
      headers: retryAfter(10),
      cause: error,
    })
  }
  if (error instanceof StorageFullError) return full(error)
  if (error instanceof UnknownKeyError)
    return new AppError('unavailable', {
      detail: 'The key of this file is not here yet; try again later.',
      headers: retryAfter(60),
      cause: error,
    })
  if (error instanceof SealError) return undefined
  const code = sqliteCode(error)
  if (code === SQLITE_FULL) return full(error)
  if (code === SQLITE_BUSY)
    return new AppError('unavailable', {
      detail: 'The database is busy; try again.',
      headers: retryAfter(2),
      cause: error,
    })
  if (hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')) return full(error)
  return undefined
}

const full = (cause: unknown) =>
  new AppError('storage_full', { detail: 'Nothing was lost; the people who run this server must make room.', cause })

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

const sqliteCode = (error: unknown): number | undefined => {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode & 0xff
}
