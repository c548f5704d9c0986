import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PasswordParams } from '../server/crypto/password.ts'
import type { RandomBytes } from '../server/crypto/random.ts'
import type { Db } from '../server/db/schema.ts'
import { serve } from '../server/serve.ts'
import { type Client, createClient } from './client.ts'

/** The least that argon2id may be here: tests sign in hundreds of times. */
const QUICK: PasswordParams = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

type Options = {
  env?: Record<string, string>
  now?: () => number
  random?: RandomBytes
  passwordParams?: PasswordParams
  /** Use this data folder and leave it there. */
  dataDir?: string
}

export type Mail = { to: string; subject: string; text: string; link: string | undefined; token: string | undefined }

/**
 * A real server on a free port of 127.0.0.1 with its own data folder, SQLite, local disk and development mail. `stop` ends it
 * and removes the folder.
 */
export const startServer = async (options: Options = {}) => {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'valise-test-')))
  const printed: string[] = []
  const running = await serve({
    env: { VALISE_PORT: '0', VALISE_LOG_LEVEL: 'error', ...options.env, VALISE_DATA_DIR: dataDir },
    print: line => printed.push(line),
    now: options.now,
    random: options.random,
    passwordParams: options.passwordParams ?? QUICK,
  })
  const { url, app, installation } = running
  const folder = join(dataDir, 'mail')

  /** Mails so far to an address, oldest first. */
  const mailsTo = async (address: string): Promise<Mail[]> => {
    await drained(installation.db)
    const names = (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.eml')).sort()
    const mails = await Promise.all(names.map(async name => parseMail(await readFile(join(folder, name), 'utf8'))))
    return mails.filter(mail => mail.to.includes(address))
  }

  const client = (): Client => createClient(url)

  return {
    url,
    app,
    db: installation.db,
    dataDir,
    printed,
    setupToken: running.setupLink?.split('#')[1] ?? '',
    mailboxSecret: running.mailboxSecret ?? '',
    client,
    mailsTo,
    /** The newest mail to an address; throws when there is none. */
    lastMail: async (address: string): Promise<Mail> => {
      const mail = (await mailsTo(address)).at(-1)
      if (!mail) throw new Error(`No mail to ${address}`)
      return mail
    },
    stop: async (): Promise<void> => {
      await running.stop()
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export type TestServer = Awaited<ReturnType<typeof startServer>>

/** Until every mail written so far has been handed over: the worker runs beside the requests. */
const drained = async (db: Db): Promise<void> => {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
    const waiting = await db.read.selectFrom('outbox').select('id').where('sealed', 'is not', null).executeTakeFirst()
    if (!waiting) return
    await new Promise(resolve => setImmediate(resolve))
  }
  throw new Error('The outbox did not drain')
}

const parseMail = (raw: string): Mail => {
  const [head = '', ...rest] = raw.split(/\r?\n\r?\n/)
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'mi').exec(head)?.[1] ?? ''
  const body = rest
    .join('\n\n')
    .replaceAll(/=\r?\n/g, '')
    .replaceAll('=3D', '=')
  const link = /https?:\/\/[^\s<>"]+#[^\s<>"]+/.exec(body)?.[0]
  return { to: header('To'), subject: header('Subject'), text: body, link, token: link?.split(/[#/]/).at(-1) }
}
