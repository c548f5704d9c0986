import { createHash, randomBytes } from 'node:crypto'
import { type Config, readConfig } from '../../server/config.ts'
import { newId, systemRandom } from '../../server/crypto/random.ts'
import { newDataKey, wrapKey } from '../../server/crypto/wrap.ts'
import { type Installation, openInstallation } from '../../server/installation.ts'
import { run } from './command.ts'

export const PASSWORD = 'correct horse battery staple'

/** Settings of an installation in this folder, for commands and for looking inside. */
export const settings = (dataDir: string): { env: Record<string, string>; config: Config } => {
  const env = { VALISE_DATA_DIR: dataDir, VALISE_PORT: '0', VALISE_LOG_LEVEL: 'error' }
  return { env, config: readConfig(env) }
}

/** Looks inside, and closes. */
export const inside = async <T>(config: Config, look: (installation: Installation) => Promise<T>): Promise<T> => {
  const installation = await openInstallation(config, { random: systemRandom, now: Date.now })
  try {
    return await look(installation)
  } finally {
    await installation.close()
  }
}

/** An installation with its first administrator, made by command line. */
export const makeInstallation = async (dataDir: string): Promise<ReturnType<typeof settings>> => {
  const made = settings(dataDir)
  const args = ['user', 'add', '--role', 'ops', '--admin', '--email', 'ada@firm.example', '--name', 'Ada Admin']
  const { code, stderr } = await run([...args, '--password-stdin'], { env: made.env, stdin: PASSWORD })
  if (code !== 0) throw new Error(stderr)
  return made
}

/** Rows of files without their blobs: enough for what only wraps keys. */
export const addRows = (config: Config, count: number): Promise<void> =>
  inside(config, async ({ db, keyring }) => {
    const kek = keyring.keyFor('valise/kek/v1')
    const { id: owner } = await db.read.selectFrom('accounts').select('id').executeTakeFirstOrThrow()
    await db.write(async tx => {
      for (let i = 0; i < count; i++) {
        const id = newId(systemRandom)
        const dataKey = newDataKey(systemRandom)
        await tx
          .insertInto('files')
          .values({
            id,
            name: `Row ${i}.docx`,
            type: 'docx',
            size: 1,
            sha256: createHash('sha256').update(randomBytes(8)).digest(),
            status: 'available',
            uploaded_by: owner,
            uploaded_at: Date.now(),
            expires_at: null,
            expired_at: null,
            tell_uploader: 0,
            findings: '[]',
            wrap: wrapKey({ kek, fileId: id, dataKey, random: systemRandom }),
            kek_id: kek.id,
            blob: newId(systemRandom),
          })
          .execute()
      }
    })
  })
