import { type AliasableExpression, type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely'
import type { FileTable, Reader, Schema } from '../db/schema.ts'

/** A file's place in every list: newest first, by id where two are of one millisecond. */
export type Key = { uploaded_at: number; id: string }

/** Files that an index holds in the order of lists, so that a page costs what it shows, however many files there are. */
export type Walk = {
  /** The first `limit` keys after `from`, newest first; one comes twice where it stands in the index twice. */
  keys: (from: Key | undefined, limit: number) => AliasableExpression<Key>
  /** How many there are, counted no further than `most`. */
  count: (most: number) => Promise<number>
}

/** Something a file has to meet, in two forms: go through every file that does, or look whether one does. */
export type Condition = {
  /** Undefined where no index holds them in order. */
  walk: Walk | undefined
  check: (file: { [K in keyof Key]: Expression<Key[K]> }) => Expression<SqlBool>
}

/** All files, or those with one value in one column; each of these columns leads an index. */
export const walkFiles = <C extends 'uploaded_by' | 'status' | 'name'>(
  db: Reader,
  only?: { column: C; value: FileTable[C] },
): Walk => {
  const some = () => {
    const all = db.selectFrom('files')
    return only ? all.where(sql.ref(only.column), '=', only.value) : all
  }
  return {
    keys: (from, limit) =>
      after(some().select(['uploaded_at', 'id']), 'id', from)
        .orderBy('uploaded_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit),
    count: most => countOf(db, some().select('id').limit(most)),
  }
}

/** The files granted to any of these subjects. */
export const walkGrants = (db: Reader, subjects: readonly string[]): Walk => ({
  keys: (from, limit) =>
    merge(
      db,
      subjects.map(subject => {
        const own = db.selectFrom('file_audience').where('subject', '=', subject)
        return after(own.select(['uploaded_at', 'file_id as id']), 'file_id', from)
      }),
      limit,
    ),
  count: most =>
    countOf(db, db.selectFrom('file_audience').select('file_id').where('subject', 'in', subjects).limit(most)),
})

/** The files whose names hold any of these terms. */
export const walkTerms = (db: Reader, terms: readonly string[]): Walk => ({
  keys: (from, limit) =>
    merge(
      db,
      terms.map(term => {
        const having = db.selectFrom('file_terms').where('term', '=', term)
        return after(having.select(['uploaded_at', 'file_id as id']), 'file_id', from)
      }),
      limit,
    ),
  count: most => countOf(db, db.selectFrom('file_terms').select('file_id').where('term', 'in', terms).limit(most)),
})

type Keys<T extends keyof Schema> = SelectQueryBuilder<Schema, T, Key>

/** Row values compare as the index is ordered, so that this is one place in it to begin at. */
const after = <T extends keyof Schema>(query: Keys<T>, id: string, from: Key | undefined): Keys<T> =>
  from === undefined
    ? query
    : query.where(sql<boolean>`(${sql.ref('uploaded_at')}, ${sql.ref(id)}) < (${from.uploaded_at}, ${from.id})`)

/** Kept well below the arms that databases allow in one UNION (SQLite: 500). */
const ARMS = 100

/** Arms in order, each by its index, are merged as they are walked: the cost follows `limit` and how many arms there are. */
const merge = <T extends keyof Schema>(
  db: Reader,
  arms: readonly Keys<T>[],
  limit: number,
): AliasableExpression<Key> => {
  const united = [...chunks(arms)].map(([first, ...rest]) =>
    rest
      .reduce((all, arm) => all.unionAll(arm), first)
      .orderBy('uploaded_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit),
  )
  const [only, ...more] = united
  if (only === undefined) throw new TypeError('Nothing to walk')
  if (more.length === 0) return only
  const whole = (one: Keys<T>) => db.selectFrom(one.as('some')).select(['some.uploaded_at', 'some.id'])
  return more
    .reduce((all, one) => all.unionAll(whole(one)), whole(only))
    .orderBy('uploaded_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
}

function* chunks<T>(all: readonly T[]): Generator<readonly [T, ...T[]]> {
  for (let i = 0; i < all.length; i += ARMS) {
    const [first, ...rest] = all.slice(i, i + ARMS)
    if (first !== undefined) yield [first, ...rest]
  }
}

/** Rows of a query that has its own limit. */
export const countOf = async (db: Reader, bounded: AliasableExpression<unknown>): Promise<number> => {
  const row = await db
    .selectFrom(bounded.as('some'))
    .select(eb => eb.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}
