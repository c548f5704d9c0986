import { createServer } from 'node:net'
import packageJson from '../package.json' with { type: 'json' }
import { createApp } from './app.ts'
import { describeConfig, readConfig } from './config.ts'
import type { PasswordParams } from './crypto/password.ts'
import { type RandomBytes, systemRandom } from './crypto/random.ts'
import { claim, openInstallation } from './installation.ts'
import { createLog } from './log.ts'
import { WEB_FOLDER } from './places.ts'

type Options = {
  env: Record<string, string | undefined>
  /** Takes what people should read, line by line. */
  print: (line: string) => void
  now?: () => number
  random?: RandomBytes
  passwordParams?: PasswordParams
}

/** How long requests may go on after the server was told to stop, milliseconds. */
const PATIENCE = 30_000

/**
 * Starts the server on the configuration in `env` and resolves when it answers. Throws ConfigError with everything that is
 * wrong, InUseError beside another server, and what listening throws; then nothing is left open.
 */
export const serve = async ({ env, print, now = Date.now, random = systemRandom, passwordParams }: Options) => {
  const config = readConfig(env)
  const log = createLog(config.logLevel)
  const port = config.port === 0 ? await freePort(config.host) : config.port
  const publicUrl = config.publicUrl ?? new URL(`http://localhost:${port}`)
  // First of all: nobody may rotate keys or sweep between our reading of the folder and our claim on it.
  const claimed = claim(config, 'server')
  const undo: (() => unknown)[] = [claimed.release]
  try {
    const installation = await openInstallation(config, { random, now })
    undo.unshift(installation.close)
    const app = await createApp({
      config,
      settings: describeConfig(env),
      publicUrl,
      installation,
      log,
      random,
      now,
      webFolder: WEB_FOLDER,
      passwordParams,
    })
    undo.unshift(app.stop, () => app.http.close())
    // Alone on this folder, so whatever is unfinished belongs to a process that died.
    await app.files.sweep(true)
    // Fastify logs where it listens; at this level the greeting below is enough.
    if (config.logLevel === 'info') log.level = 'warn'
    await app.http.listen({ host: config.host, port, listenTextResolver: () => 'listening' })
    log.level = config.logLevel
    app.start()
    const setup = await app.accounts.setupLink()
    const mail = app.mailboxSecret && `${publicUrl.origin}/mailbox#${app.mailboxSecret}`
    for (const line of greeting({ origin: publicUrl.origin, setup, mail, dataDir: config.dataDir })) print(line)

    let stopping: Promise<void> | undefined
    const stop = async (): Promise<void> => {
      const { server } = app.http
      const impatient = setTimeout(() => server.closeAllConnections(), PATIENCE)
      // A kept-alive connection whose last request has just ended would otherwise hold everything up.
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      await app.http.close()
      clearTimeout(impatient)
      clearInterval(idle)
      await app.stop()
      await installation.close()
      claimed.release()
    }
    return {
      url: publicUrl.origin,
      setupLink: setup,
      mailboxSecret: app.mailboxSecret,
      app,
      installation,
      /** Accepts nothing new, lets requests finish (30 s at most), then closes everything. */
      stop: (): Promise<void> => {
        stopping ??= stop()
        return stopping
      },
    }
  } catch (error) {
    for (const step of undo) await step()
    throw error
  }
}

const greeting = (to: {
  origin: string
  setup: string | undefined
  mail: string | undefined
  dataDir: string
}): string[] => [
  `Valise ${packageJson.version}`,
  '',
  `  Open     ${to.origin}`,
  ...(to.setup ? [`  Set up   ${to.setup}`, '           (once, for the first administrator)'] : []),
  ...(to.mail
    ? [`  Mail     ${to.mail}`, '           (no relay is set: mails stay on this machine and are shown there)']
    : []),
  `  Data     ${to.dataDir}`,
  '',
]

const freePort = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ host, port: 0 }, () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No free port')),
      )
    })
  })

export type Running = Awaited<ReturnType<typeof serve>>
