import { invalid } from '../errors.ts'

const MOST = 200
const USUAL = 50
const CURSOR = /^([0-9a-z]{1,9})\.([A-Za-z0-9_-]{22})$/

/** A place in a list ordered by time and, within one millisecond, by id: that of the last row a page showed. */
export type Place = { at: number; id: string }

/** What the `limit` and `cursor` of a request ask for. Throws 400 for anything no page of ours could have handed out. */
export const readPaging = (query: { limit?: string; cursor?: string }): { limit: number; after: Place | undefined } => {
  const limit = query.limit === undefined ? USUAL : Number(query.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw invalid('limit', `must be a number from 1 to ${MOST}`)
  if (query.cursor === undefined) return { limit, after: undefined }
  const [, at = '', id] = CURSOR.exec(query.cursor) ?? []
  if (id === undefined) throw invalid('cursor', 'is not a next_cursor of this list')
  return { limit, after: { at: Number.parseInt(at, 36), id } }
}

/** A page of `limit` from rows of which one more was asked for: only that one tells whether there is another page. */
export const toPage = <Row, Item>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => Place,
  toItem: (row: Row) => Item,
): { items: Item[]; next_cursor: string | null } => {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const more = rows.length > limit && last !== undefined
  return { items: shown.map(toItem), next_cursor: more ? toCursor(placeOf(last)) : null }
}

const toCursor = ({ at, id }: Place): string => `${at.toString(36)}.${id}`
