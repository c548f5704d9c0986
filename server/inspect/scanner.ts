import { type ClamdOptions, OverLimit, ScanUnavailable, type Signature, scanStream } from './clamd.ts'
import { overLimitProbe } from './over-limit.ts'

const DAY = 86_400_000

/** What the malware scanner says of one file. */
export type Scan =
  | { state: 'not_scanned' }
  | { state: 'clean' }
  | { state: 'hit'; signature: string }
  | { state: 'unavailable'; problem: string }

export type Scanner = (chunks: () => AsyncIterable<Uint8Array>, signal?: AbortSignal) => Promise<Scan>

/**
 * Asks clamd, once it has been proven to own up to its limits; that is proven again each day. Never rejects for want of a
 * scanner; rejects with what `chunks` throws and with the signal's reason. Without options nothing is scanned.
 */
export const createScanner = (options: ClamdOptions | undefined, now: () => number): Scanner => {
  if (options === undefined) return async () => ({ state: 'not_scanned' })
  let proven: { at: number; proof: Promise<void> } | undefined

  const prove = (): Promise<void> => {
    if (proven === undefined || now() - proven.at >= DAY) {
      const proof = proveLimits(options)
      proven = { at: now(), proof }
      proof.catch(() => {
        proven = undefined
      })
    }
    return proven.proof
  }

  return async (chunks, signal) => {
    try {
      await prove()
      const signature = await scanStream(options, chunks(), signal)
      return signature === undefined ? { state: 'clean' } : { state: 'hit', signature: printable(signature) }
    } catch (error) {
      if (!(error instanceof ScanUnavailable)) throw error
      return { state: 'unavailable', problem: error.message }
    }
  }
}

/** Throws ScanUnavailable when the scanner is not there, or would call a file clean that it has not looked at. */
export const proveLimits = async (options: ClamdOptions): Promise<void> => {
  const probe = overLimitProbe()
  let found: Signature
  try {
    found = await scanStream(options, one(probe))
  } catch (error) {
    if (error instanceof OverLimit) return
    throw error
  }
  if (found === undefined)
    throw new ScanUnavailable('it calls files clean that it has not looked at: set "AlertExceedsMax yes" in clamd.conf')
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Signature names come from a data base and go to people. */
const printable = (name: string): string => name.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
