import { existsSync } from 'node:fs'
import { type Config, environment, readConfig } from '../../server/config.ts'
import { systemRandom } from '../../server/crypto/random.ts'
import { type Installation, openInstallation } from '../../server/installation.ts'
import { CliError } from '../exit.ts'

/** Opens the installation that the settings name, and closes it whatever happens. Ends the command where there is none. */
export const withInstallation = async <T>(
  work: (installation: Installation, config: Config) => Promise<T>,
  { create = false }: { create?: boolean } = {},
): Promise<T> => {
  const config = readConfig(environment())
  if (!create) requireData(config)
  const installation = await openInstallation(config, { random: systemRandom, now: Date.now })
  try {
    return await work(installation, config)
  } finally {
    await installation.close()
  }
}

/** Looking must not make an empty installation where somebody mistyped a folder. */
export const requireData = (config: Config): void => {
  if (!existsSync(config.database)) {
    throw new CliError('not_found', `There is no installation in ${config.dataDir} yet. VALISE_DATA_DIR names another.`)
  }
}
