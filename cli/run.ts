import { CommanderError } from 'commander'
import { exits } from './exit.ts'
import { createProgram } from './program.ts'
import { note } from './terminal.ts'

/** Runs one command line (as `process.argv`) and leaves its exit code in the process, which then ends by itself. */
export const run = async (argv: readonly string[]): Promise<void> => {
  // A reader that has enough (`valise list | head`) is no mistake.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const program = createProgram(async result => {
    process.exitCode = exits[await result].code
  })
  try {
    await program.parseAsync(idsLast(argv))
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exits.done.code : exits.usage.code
      return
    }
    const { explain } = await import('./explain.ts')
    const { exit, lines } = await explain(error)
    note(`valise: ${lines.join('\n')}`)
    if (exit === 'bug' && program.opts().debug && error instanceof Error) note(error.stack ?? '')
    process.exitCode = exits[exit].code
  }
}

/** One id in 64 begins with a hyphen; no option looks like an id. Behind `--` it cannot be taken for options. */
const idsLast = (argv: readonly string[]): string[] => {
  if (argv[2] !== 'get' || argv.includes('--')) return [...argv]
  const isId = (arg: string) => /^-[A-Za-z0-9_-]{21}$/.test(arg)
  const ids = argv.filter(isId)
  return ids.length === 0 ? [...argv] : [...argv.filter(arg => !isId(arg)), '--', ...ids]
}
