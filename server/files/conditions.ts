import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Reader, Schema } from '../db/schema.ts'
import { clientSubject, everyone, grantedTo, groupSubject } from './granted.ts'
import { queryTermsOf } from './terms.ts'
import { somebodyWaits } from './waiting.ts'
import { type Condition, walkFiles, walkGrants } from './walks.ts'
import { hasWord } from './words.ts'

/** So many subjects are looked up one by one for each file, in the order of the index; more are quicker by the file. */
const FEW = 8

export type FileFilter = {
  q?: string
  /** Account id of the uploader, already resolved; null: nobody has that address. */
  uploader?: string | null
  status?: 'available' | 'pending' | 'expired'
  /** The exact name. */
  name?: string
  /** Only available files that somebody who may see them has not fetched whole. */
  fetched?: 'not_yet'
}

/** The conditions of a filter, those first that few files are likely to meet. */
export const conditionsOf = async (db: Reader, filter: FileFilter): Promise<Condition[]> => {
  const conditions: Condition[] = []
  const column = <C extends 'uploaded_by' | 'status' | 'name'>(name: C, value: Schema['files'][C]) =>
    conditions.push({
      walk: walkFiles(db, { column: name, value }),
      check: ({ id }) => existing(db, id, eb => sql`${eb.ref(`files.${name}`)} = ${value}`),
    })
  if (filter.name !== undefined) column('name', filter.name.normalize('NFC'))
  for (const word of queryTermsOf(filter.q ?? '')) {
    conditions.push(await hasWord(db, word))
  }
  if (filter.uploader) column('uploaded_by', filter.uploader)
  if (filter.status) column('status', filter.status)
  if (filter.fetched) {
    column('status', 'available')
    conditions.push({ walk: undefined, check: ({ id }) => somebodyWaits(id) })
  }
  return conditions
}

/** That a client may see the file. A membership may end at any time: what is shown is asked `grantedTo` once more. */
export const sharedWith = async (db: Reader, clientId: string): Promise<Condition> => {
  const groups = await db.selectFrom('group_members').select('group_id').where('account_id', '=', clientId).execute()
  const subjects = [everyone, clientSubject(clientId), ...groups.map(row => groupSubject(row.group_id))]
  const few: Condition['check'] = ({ uploaded_at, id }) =>
    sql`exists ${db
      .selectFrom('file_audience')
      .select('file_id')
      .where('subject', 'in', subjects)
      .where('uploaded_at', '=', uploaded_at)
      .where('file_id', '=', id)}`
  const many: Condition['check'] = ({ id }) => existing(db, id, eb => grantedTo(eb, clientId))
  return { walk: walkGrants(db, subjects), check: subjects.length <= FEW ? few : many }
}

const existing = (
  db: Reader,
  id: Expression<string>,
  of: (eb: ExpressionBuilder<Schema, 'files'>) => Expression<SqlBool>,
): Expression<SqlBool> => sql`exists ${db.selectFrom('files').select('files.id').where('files.id', '=', id).where(of)}`
