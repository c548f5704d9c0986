import { ConfigError } from '../server/config.ts'
import { InUseError } from '../server/in-use.ts'
import { CliError, type Exit, exitOf } from './exit.ts'
import { clean } from './terminal.ts'

/** What to say about an error, and how to end. Never a stack; that is what `--debug` is for. */
export const explain = async (error: unknown): Promise<{ exit: Exit; lines: string[] }> => {
  if (error instanceof CliError) return { exit: error.exit, lines: [error.message] }
  if (error instanceof ConfigError) {
    return { exit: 'usage', lines: [`${error.message}:`, ...error.mistakes.map(mistake => `  - ${clean(mistake)}`)] }
  }
  if (error instanceof InUseError) return { exit: 'conflict', lines: [clean(error.message)] }
  if (isSystemError(error)) return { exit: 'usage', lines: [`${clean(error.message)}.`] }
  // Loaded only here: commands that speak to a server never need them.
  const [{ AppError }, { mapError }] = await Promise.all([
    import('../server/errors.ts'),
    import('../server/map-error.ts'),
  ])
  const known = error instanceof AppError ? error : mapError(error)
  if (known) {
    const said = clean(known.message)
    return { exit: exitOf[known.code], lines: [/[.!?]$/.test(said) ? said : `${said}.`] }
  }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return {
    exit: 'bug',
    lines: [
      `Something unexpected happened (${clean(what)}).`,
      'Run the command again with --debug and report what it says.',
    ],
  }
}

/** Files, folders and ports of this machine: Node's own text names the operation and the path. */
const isSystemError = (error: unknown): error is Error & { syscall: string } =>
  error instanceof Error && 'syscall' in error && typeof error.syscall === 'string'
