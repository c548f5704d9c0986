import { setTimeout as pause } from 'node:timers/promises'
import { CliError } from '../exit.ts'
import { RefusedError } from './problem.ts'

/** Milliseconds between tries; after the last one the command ends. Progress begins them anew. */
const DELAYS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000]

/** What went wrong, and when it is tried again. */
export type Again = { error: CliError; milliseconds: number }

type Persist = { attempt: () => Promise<void>; progress: () => number; onTrouble: (again: Again) => void }

/**
 * Tries until it works. Ends at once for what no further try can mend, and otherwise after a minute without progress, with a
 * sentence that says that nothing is lost.
 */
export const persist = async ({ attempt, progress, onTrouble }: Persist): Promise<void> => {
  let reached = -1
  for (let tries = 0; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof CliError) || !mayMend(error)) throw error
      if (progress() > reached) tries = 0
      reached = Math.max(reached, progress())
      const milliseconds = DELAYS[tries]
      if (milliseconds === undefined) throw reached > 0 ? withHope(error) : error
      onTrouble({ error, milliseconds })
      await pause(milliseconds)
    }
  }
}

/** The network, and a server that is busy, restarting, or still holds an older request. */
const mayMend = (error: CliError): boolean =>
  error instanceof RefusedError
    ? ['conflict', 'unavailable', 'internal'].includes(error.code)
    : error.exit === 'unreachable'

const withHope = (error: CliError): CliError =>
  new CliError(
    error.exit,
    `${error.message} What has arrived is kept for a day: the same command goes on from there.`,
    {
      cause: error,
    },
  )
