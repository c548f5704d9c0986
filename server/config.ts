import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { combinations } from './config-combinations.ts'
import { relay, sender } from './config-mail.ts'
import type { Parse } from './config-types.ts'
import * as type from './config-types.ts'
import type { ClamdAddress } from './inspect/clamd.ts'
import { type InspectPolicy, parsePolicy } from './inspect/policy.ts'
import { nearest } from './nearest.ts'

type Option<T> = {
  name: string
  kind: string
  default: string
  secret: boolean
  /** Set to nothing is a mistake: whoever wrote the name meant to give a value, and going on without one is not safe. */
  neverEmpty: boolean
  help: string
  parse: Parse<T>
}

const option = <T>(name: string, parse: Parse<T>, kind: string, fallback: string, help: string): Option<T> => ({
  name: `VALISE_${name}`,
  kind,
  default: fallback,
  secret: false,
  neverEmpty: false,
  help,
  parse,
})
const secret = <T>(of: Option<T>): Option<T> => ({ ...of, secret: true })
const neverEmpty = <T>(of: Option<T>): Option<T> => ({ ...of, neverEmpty: true })
/** Empty means: not set. */
const optional =
  <T>(parse: Parse<T>): Parse<T | undefined> =>
  text =>
    text === '' ? undefined : parse(text)

const scheme =
  (prefix: string): Parse<string> =>
  text => {
    if (text.startsWith(prefix) && text.length > prefix.length) return text.slice(prefix.length)
    throw new Error(`${prefix}<path>; this version keeps its data on this machine`)
  }

const clamd: Parse<ClamdAddress> = text => {
  if (/^unix:\/[^\0]+$/.test(text)) return { path: text.slice('unix:'.length) }
  const url = text.startsWith('tcp://') && URL.canParse(text) ? new URL(text) : undefined
  const plain = url && url.hostname !== '' && !url.username && !url.password && !url.search && !url.hash
  if (!url || !plain || !['', '/'].includes(url.pathname)) throw new Error('unix:/path/of/clamd.ctl or tcp://host:3310')
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 3310) }
}

const inspectPolicy: Parse<InspectPolicy> = text => {
  const { policy, mistakes } = parsePolicy(text)
  if (mistakes.length > 0) throw new Error(`code=severity, separated by commas (${mistakes.join('; ')})`)
  return policy
}

/** Every setting there is. `docs/operations.md` lists the same rows; a test compares. */
export const options = {
  dataDir: option('DATA_DIR', type.path, 'path', './data', 'Folder of the database, the sealed files and the keyring'),
  host: option('HOST', type.host, 'address', '127.0.0.1', 'Address to listen on'),
  port: option('PORT', type.port, 'port', '8080', 'Port to listen on; 0 takes any free one'),
  publicUrl: option(
    'PUBLIC_URL',
    optional(type.origin),
    'url',
    '',
    'Address people type; links in mails begin with it. Unset: http://localhost:<port>',
  ),
  database: option(
    'DATABASE_URL',
    optional(scheme('sqlite:')),
    'url',
    '',
    'sqlite:<path>. Unset: valise.sqlite in the data folder',
  ),
  storage: option(
    'STORAGE_URL',
    optional(scheme('file:')),
    'url',
    '',
    'file:<path> of the folder for sealed files. Unset: the data folder',
  ),
  keyring: neverEmpty(
    secret(
      option(
        'KEYRING',
        optional(text => text),
        'json',
        '',
        'The keyring itself as JSON. Unset: keyring.json in the data folder, made at first start',
      ),
    ),
  ),
  smtp: secret(
    option(
      'SMTP_URL',
      optional(relay),
      'url',
      '',
      'Mail relay, smtp://user:password@host:587 or smtps://…. Unset, on loopback only: mails are written to the data folder',
    ),
  ),
  mailFrom: option('MAIL_FROM', optional(sender), 'address', '', 'Sender of all mails; needed with SMTP_URL'),
  signup: option('SIGNUP', type.signup, 'open | invite | domains:…', 'open', 'Who may sign up as a client'),
  defaultAudience: option(
    'DEFAULT_AUDIENCE',
    type.oneOf('nobody', 'everyone'),
    'nobody | everyone',
    'nobody',
    'Who sees a new file when ops chose nobody',
  ),
  linkTtl: option('LINK_TTL', type.duration, 'duration', '10m', 'Life of a download link when none is asked for'),
  linkTtlMax: option('LINK_TTL_MAX', type.duration, 'duration', '24h', 'Longest life a client may ask for'),
  sessionIdle: option('SESSION_IDLE', type.duration, 'duration', '12h', 'A session unused this long ends'),
  sessionMax: option('SESSION_MAX', type.duration, 'duration', '30d', 'A session ends after this, used or not'),
  maxUpload: option('MAX_UPLOAD', type.bytes, 'size', '4GiB', 'Largest file that is taken'),
  expiredGrace: option('EXPIRED_GRACE', type.duration, 'duration', '30d', 'An expired file is erased after this'),
  remindBefore: option(
    'REMIND_BEFORE',
    type.duration,
    'duration',
    '2d',
    'Clients who have not fetched a file are reminded this long before it expires',
  ),
  inspectPolicy: option(
    'INSPECT_POLICY',
    inspectPolicy,
    'code=severity,…',
    '',
    'Severities to change; docs/inspection.md says which may be',
  ),
  clamd: option(
    'CLAMD_URL',
    optional(clamd),
    'url',
    '',
    'Malware scanner, unix:/run/clamav/clamd.ctl or tcp://host:3310. Unset: files are not scanned',
  ),
  trustedProxies: option(
    'TRUSTED_PROXIES',
    type.addresses,
    'addresses',
    'none',
    'Proxies whose X-Forwarded-For is believed',
  ),
  logLevel: option(
    'LOG_LEVEL',
    type.oneOf('silent', 'error', 'warn', 'info', 'debug'),
    'level',
    'info',
    'How much the log says',
  ),
} satisfies Record<string, Option<unknown>>

