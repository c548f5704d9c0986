/** Keys with a counter of their own, per bucket. */
const OWN = 16_384
/** Counters that all further keys share, per bucket. */
const SHARED = 4096

/**
 * Bounds how many counters a bucket has, whatever is thrown at it: the first 16,384 live keys have one each, and keep it
 * until their window ends; while there are that many, further keys share 4,096 counters by hash. So a flood of made-up keys
 * costs a fixed amount of memory, cannot push out the counter of an account under attack, and fails closed: newcomers may
 * find a shared counter used up. (Dropping the oldest instead would hand out fresh guesses for the price of a flood.)
 */
export const createKeys = ({ seconds, now }: { seconds: number; now: () => number }) => {
  /** Until when each key's window runs; all windows are equally long, so the map is in the order of their ends. */
  const own = new Map<string, number>()

  const forgetEnded = (): void => {
    const time = now()
    for (const [key, until] of own) {
      if (until > time) return
      own.delete(key)
    }
  }

  return {
    /** The name of the counter for a key that is about to be counted. */
    counterFor: (key: string): string => {
      forgetEnded()
      if (own.has(key)) return `own:${key}`
      if (own.size >= OWN) return `shared:${hash(key) % SHARED}`
      own.set(key, now() + seconds * 1000)
      return `own:${key}`
    },
    /** The key's own counter; undefined if it has none. */
    ownCounterOf: (key: string): string | undefined => {
      forgetEnded()
      return own.has(key) ? `own:${key}` : undefined
    },
  }
}

/** FNV-1a, 32 bit: spreads keys evenly; whoever aims at one counter gains nothing over filling them all. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}
