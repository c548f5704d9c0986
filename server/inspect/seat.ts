import { Worker } from 'node:worker_threads'
import { createClock } from './clock.ts'
import { collectFindings, type Verdict } from './finding.ts'
import type { FromWorker, ToWorker, WorkerData } from './messages.ts'
import { documentTypeOf } from './name.ts'
import type { InspectPolicy } from './policy.ts'
import { type Source, SourceFailure } from './source.ts'

/** Nothing the worker asks for is larger; what is was not asked by our code. */
const MAX_READ = 1024 * 1024
const YOUNG_MB = 32
const NO_CPU: NodeJS.CpuUsage = { user: 0, system: 0 }

export type SeatOptions = {
  timeoutMs: number
  memoryMb: number
  policy: InspectPolicy
  failed: (reason: string) => void
  /** The worker's module; tests put one there that misbehaves. */
  script: URL
}

/** One worker thread and at most one inspection in it. */
export type Seat = {
  run(name: string, source: Source): Promise<Verdict>
  close(): Promise<void>
}

const failedVerdict = (name: string, policy: InspectPolicy): Verdict => {
  const { report, findings } = collectFindings(policy)
  report('inspection_failed', '')
  return { verdict: 'refuse', type: documentTypeOf(name), findings: findings() }
}

/** Sending bytes takes all of their memory away from here: a copy when that is more than they are. */
const whole = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength
    ? new Uint8Array(bytes.buffer)
    : new Uint8Array(bytes)

/**
 * Starts its worker when it is first needed and again after it crashed or ran into a limit. The heap limit leaves room
 * below `memoryMb` for buffers, which V8 does not count and the readers bound themselves.
 */
export const createSeat = ({ timeoutMs, memoryMb, policy, failed, script }: SeatOptions): Seat => {
  let idle: Worker | undefined
  let stop: ((error: Error) => Promise<void>) | undefined

  const start = (): Worker => {
    const workerData: WorkerData = { policy }
    const worker = new Worker(script, {
      workerData,
      resourceLimits: {
        maxOldGenerationSizeMb: Math.floor(memoryMb / 2),
        maxYoungGenerationSizeMb: YOUNG_MB,
        stackSizeMb: 4,
      },
      // Whoever reads the server's environment or output in there gets nothing.
      env: {},
      stdout: true,
      stderr: true,
    })
    // A crash between two inspections; the next one starts a new worker. While one runs, its own listeners judge.
    worker.on('error', () => forget(worker))
    worker.on('exit', () => forget(worker))
    return worker
  }

  const forget = (worker: Worker): void => {
    if (idle === worker) idle = undefined
  }

  const run = (name: string, source: Source): Promise<Verdict> =>
    new Promise((resolve, reject) => {
      const fresh = idle === undefined
      const worker = idle ?? start()
      idle = undefined
      worker.ref()
      const before = fresh ? Promise.resolve(NO_CPU) : worker.cpuUsage()
      const reading: { failure?: unknown } = {}
      let settled = false
      const tell = (message: ToWorker): void => worker.postMessage(message)

      const settle = (settleWith: () => void, keep: boolean): void => {
        if (settled) return
        settled = true
        clock.stop()
        stop = undefined
        worker.off('message', onMessage).off('error', onError).off('exit', onExit)
        if (keep) {
          worker.unref()
          idle = worker
        } else void worker.terminate()
        settleWith()
      }
      const fail = (reason: string): void => {
        if (settled) return
        settle(() => resolve(failedVerdict(name, policy)), false)
        failed(reason)
      }
      /** On a busy machine time passes without the worker's getting any; only what it got is held against the file. */
      const spent = async (): Promise<number> => {
        const { user, system } = await worker.cpuUsage(await before)
        return (user + system) / 1000
      }
      const clock = createClock({
        limitMs: timeoutMs,
        spent,
        working: () => fail('the inspection took too long'),
        reading: () => settle(() => reject(new SourceFailure(new Error('reading took too long'))), false),
      })

      const answer = async (read: number, position: number, length: number): Promise<void> => {
        clock.readStarts()
        try {
          if (length > MAX_READ) throw new RangeError('the inspection asked for too much')
          const bytes = whole(await source.read(position, length))
          clock.readEnds()
          const message: ToWorker = { kind: 'bytes', read, bytes }
          worker.postMessage(message, [bytes.buffer])
        } catch (error) {
          reading.failure = error
          clock.readEnds()
          tell({ kind: 'unreadable', read })
        }
      }
      const onMessage = (message: FromWorker): void => {
        if (message.kind === 'read') void answer(message.read, message.position, message.length)
        else if (message.kind === 'unreadable') settle(() => reject(new SourceFailure(reading.failure)), true)
        else {
          settle(() => resolve(message.verdict), true)
          if (message.failure !== undefined) failed(message.failure)
        }
      }
      const onError = (error: unknown): void => fail(error instanceof Error ? error.message : String(error))
      const onExit = (code: number): void => fail(`the worker ended with ${code}`)

      worker.on('message', onMessage).on('error', onError).on('exit', onExit)
      stop = async error => {
        settle(() => reject(error), false)
        await worker.terminate()
      }
      tell({ kind: 'inspect', name, size: source.size })
    })

  return {
    run,
    close: async () => {
      await stop?.(new Error('the inspector was closed'))
      await idle?.terminate()
    },
  }
}
