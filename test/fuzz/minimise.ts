import { type Candidate, judge } from './oracle.ts'

const kindOf = (fault: string | undefined): string => (fault ?? '').split(':', 1)[0] ?? ''

/** A smaller file with the same kind of fault, as far as cutting pieces out leads within `attempts` inspections. */
export const minimise = async (candidate: Candidate, fault: string, attempts = 300): Promise<Candidate> => {
  let best = candidate
  let left = attempts
  for (let size = candidate.bytes.length >> 1; size >= 1 && left > 0; size >>= 1)
    for (let at = 0; at < best.bytes.length && left > 0; left--) {
      const bytes = Buffer.concat([best.bytes.subarray(0, at), best.bytes.subarray(at + size)])
      const outcome = await judge({ name: candidate.name, bytes })
      if (kindOf(outcome.fault) === kindOf(fault)) best = { name: candidate.name, bytes }
      else at += size
    }
  return best
}