type Options = typeof options
type Parsed = { [K in keyof Options]: ReturnType<Options[K]['parse']> }

export type Config = Omit<Parsed, 'database' | 'storage'> & {
  database: string
  storage: string
  keyringFile: string
  /** Mails are written to a folder and shown on a page: only ever true when everything is loopback. */
  development: boolean
}

/** All that is wrong, in one go. `mistakes` are sentences for a terminal; none contains a secret. */
export class ConfigError extends Error {
  readonly mistakes: string[]
  constructor(mistakes: string[]) {
    super(`The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}`)
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}

/** Known to the tests, not to the server: no typo. */
const others = new Set(['VALISE_CORPUS', 'VALISE_FLOE_VECTORS'])

const PREFIX = 'VALISE_'
/** Longer than any setting: nobody has to compare whole books with them. */
const MOST_TYPED = 64

type Env = Record<string, string | undefined>

/** Reads every setting from `env` (each also as `…_FILE`). Throws ConfigError with all mistakes. */
export const readConfig = (env: Env): Config => {
  const mistakes: string[] = []
  const known = new Set(Object.values(options).flatMap(({ name }) => [name, `${name}_FILE`]))
  for (const name of Object.keys(env)) {
    if (name.startsWith(PREFIX) && !known.has(name) && !others.has(name)) {
      // Without the prefix, which all of them share and which would make everything near.
      const meant = nearest(
        name.slice(PREFIX.length, MOST_TYPED),
        [...known].map(one => one.slice(PREFIX.length)),
      )
      const advice = meant ? `. Did you mean ${PREFIX}${meant}?` : '; `valise config` lists them all'
      mistakes.push(`${name} is not a setting of this version${advice}`)
    }
  }
  const wrong = new Set<string>()
  const parsed = Object.fromEntries(
    Object.entries(options).map(([key, one]) => {
      const before = mistakes.length
      const value = parseOne<unknown>(one, env, mistakes)
      if (mistakes.length > before) wrong.add(key)
      return [key, value]
    }),
    // The same keys, each parsed by its own row: what TypeScript cannot follow through the entries.
  ) as Parsed
  for (const { of, mistake } of combinations) {
    // What could not be read says nothing about how it goes with the rest.
    const text = of.some(key => wrong.has(key)) ? undefined : mistake(parsed)
    if (text !== undefined) mistakes.push(text)
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  const dataDir = resolve(parsed.dataDir)
  return {
    ...parsed,
    dataDir,
    database: resolve(parsed.database ?? join(dataDir, 'valise.sqlite')),
    storage: resolve(parsed.storage ?? dataDir),
    keyringFile: join(dataDir, 'keyring.json'),
    development: parsed.smtp === undefined,
  }
}

const parseOne = <T>(of: Option<T>, env: Env, mistakes: string[]): T => {
  const fail = (text: string): T => {
    mistakes.push(text)
    // Never used: a mistake ends in ConfigError. The default keeps the other checks going.
    return of.parse(of.default)
  }
  const direct = env[of.name]
  const file = env[`${of.name}_FILE`]
  if (direct !== undefined && file !== undefined) return fail(`${of.name} and ${of.name}_FILE are both set; keep one`)
  let text = direct ?? of.default
  if (file !== undefined) {
    try {
      if (of.secret && openToOthers(file)) {
        return fail(`${of.name}_FILE: ${file} is open to other users of this machine; run chmod 600 on it`)
      }
      text = readFileSync(file, 'utf8').trimEnd()
    } catch {
      return fail(`${of.name}_FILE: ${file} cannot be read`)
    }
  }
  const given = direct !== undefined || file !== undefined
  if (of.neverEmpty && given && text === '') return fail(`${of.name} is set but empty; give it a value, or unset it`)
  try {
    return of.parse(text)
  } catch (error) {
    const shown = of.secret ? '(hidden)' : JSON.stringify(withoutPassword(text))
    return fail(`${of.name} is ${shown}; accepted is ${error instanceof Error ? error.message : 'something else'}`)
  }
}

/** Windows has no such bits; there the file's access list protects it. */
const openToOthers = (file: string): boolean => process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0

/** Of any URL, whether or not its setting takes one with credentials: somebody may try. */
const withoutPassword = (text: string): string => text.replace(/\/\/[^/\s]*@/, '//(hidden)@')

/** What is in force, one row per setting, secrets as `(set)`. */
export const describeConfig = (
  env: Env,
): { name: string; value: string; from: string; kind: string; default: string; help: string }[] =>
  Object.values(options).map(({ name, secret: hidden, kind, default: fallback, help }) => {
    const file = env[`${name}_FILE`]
    const from = file !== undefined ? `${name}_FILE` : env[name] !== undefined ? 'environment' : 'default'
    const value = file !== undefined ? `(from ${file})` : (env[name] ?? fallback)
    return {
      name,
      value: hidden && value !== '' ? '(set)' : withoutPassword(value),
      from,
      kind,
      default: fallback,
      help,
    }
  })

/** The only place that reads the process's environment. */
export const environment = (): Env => process.env
