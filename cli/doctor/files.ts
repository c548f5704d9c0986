import { existsSync, statSync } from 'node:fs'
import type { Config } from '../../server/config.ts'
import { KeyringError } from '../../server/crypto/keyring-error.ts'
import { readKeyringFile } from '../../server/crypto/keyring-file.ts'
import { parseKeyring } from '../../server/crypto/keyring-parse.ts'
import { checkIntegrity } from '../../server/db/integrity.ts'
import { hint, type Line, mend, ok } from './line.ts'

const WINDOWS = process.platform === 'win32'

/** Who may look into the data folder. Data in it is sealed, but mails of a development server are not. */
export const checkFolder = ({ dataDir }: Config): Line[] => {
  const mode = statSync(dataDir).mode & 0o777
  if (!WINDOWS && (mode & 0o077) !== 0)
    return [mend('data folder', `${dataDir} is open to other users of this machine: run chmod 700 on it`)]
  return [ok('data folder', dataDir)]
}

/** The keyring, judged as the server judges it at its start, without making one. */
export const checkKeyring = ({ keyring, keyringFile, dataDir }: Config): Line[] => {
  try {
    const { keys } = keyring === undefined ? readKeyringFile(keyringFile) : parseKeyring(keyring)
    const where = keyring === undefined ? keyringFile : 'VALISE_KEYRING'
    const lines = [ok('keyring', `${where}, ${keys.length === 1 ? '1 key' : `${keys.length} keys`}`)]
    if (keyring !== undefined || !keyringFile.startsWith(dataDir)) return lines
    return [
      ...lines,
      hint('backup', `without ${keyringFile} nothing can be opened: keep a copy apart from backups of the data`),
    ]
  } catch (error) {
    if (error instanceof KeyringError) return [mend('keyring', error.message)]
    throw error
  }
}

/** Every page of the database, before anything opens it to write. */
export const checkDatabase = ({ database }: Config): Line[] => {
  if (!existsSync(database)) return [mend('database', `${database} is missing: restore it from its backup`)]
  const complaints = checkIntegrity(database)
  if (complaints.length === 0) return [ok('database', `${database} is sound`)]
  return [mend('database', `stop the server and restore ${database} from its backup: ${complaints.join('; ')}`)]
}
