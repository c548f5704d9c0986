import type { Db } from './db/schema.ts'

export type Job = {
  name: string
  /** Milliseconds between runs. */
  every: number
  run: () => Promise<unknown>
}

type Needs = { db: Db; now: () => number; jobs: Job[]; onFailure: (name: string, error: unknown) => void }

/**
 * Periodic work. Each run first takes a lease in the database, in one statement, so that of several processes one does it.
 * The first run comes one interval after `start`.
 */
export const createJobs = ({ db, now, jobs, onFailure }: Needs) => {
  const timers: NodeJS.Timeout[] = []
  const running = new Set<Promise<void>>()

  const lease = (job: Job): Promise<boolean> =>
    db.write(async tx => {
      const until = String(now() + job.every - 1000).padStart(16, '0')
      const taken = await tx
        .insertInto('meta')
        .values({ name: `job:${job.name}`, value: until })
        .onConflict(on =>
          on.column('name').doUpdateSet({ value: until }).where('meta.value', '<', String(now()).padStart(16, '0')),
        )
        .returning('name')
        .executeTakeFirst()
      return taken !== undefined
    })

  const once = async (job: Job): Promise<void> => {
    try {
      if (await lease(job)) await job.run()
    } catch (error) {
      onFailure(job.name, error)
    }
  }

  return {
    start: (): void => {
      for (const job of jobs) {
        const timer = setInterval(() => {
          const run = once(job).finally(() => running.delete(run))
          running.add(run)
        }, job.every)
        timer.unref()
        timers.push(timer)
      }
    },
    /** Resolves when what is running has ended. */
    stop: async (): Promise<void> => {
      for (const timer of timers) clearInterval(timer)
      await Promise.all(running)
    },
  }
}
