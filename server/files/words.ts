import { sql } from 'kysely'
import type { Reader } from '../db/schema.ts'
import { type Condition, countOf, type Walk, walkTerms } from './walks.ts'

/** So many terms are looked up one by one for each file. */
const FEW = 4

/** So many terms with one beginning are merged in order: `invoic` begins few of them, `in` begins many. */
const TERMS = 20
/** Up to so many files are sorted for a page. Where more have such a word, going through other files soon meets them. */
const SORTED = 20_000

/** The least text above everything that begins with `word`. */
const above = (word: string): string => `${word}\u{10ffff}`

const having = (db: Reader, word: string) =>
  db.selectFrom('file_terms').where('term', '>=', word).where('term', '<', above(word))

/** The condition that the name has a word that begins with `word`. */
export const hasWord = async (db: Reader, word: string): Promise<Condition> => {
  const terms = await termsWith(db, word)
  if (terms.length <= FEW) {
    // Beside each other in the index for files beside each other in time: many times quicker than by the file's id.
    const check: Condition['check'] = ({ uploaded_at, id }) =>
      sql`exists ${db
        .selectFrom('file_terms')
        .select('file_id')
        .where('term', 'in', terms.length > 0 ? terms : [word])
        .where('uploaded_at', '=', uploaded_at)
        .where('file_id', '=', id)}`
    return { walk: walkTerms(db, terms.length > 0 ? terms : [word]), check }
  }
  const check: Condition['check'] = ({ id }) =>
    sql`exists ${having(db, word).select('file_id').where('file_id', '=', id)}`
  if (terms.length <= TERMS) return { walk: walkTerms(db, terms), check }
  const walk = sorted(db, word)
  return { walk: (await walk.count(SORTED)) < SORTED ? walk : undefined, check }
}

/** Terms with this beginning, at most one more than are merged; each takes one step in the index. */
const termsWith = async (db: Reader, word: string): Promise<string[]> => {
  const most = above(word)
  const found = sql<{ term: string }>`(
    with recursive next (term) as (
      select min(term) from file_terms where term >= ${word} and term < ${most}
      union all
      select (select min(term) from file_terms where term > next.term and term < ${most}) from next
      where next.term is not null
    ) select term from next where term is not null limit ${TERMS + 1})`
  const rows = await db
    .selectFrom(found.as<'found'>(sql.ref('found')))
    .select('found.term')
    .execute()
  return rows.map(({ term }) => term)
}

/** Many terms, few files: collected from the index alone and sorted. */
const sorted = (db: Reader, word: string): Walk => ({
  keys: (from, limit) => {
    const all = having(db, word).select(['uploaded_at', 'file_id as id'])
    const rest = from ? all.where(sql<boolean>`(uploaded_at, file_id) < (${from.uploaded_at}, ${from.id})`) : all
    return rest.orderBy('uploaded_at', 'desc').orderBy('file_id', 'desc').limit(limit)
  },
  count: most => countOf(db, having(db, word).select('file_id').limit(most)),
})
