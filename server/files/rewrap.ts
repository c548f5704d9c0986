import type { Keyring } from '../crypto/keyring.ts'
import type { RandomBytes } from '../crypto/random.ts'
import { unwrapKey, wrapKey } from '../crypto/wrap.ts'
import type { Db } from '../db/schema.ts'

const BATCH = 200

/**
 * Re-wraps every data key that an older key holds under the active one, of files and of unfinished uploads; blobs stay as they
 * are. Resumable: each batch is one commit, and what was deleted meanwhile is simply gone. Answers how many files it were.
 */
export const rewrapAll = async (needs: Needs): Promise<number> => {
  await rewrapTable(needs, 'uploads')
  return rewrapTable(needs, 'files')
}

type Needs = { db: Db; keyring: Keyring; random: RandomBytes }

const rewrapTable = async ({ db, keyring, random }: Needs, table: 'files' | 'uploads'): Promise<number> => {
  const kek = keyring.keyFor('valise/kek/v1')
  let done = 0
  for (;;) {
    const count = await db.write(async tx => {
      const rows = await tx
        .selectFrom(table)
        .select(['id', 'wrap'])
        .where('kek_id', '!=', kek.id)
        // Uploads that have ended keep their row for a while, without a key.
        .where('wrap', 'is not', null)
        .limit(BATCH)
        .execute()
      for (const { id, wrap } of rows) {
        if (wrap === null) continue
        const dataKey = unwrapKey({ keyById: keyId => keyring.keyById('valise/kek/v1', keyId), fileId: id, wrap })
        const renewed = wrapKey({ kek, fileId: id, dataKey, random })
        await tx.updateTable(table).set({ wrap: renewed, kek_id: kek.id }).where('id', '=', id).execute()
      }
      return rows.length
    })
    done += count
    if (count < BATCH) return done
  }
}
