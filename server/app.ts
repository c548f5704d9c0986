import { availableParallelism } from 'node:os'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createAccounts } from './accounts/accounts.ts'
import { emailKeyOf } from './accounts/address.ts'
import { clientRoutes, opsRoutes, publicRoutes } from './accounts/routes.ts'
import { createAudit } from './audit/append.ts'
import { auditRoutes } from './audit/routes.ts'
import type { Config, describeConfig } from './config.ts'
import { createPasswords, type PasswordParams } from './crypto/password.ts'
import { newId, newSecret, type RandomBytes } from './crypto/random.ts'
import { describeRoutes, serveDocs } from './docs.ts'
import { createEvents } from './events/events.ts'
import { eventRoutes } from './events/routes.ts'
import { createFiles } from './files/files.ts'
import { printOf } from './files/print.ts'
import { clientFileRoutes, opsFileRoutes, opsViewRoutes } from './files/routes.ts'
import { uploadRoutes } from './files/uploads/routes.ts'
import { createHandoffs } from './handoffs/handoffs.ts'
import { clientHandoffRoutes, opsHandoffRoutes } from './handoffs/routes.ts'
import { healthRoutes } from './health.ts'
import { createCookies } from './http/cookies.ts'
import { createHttp } from './http/create.ts'
import { openDoor } from './http/doors.ts'
import { createInspector } from './inspect/pool.ts'
import { createScanner } from './inspect/scanner.ts'
import type { Installation } from './installation.ts'
import { createJobs } from './jobs.ts'
import { createLimits } from './limits/limits.ts'
import { createLinks } from './links/links.ts'
import { clientLinkRoutes, downloadRoutes } from './links/routes.ts'
import { mailboxRoutes } from './mailbox.ts'
import { createMailer, tellSender } from './mailer.ts'
import { mapError } from './map-error.ts'
import { servePages } from './pages.ts'
import { settingsRoutes } from './settings.ts'

