import { ConfigError, environment } from './config.ts'
import { InUseError } from './in-use.ts'

/**
 * Runs the server as this process: exit code 0 after SIGTERM or SIGINT, 1 after anything else, 2 for a configuration that
 * must be mended first. Nothing else in the code ends the process.
 */
export const main = async (): Promise<void> => {
  // Before the first line is printed: whoever waits for it may want us to stop at once. Each may come twice, from a terminal
  // and from npm, and the second must not cut off what the first lets finish.
  const told = new Promise<void>(resolve => {
    process.on('SIGTERM', () => resolve())
    process.on('SIGINT', () => resolve())
  })
  const { serve } = await import('./serve.ts')
  try {
    const running = await serve({ env: environment(), print: line => process.stdout.write(`${line}\n`) })
    await told
    await running.stop()
    process.exit(0)
  } catch (error) {
    fail(error)
  }
}

/** Ends the process because the server could not start, with what to do about it on standard error: 2 for settings, else 1. */
export const fail = (error: unknown): void => {
  const lines =
    error instanceof ConfigError
      ? [`${error.message}:`, ...error.mistakes.map(mistake => `  - ${mistake}`)]
      : [plain(error)]
  process.stderr.write(`${lines.join('\n')}\n`)
  process.exit(error instanceof ConfigError ? 2 : 1)
}

const plain = (error: unknown): string => {
  if (!(error instanceof Error)) return 'Valise could not start'
  if (error instanceof InUseError) return error.message
  if ('code' in error && error.code === 'EADDRINUSE') {
    const port = 'port' in error ? `port ${error.port}` : 'this port'
    return `Something already listens on ${port}. Stop it, or choose another with VALISE_PORT.`
  }
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return `Valise could not start: ${error.message}${cause}`
}
