import type { Reader } from '../db/schema.ts'

/**
 * A file by id, if the actor reaches it: `owner` is the account whose files count, undefined for everybody's. Not found and
 * not yours are the same answer.
 */
export const findFile = (db: Reader, id: string, owner: string | undefined) => {
  const query = db
    .selectFrom('files')
    .select([
      'id',
      'name',
      'uploaded_by',
      'uploaded_at',
      'sha256',
      'blob',
      'size',
      'wrap',
      'status',
      'expires_at',
      'expired_at',
    ])
    .where('id', '=', id)
  return (owner === undefined ? query : query.where('uploaded_by', '=', owner)).executeTakeFirst()
}

export type Reachable = typeof findFile
