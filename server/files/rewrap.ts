import type { Keyring } from '../crypto/keyring.ts'
import type { RandomBytes } from '../crypto/random.ts'
import { unwrapKey, wrapKey } from '../crypto/wrap.ts'
import type { Db } from '../db/schema.ts'

const BATCH = 200

/**
 * Re-wraps every data key that an older key holds under the active one; blobs stay as they are. Resumable: each batch is one
 * commit, and a file deleted meanwhile is simply gone. Answers how many files were re-wrapped.
 */
export const rewrapAll = async ({
  db,
  keyring,
  random,
}: {
  db: Db
  keyring: Keyring
  random: RandomBytes
}): Promise<number> => {
  const kek = keyring.keyFor('valise/kek/v1')
  let done = 0
  for (;;) {
    const count = await db.write(async tx => {
      const rows = await tx
        .selectFrom('files')
        .select(['id', 'wrap'])
        .where('kek_id', '!=', kek.id)
        .limit(BATCH)
        .execute()
      for (const { id, wrap } of rows) {
        const dataKey = unwrapKey({ keyById: keyId => keyring.keyById('valise/kek/v1', keyId), fileId: id, wrap })
        const renewed = wrapKey({ kek, fileId: id, dataKey, random })
        await tx.updateTable('files').set({ wrap: renewed, kek_id: kek.id }).where('id', '=', id).execute()
      }
      return rows.length
    })
    done += count
    if (count < BATCH) return done
  }
}
