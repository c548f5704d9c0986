import { createAudit } from '../../server/audit/append.ts'
import { environment, readConfig } from '../../server/config.ts'
import { systemRandom } from '../../server/crypto/random.ts'
import { claim, openInstallation } from '../../server/installation.ts'
import { createLog } from '../../server/log.ts'
import { createMailer } from '../../server/mailer.ts'
import type { Exit } from '../exit.ts'
import { say } from '../terminal.ts'

/** `valise worker`: sends what the outbox holds until it is told to stop. */
export const work = async (): Promise<Exit> => {
  const config = readConfig(environment())
  const [random, now, log] = [systemRandom, Date.now, createLog(config.logLevel)]
  const claimed = claim(config, 'worker')
  try {
    const installation = await openInstallation(config, { random, now })
    try {
      const mailer = createMailer({ config, installation, audit: createAudit({ random, now }), log, random, now })
      mailer.outbox.start()
      say('Sending mails. Stop with Ctrl-C.')
      await told()
      await mailer.stop()
    } finally {
      await installation.close()
    }
  } finally {
    claimed.release()
  }
  return 'done'
}

/** Resolves at SIGTERM or SIGINT. The timer keeps the process alive: signals alone do not. */
const told = (): Promise<void> =>
  new Promise(resolve => {
    const alive = setInterval(() => {}, 2 ** 30)
    const end = () => {
      clearInterval(alive)
      resolve()
    }
    process.once('SIGTERM', end)
    process.once('SIGINT', end)
  })
