import { createSha256 } from '../crypto/hash.ts'
import { SEGMENT_LENGTH } from '../crypto/segments.ts'
import type { Db } from '../db/schema.ts'
import type { OpenContent } from './content.ts'

const SEGMENTS = 16

export type Scanned = { id: string; name: string; ok: boolean }

/**
 * Opens every stored file to its last byte and compares its SHA-256 with the database: what a client would notice, found
 * before one does. Reads only; several GB take their time, so it answers file by file.
 */
export async function* scanFiles({ db, open }: { db: Db; open: OpenContent }): AsyncGenerator<Scanned> {
  const buffer = Buffer.allocUnsafe(SEGMENTS * SEGMENT_LENGTH)
  let after = ''
  for (;;) {
    const file = await db.read
      .selectFrom('files')
      .select(['id', 'name', 'size', 'blob', 'wrap', 'sha256'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    if (!file) return
    after = file.id
    yield { id: file.id, name: file.name, ok: await intact(file, open, buffer) }
  }
}

type Row = { id: string; size: number; blob: string; wrap: Uint8Array; sha256: Uint8Array }

const intact = async (file: Row, open: OpenContent, buffer: Buffer): Promise<boolean> => {
  try {
    const content = await open(file)
    try {
      const hash = createSha256()
      for (let first = 0; first < content.segments; first += SEGMENTS) {
        const pieces = await content.read(first, Math.min(SEGMENTS, content.segments - first), buffer)
        for (const piece of pieces) hash.update(piece)
      }
      return hash.digest().equals(file.sha256)
    } finally {
      await content.close()
    }
  } catch {
    // Missing, changed, cut or under an unknown key: for whoever wants the file it is all the same.
    return false
  }
}
