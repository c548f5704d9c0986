import { INSPECT_WORKER } from '../places.ts'
import type { Verdict } from './finding.ts'
import type { InspectPolicy } from './policy.ts'
import { createSeat, type Seat } from './seat.ts'
import type { Source } from './source.ts'

/** More files wait already than can be looked at in reasonable time: a matter of load, nothing about this file. */
export class InspectorBusy extends Error {
  constructor() {
    super('too many files wait for inspection')
    this.name = 'InspectorBusy'
  }
}

export type Inspector = {
  /**
   * Judges one file in a worker. Rejects with `SourceFailure` if `source` cannot be read, `InspectorBusy` if too many
   * wait, and an Error if the inspector is closed meanwhile; none of these says anything about the file. Crashes and
   * limits of time and memory are verdicts: refused, `inspection_failed`.
   */
  inspect(name: string, source: Source): Promise<Verdict>
  close(): Promise<void>
}

export type InspectorOptions = {
  /** Threads, and so files looked at in the same moment. */
  workers?: number
  /** Of a worker's own time for one file; waiting for the source does not count. */
  timeoutMs?: number
  memoryMb?: number
  /** Files that may wait for a worker. */
  queue?: number
  policy?: InspectPolicy
  /** Is told why a verdict is `inspection_failed`, for the log. Names no content. */
  failed?: (reason: string) => void
  script?: URL
}

type Job = { name: string; source: Source; resolve: (verdict: Verdict) => void; reject: (error: unknown) => void }

/** Inspects files in worker threads, started when first needed. */
export const createInspector = ({
  workers = 1,
  timeoutMs = 60_000,
  memoryMb = 256,
  queue = 256,
  policy = {},
  failed = () => {},
  script = INSPECT_WORKER,
}: InspectorOptions = {}): Inspector => {
  const seats = Array.from({ length: workers }, () => createSeat({ timeoutMs, memoryMb, policy, failed, script }))
  const free: Seat[] = [...seats]
  const waiting: Job[] = []
  let closed = false

  const next = (): void => {
    const seat = waiting.length > 0 ? free.pop() : undefined
    const job = seat && waiting.shift()
    if (seat === undefined || job === undefined) return
    seat
      .run(job.name, job.source)
      .finally(() => {
        free.push(seat)
        next()
      })
      .then(job.resolve, job.reject)
  }

  return {
    inspect: (name, source) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Error('the inspector was closed'))
        if (waiting.length >= queue) return reject(new InspectorBusy())
        waiting.push({ name, source, resolve, reject })
        next()
      }),
    close: async () => {
      closed = true
      for (const { reject } of waiting.splice(0)) reject(new Error('the inspector was closed'))
      await Promise.all(seats.map(seat => seat.close()))
    },
  }
}
