import { type Logger, pino } from 'pino'

/** Anything of these names never reaches the log, wherever it hides. */
const secrets = ['password', 'token', 'authorization', 'cookie', 'access_token', 'download_link', 'smtp']

/** Lines of JSON on standard error: standard output belongs to what the command says to people. */
export const createLog = (level: string): Logger =>
  pino(
    { level, base: undefined, redact: { paths: secrets.flatMap(name => [name, `*.${name}`]), censor: '(hidden)' } },
    pino.destination({ fd: 2, sync: true }),
  )
