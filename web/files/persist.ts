import { isProblem, ProblemError, type SentFile } from '../api.ts'
import { forget, recall, remember } from './resumable.ts'
import { type Progress, upload } from './upload.ts'

/** Milliseconds until the next try; the last one repeats. */
const DELAYS = [1000, 2000, 5000, 10_000, 30_000]

type Persist = {
  signal: AbortSignal
  onAddress: (address: string) => void
  onProgress: (progress: Progress) => void
  /** The connection is lost; `again` tries at once instead of in a while. */
  onLost: (again: () => void) => void
}

/**
 * Sends a document, going on where this browser was cut off before, and trying again for as long as the page is open when the
 * connection is lost. Rejects as `upload` does with what trying again cannot mend; what has arrived is kept for a day.
 */
export const persist = async (document: File, { onLost, onAddress, ...rest }: Persist): Promise<SentFile> => {
  for (let tries = 0; ; tries++) {
    const known = recall(document)
    let moved = false
    try {
      const file = await upload(document, {
        ...rest,
        known,
        onAddress: address => {
          remember(document, address)
          onAddress(address)
        },
        onProgress: progress => {
          moved = true
          rest.onProgress(progress)
        },
      })
      forget(document)
      return file
    } catch (error) {
      if (rest.signal.aborted || !(error instanceof ProblemError)) throw error
      if (isOver(error)) forget(document)
      // What was remembered is no longer there: from the beginning, without a word.
      if (known !== undefined && isProblem(error, 'gone')) continue
      if (!mayMend(error)) throw error
      if (moved) tries = 0
      await pause(DELAYS[Math.min(tries, DELAYS.length - 1)] ?? 0, rest.signal, onLost)
    }
  }
}

const isOver = (error: ProblemError): boolean =>
  ['gone', 'file_refused', 'invalid_request', 'too_large', 'not_found'].includes(error.code)

/** The network, a busy server, or one that still holds an older request of ours. */
const mayMend = (error: ProblemError): boolean => ['offline', 'unavailable', 'conflict'].includes(error.code)

/** Ends after so many milliseconds, when the network is back, when somebody asks for it, or with the signal. */
const pause = (milliseconds: number, signal: AbortSignal, onLost: (again: () => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      window.removeEventListener('online', again)
      signal.removeEventListener('abort', stop)
    }
    const again = () => {
      end()
      resolve()
    }
    const stop = () => {
      end()
      reject(signal.reason)
    }
    const timer = setTimeout(again, milliseconds)
    window.addEventListener('online', again)
    signal.addEventListener('abort', stop)
    onLost(again)
  })
