import { invalid } from './errors.ts'

/** First element of every cursor, so that a change of meaning never misreads an old one. */
const VERSION = 1

const LIMIT = 50
const LIMIT_MAX = 200

/** Control characters order nothing, and some databases refuse NUL with an error of their own. */
const TEXT = /^[^\p{Cc}]{0,100}$/u

/** What a cursor holds: the sort key of the last item given, element by element. */
export type CursorShape = readonly ('number' | 'string')[]
type Parts<S extends CursorShape> = { -readonly [I in keyof S]: S[I] extends 'number' ? number : string }

/**
 * Cursor for the page after an item: base64url of the JSON `[1, ...parts]`. Numbers are integers below 2^53, strings at most
 * 100 characters; anything else is a bug and throws TypeError.
 */
export const encodeCursor = (parts: readonly (number | string)[]): string => {
  if (!parts.every(part => fits(part, typeof part))) throw new TypeError('This cannot stand in a cursor')
  return encode([VERSION, ...parts])
}

/**
 * The parts of a cursor that a client sent back, in the shape the list expects. Throws `invalid_request` naming `cursor`
 * unless it is exactly what `encodeCursor` writes for parts of that shape. Its content is not secret and grants nothing: it
 * only says where to go on within what the query allows anyway.
 */
export const decodeCursor = <const S extends CursorShape>(text: string, shape: S): Parts<S> => {
  const [version, ...parts] = parse(text)
  if (version !== VERSION || !matches(parts, shape)) throw badCursor()
  // Decoders forgive (stray characters, spaces, 1.0); one position has one cursor.
  if (encode([version, ...parts]) !== text) throw badCursor()
  return parts
}

/** `?limit=`: 1 to 200, 50 unless told. Throws `invalid_request` naming `limit`. */
export const limitOf = (text: string | undefined): number => {
  if (text === undefined) return LIMIT
  const limit = /^[0-9]{1,4}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > LIMIT_MAX) throw invalid('limit', `must be a whole number from 1 to ${LIMIT_MAX}`)
  return limit
}

/**
 * A page from up to `limit + 1` rows, in order: asking for one more than is shown tells whether there is a next page.
 * `partsOf` gives the sort key of a row.
 */
export const pageOf = <R>(
  rows: readonly R[],
  limit: number,
  partsOf: (row: R) => readonly (number | string)[],
): { rows: R[]; next_cursor: string | null } => {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const more = rows.length > limit && last !== undefined
  return { rows: shown, next_cursor: more ? encodeCursor(partsOf(last)) : null }
}

const encode = (value: readonly unknown[]): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const parse = (text: string): unknown[] => {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    return Array.isArray(value) ? value : []
  } catch {
    throw badCursor()
  }
}

const matches = <S extends CursorShape>(parts: unknown, shape: S): parts is Parts<S> =>
  Array.isArray(parts) && parts.length === shape.length && shape.every((type, i) => fits(parts[i], type))

const fits = (part: unknown, type: string): boolean => {
  if (typeof part === 'number') return type === 'number' && Number.isSafeInteger(part)
  return typeof part === 'string' && type === 'string' && part.isWellFormed() && TEXT.test(part)
}

const badCursor = () => invalid('cursor', 'is not the next_cursor of a page of this list')