type Needs = {
  config: Config
  /** The same as an administrator may read it. */
  settings: ReturnType<typeof describeConfig>
  /** The address people type; known only once a port is bound. */
  publicUrl: URL
  installation: Installation
  log: Logger
  random: RandomBytes
  /** Milliseconds since 1970. */
  now: () => number
  /** Folder of the built web app. */
  webFolder: string
  /** argon2id parameters; the default unless a test wants quicker ones. */
  passwordParams?: PasswordParams
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Puts the house together: machines, features, doors. The only place that sees all of them. */
export const createApp = async (needs: Needs) => {
  const { config, publicUrl, installation, log, random, now } = needs
  const { db, keyring, store } = installation
  const id = () => newId(random)

  const audit = createAudit({ random, now })
  const limits = createLimits({ now })
  const passwords = createPasswords({ cores: availableParallelism(), params: needs.passwordParams, random })
  const cookies = createCookies({ publicUrl })
  const inspector = createInspector({
    policy: config.inspectPolicy,
    failed: reason => log.error({ reason }, 'an inspection failed'),
  })
  const mailer = createMailer({ config, installation, audit, log, random, now })

  const accounts = createAccounts({
    db,
    keyring,
    passwords,
    outbox: mailer.outbox,
    audit,
    limits,
    cookies,
    random,
    now,
    log,
    config: { ...config, publicUrl },
  })
  const files = createFiles({
    db,
    store,
    keyring,
    audit,
    inspect: inspector.inspect,
    scanner: createScanner(config.clamd && { address: config.clamd }, now),
    tellSender: tellSender({ outbox: mailer.outbox, publicUrl }),
    emailKey: emailKeyOf,
    random,
    now,
    config,
    onLeft: error => log.warn({ err: error }, 'a blob is left to the sweep'),
  })
  const handoffs = createHandoffs({
    db,
    audit,
    outbox: mailer.outbox,
    emailKey: emailKeyOf,
    random,
    now,
    config: { ...config, publicUrl },
    onError: error => log.error({ err: error }, 'notices were not mailed'),
  })
  const links = createLinks({
    delivered: handoffs.delivered,
    db,
    content: files.openContent,
    keyring,
    audit,
    limits,
    random,
    log,
    config: { ...config, publicUrl },
  })

  const events = createEvents({
    db,
    log,
    liveSessions: accounts.liveSessions,
    printOf: async client => printOf(await files.listShared(client, {})),
  })

  const app: FastifyInstance = await createHttp({
    publicUrl,
    trustedProxies: config.trustedProxies,
    log,
    newId: id,
    mapError,
  })
  await describeRoutes(app, publicUrl)
  const { authenticate } = accounts
  app.register(async scope => {
    healthRoutes(scope, db)
    publicRoutes(scope, accounts)
    downloadRoutes(scope, { links, cookies, authenticate })
  })
  openDoor(app, {
    role: 'ops',
    cookies,
    authenticate,
    routes: scope => {
      opsRoutes(scope, accounts)
      opsFileRoutes(scope, files)
      opsViewRoutes(scope, files)
      eventRoutes(scope, events, 'events:read')
      settingsRoutes(scope, needs.settings)
      opsHandoffRoutes(scope, { handoffs })
      uploadRoutes(scope, { uploads: files.uploads, maxUpload: config.maxUpload })
      auditRoutes(scope, { db, resolveActor: accounts.idsOf })
    },
  })
  openDoor(app, {
    role: 'client',
    cookies,
    authenticate,
    routes: scope => {
      clientRoutes(scope, accounts)
      clientFileRoutes(scope, files)
      clientHandoffRoutes(scope, { files, handoffs })
      clientLinkRoutes(scope, links)
      eventRoutes(scope, events, 'shared:events')
    },
  })
  await serveDocs(app)
  const mailboxSecret = config.development ? newSecret(random) : undefined
  if (mailboxSecret && mailer.folder) {
    mailboxRoutes(app, { ...mailer.folder, secret: mailboxSecret, publicUrl, host: config.host })
  }
  await servePages(app, { folder: needs.webFolder, newNonce: () => newSecret(random) })

  const jobs = createJobs({
    db,
    now,
    onFailure: (name, error) => log.error({ err: error, job: name }, 'a periodic job failed'),
    jobs: [
      { name: 'sweep-blobs', every: MINUTE, run: () => files.sweep(false) },
      { name: 'expire-files', every: MINUTE, run: () => files.expire() },
      { name: 'erase-expired', every: 10 * MINUTE, run: () => files.eraseExpired() },
      { name: 'remind', every: 10 * MINUTE, run: () => handoffs.remindBeforeEnd() },
      { name: 'expire-uploads', every: MINUTE, run: () => files.uploads.expire() },
      { name: 'ask-scanner', every: MINUTE, run: () => files.malware.retry() },
      { name: 'sweep-accounts', every: 10 * MINUTE, run: () => accounts.sweep() },
      { name: 'sweep-links', every: 10 * MINUTE, run: () => links.sweep() },
      { name: 'sweep-unfinished', every: HOUR, run: () => store.sweepUnfinished(now() - 2 * DAY) },
      { name: 'prune-outbox', every: HOUR, run: () => mailer.outbox.prune(now() - 30 * DAY) },
    ],
  })

  return {
    http: app,
    accounts,
    files,
    handoffs,
    links,
    events,
    mailer,
    mailboxSecret,
    start: (): void => {
      handoffs.notifier.start()
      mailer.outbox.start()
      jobs.start()
    },
    /** After the last request: what runs by itself ends, in the order in which it depends on each other. */
    stop: async (): Promise<void> => {
      await jobs.stop()
      await links.stop()
      await handoffs.notifier.stop()
      await mailer.stop()
      await accounts.settled()
      await inspector.close()
    },
  }
}

export type App = Awaited<ReturnType<typeof createApp>>
