/** Too much of this work waits already: callers answer 503 with Retry-After. */
export class BusyError extends Error {
  override readonly name = 'BusyError'

  constructor() {
    super('too many requests of this kind are waiting')
  }
}

/** Who asks: `known` is a device that signed in to this account before; everybody else shares the other lane. */
export type Lane = 'known' | 'unknown'

/**
 * Runs expensive work `slots` at a time with at most `queue` waiting, and keeps half of both for known devices
 * (security.md, "Decided"), so that a flood of guesses cannot lock out people who were here before:
 * strangers hold at most half of the slots (but one) and half of the queue, known devices may hold all. Where both wait
 * for one free slot they take turns.
 */
export function createLanes(limits: { slots: number; queue: number }) {
  const capacity = {
    known: { running: limits.slots, waiting: limits.queue },
    unknown: { running: Math.ceil(limits.slots / 2), waiting: Math.floor(limits.queue / 2) },
  }
  const waiting: Record<Lane, (() => void)[]> = { known: [], unknown: [] }
  const running = { known: 0, unknown: 0 }
  let served: Lane = 'unknown'

  const free = (lane: Lane) => running.known + running.unknown < limits.slots && running[lane] < capacity[lane].running
  const full = (lane: Lane) =>
    waiting.known.length + waiting.unknown.length >= limits.queue || waiting[lane].length >= capacity[lane].waiting

  function admitNext(): void {
    const order: readonly Lane[] = served === 'known' ? ['unknown', 'known'] : ['known', 'unknown']
    for (const lane of order) {
      if (waiting[lane].length === 0 || !free(lane)) continue
      served = lane
      running[lane] += 1
      waiting[lane].shift()?.()
      return
    }
  }

  return {
    /** @throws BusyError at once when the lane's queue is full; otherwise what `work` returns or throws. */
    async run<Result>(lane: Lane, work: () => Promise<Result>): Promise<Result> {
      if (waiting[lane].length === 0 && free(lane)) {
        running[lane] += 1
        served = lane
      } else if (full(lane)) {
        throw new BusyError()
      } else {
        await new Promise<void>(admit => waiting[lane].push(admit))
      }
      try {
        return await work()
      } finally {
        running[lane] -= 1
        admitNext()
      }
    },
  }
}
