import { parentPort, workerData } from 'node:worker_threads'
import { passing } from '../memory.ts'
import { inspect } from './inspect.ts'
import type { FromWorker, ToWorker, WorkerData } from './messages.ts'
import { type Source, SourceFailure } from './source.ts'

/**
 * The thread in which files are taken apart. It has no key and opens no file: it asks the main thread for the bytes of
 * the one file at hand, so that a flaw in a parser gains nothing but that file.
 */
const serve = (port: NonNullable<typeof parentPort>, { policy }: WorkerData): void => {
  const waiting = new Map<number, { resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void }>()
  let reads = 0
  const say = (message: FromWorker): void => port.postMessage(message)

  const remote = (size: number): Source => ({
    size,
    read: (position, length) =>
      new Promise((resolve, reject) => {
        const read = ++reads
        waiting.set(read, { resolve, reject })
        say({ kind: 'read', read, position, length })
      }),
  })

  const run = async (name: string, size: number): Promise<void> => {
    const failure: { text?: string } = {}
    const failed = (error: unknown): void => {
      failure.text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    }
    try {
      const verdict = await inspect({ name, source: remote(size), policy, failed })
      say({ kind: 'verdict', verdict, failure: failure.text })
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error
      say({ kind: 'unreadable' })
    }
  }

  port.on('message', (message: ToWorker) => {
    if (message.kind === 'inspect') return void run(message.name, message.size)
    const read = waiting.get(message.read)
    waiting.delete(message.read)
    if (message.kind === 'bytes') {
      passing(message.bytes.length)
      read?.resolve(message.bytes)
    } else read?.reject(new Error('the source failed'))
  })
}

if (parentPort !== null) serve(parentPort, workerData)
