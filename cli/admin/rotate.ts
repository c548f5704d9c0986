import { createAudit } from '../../server/audit/append.ts'
import { listAudit } from '../../server/audit/list.ts'
import type { Config } from '../../server/config.ts'
import { rewriteKeyringFile } from '../../server/crypto/keyring-file.ts'
import type { RandomBytes } from '../../server/crypto/random.ts'
import { rewrapAll } from '../../server/files/rewrap.ts'
import { type Installation, openInstallation } from '../../server/installation.ts'

export type Rotated = { from: string; to: string; files: number; resumed: boolean }

/** What has become durable so far. */
export type Step = { step: 'keyring'; to: string } | { step: 'files'; count: number } | { step: 'recorded' }

type Needs = { config: Config; random: RandomBytes; now: () => number; onStep: (step: Step) => void }

/**
 * Gives the installation a new key and wraps every file's data key under it; blobs stay as they are. The caller holds the
 * folder, so that no server seals with the old key meanwhile. Can be killed anywhere and run again: the new key is durable
 * in the keyring before anything is sealed with it, the old one stays there, and a rotation counts as finished by its event
 * in the audit log, which is the last thing written. Run again, it finishes that rotation and starts no other.
 */
export const rotateKeys = async ({ config, random, now, onStep }: Needs): Promise<Rotated> => {
  const resumed = await startOrFind({ config, random, now })
  // Opened anew: from here on there is one way, whether the key is a moment old or from a run that was killed.
  const installation = await openInstallation(config, { random, now })
  try {
    const { db, keyring } = installation
    const to = keyring.active
    const from = before(installation)
    onStep({ step: 'keyring', to })
    onStep({ step: 'files', count: await rewrapAll({ db, keyring, random }) })
    const audit = createAudit({ random, now })
    const files = await db.write(async tx => {
      const { count } = await tx
        .selectFrom('files')
        .select(eb => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      await audit.append(tx, { kind: 'keys.rotated', actor: null, data: { from, to, files: Number(count) } })
      return Number(count)
    })
    onStep({ step: 'recorded' })
    // The old wraps must not stay readable in the write-ahead log. A reader in the way: the next checkpoint does it.
    await db.erase()
    return { from, to, files, resumed }
  } finally {
    await installation.close()
  }
}

/** Puts the new key into the keyring file, unless a rotation that was cut short has done so. True: it had. */
const startOrFind = async ({ config, random, now }: Omit<Needs, 'onStep'>): Promise<boolean> => {
  const installation = await openInstallation(config, { random, now })
  try {
    if (await isUnfinished(installation)) return true
    rewriteKeyringFile(config.keyringFile, installation.keyring.rotated(now(), random), random)
    return false
  } finally {
    await installation.close()
  }
}

/** Whether the active key came by a rotation whose event is missing. */
export const isUnfinished = async ({ db, keyring }: Pick<Installation, 'db' | 'keyring'>): Promise<boolean> => {
  if (!keyring.ids().some(({ state }) => state === 'retired' || state === 'destroyed')) return false
  const [last] = await listAudit(db.read, { kind: 'keys.rotated', limit: 1 })
  return last?.data.to !== keyring.active
}

/** The key that was active before: keys stand in the order in which they came. */
const before = ({ keyring }: Installation): string => {
  const keys = keyring.ids()
  const at = keys.findIndex(({ id }) => id === keyring.active)
  return keys.slice(0, at).findLast(({ state }) => state !== 'next')?.id ?? keyring.active
}
