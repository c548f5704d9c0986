import { createSha256 } from '../crypto/hash.ts'
import type { Db } from '../db/schema.ts'
import { release } from '../memory.ts'
import { type OpenContent, plaintextChunks } from './content.ts'

/** `problem` of one that is not `ok`: what was thrown, or `changed` when other bytes came. */
export type Scanned = {
  id: string
  name: string
  owner: string
  sha256: Uint8Array
  size: number
  ok: boolean
  problem: unknown
}

/**
 * Opens every stored file to its last byte and compares its SHA-256 with the database: what a client would notice, found
 * before one does. Reads only; several GB take their time, so it answers file by file.
 */
export async function* scanFiles({ db, open }: { db: Db; open: OpenContent }): AsyncGenerator<Scanned> {
  let after = ''
  for (;;) {
    const file = await db.read
      .selectFrom('files')
      .select(['id', 'name', 'uploaded_by', 'size', 'blob', 'wrap', 'sha256'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    if (!file) return
    after = file.id
    const { id, name, uploaded_by: owner, sha256, size } = file
    const problem = await problemOf(file, open)
    yield { id, name, owner, sha256, size, ok: problem === undefined, problem }
  }
}

type Row = { id: string; size: number; blob: string; wrap: Uint8Array; sha256: Uint8Array }

const problemOf = async (file: Row, open: OpenContent): Promise<unknown> => {
  try {
    const content = await open(file)
    try {
      const hash = createSha256()
      for await (const chunk of plaintextChunks(content)) {
        hash.update(chunk)
        release([chunk])
      }
      return hash.digest().equals(file.sha256) ? undefined : 'changed'
    } finally {
      await content.close()
    }
  } catch (error) {
    return error
  }
}
