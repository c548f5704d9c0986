import { type Accounts, createAccounts } from '../../server/accounts/accounts.ts'
import { createAudit } from '../../server/audit/append.ts'
import type { Config } from '../../server/config.ts'
import { createPasswords } from '../../server/crypto/password.ts'
import { systemRandom } from '../../server/crypto/random.ts'
import { createCookies } from '../../server/http/cookies.ts'
import { createLimits } from '../../server/limits/limits.ts'
import { createLog } from '../../server/log.ts'
import { createMailer } from '../../server/mailer.ts'
import { CliError } from '../exit.ts'
import { withInstallation } from './open.ts'

/**
 * Runs `work` with the accounts of the installation that the settings name. Mails it writes are sent by the server or
 * worker, at once if one runs. `create`: make the installation if there is none, for its first administrator.
 */
export const withAccounts = <T>(
  work: (accounts: Accounts, config: Config) => Promise<T>,
  { create = false }: { create?: boolean } = {},
): Promise<T> =>
  withInstallation(
    async (installation, config) => {
      const [random, now, log] = [systemRandom, Date.now, createLog('error')]
      const publicUrl = config.publicUrl ?? new URL(`http://localhost:${config.port}`)
      const audit = createAudit({ random, now })
      const mailer = createMailer({ config, installation, audit, log, random, now })
      const accounts = createAccounts({
        db: installation.db,
        keyring: installation.keyring,
        passwords: createPasswords({ cores: 2, random }),
        outbox: mailer.outbox,
        audit,
        limits: createLimits({ now }),
        cookies: createCookies({ publicUrl }),
        random,
        now,
        log,
        config: { ...config, publicUrl },
      })
      try {
        return await work(accounts, config)
      } finally {
        await mailer.stop()
        await accounts.settled()
      }
    },
    { create },
  )

/** A mail needs an address that leads here: with port 0 and no public URL nobody knows it. */
export const requireAddress = (config: Config): void => {
  if (config.publicUrl === undefined && config.port === 0) {
    throw new CliError('usage', 'The link in the mail needs an address: set VALISE_PUBLIC_URL, or a VALISE_PORT.')
  }
}
