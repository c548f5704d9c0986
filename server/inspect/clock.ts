/** After so many times the limit has passed on the wall, a worker that uses no CPU is stuck. */
const PATIENCE = 20

export type Clock = { readStarts(): void; readEnds(): void; stop(): void }

/**
 * Watches one inspection, in milliseconds. `working` is called when the worker has spent `limitMs` of CPU (`spent` tells
 * how much), or has been neither reading nor getting on for many times as long; `reading` when one spell of waiting for
 * the source took longer than `limitMs`, which is no fault of the file.
 */
export const createClock = ({
  limitMs,
  spent,
  working,
  reading,
}: {
  limitMs: number
  spent: () => Promise<number>
  working: () => void
  reading: () => void
}): Clock => {
  let stopped = false
  let reads = 0
  let turns = 0
  let left = limitMs
  let since = performance.now()
  let timer: NodeJS.Timeout | undefined

  const arm = (overdue: () => void, inMs: number): void => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(overdue, inMs)
  }

  const judge = async (): Promise<void> => {
    // A worker that cannot tell any more has ended, and says so itself.
    const cpu = await spent().catch(() => 0)
    turns++
    if (stopped || reads > 0) return
    if (cpu >= limitMs || turns >= PATIENCE) return working()
    work(Math.max(limitMs - cpu, limitMs / 10))
  }

  const work = (inMs: number): void => {
    left = inMs
    since = performance.now()
    arm(judge, inMs)
  }

  work(limitMs)
  return {
    readStarts: () => {
      if (reads++ > 0) return
      left -= performance.now() - since
      arm(reading, limitMs)
    },
    readEnds: () => {
      if (--reads === 0) work(Math.max(left, 1))
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}
